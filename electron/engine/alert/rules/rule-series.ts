import { METRIC_NAME, withLabels, type Labels } from '../../../../shared/model/labels.ts';
import type { SampleSink } from '../../collect/sample-sink.ts';
import type { AlertingState } from './alerting-state.ts';
import type { RuleSample } from './rule-query.ts';

/** The series that an alerting rule writes about itself: ALERTS is 1, ALERTS_FOR_STATE since when it is active, in seconds. */
export function alertSeries(state: AlertingState): RuleSample[] {
  return [...state.values()].flatMap((alert) => {
    if (alert.stage === 'inactive') return [];
    const named = (name: string, more: Readonly<Record<string, string>>): Labels =>
      withLabels(alert.labels, { [METRIC_NAME]: name, ...more });
    return [
      { labels: named('ALERTS', { alertstate: alert.stage }), value: 1 },
      { labels: named('ALERTS_FOR_STATE', {}), value: Math.floor(alert.activeAt / 1000) },
    ];
  });
}

/** Writes the series of one rule and marks those that it no longer gives. */
export interface RuleSeriesWriter {
  write(samples: readonly RuleSample[], timestampMs: number): void;
  /** The rule is gone: all its series end. */
  end(timestampMs: number): void;
}

export function createRuleSeriesWriter(sink: SampleSink): RuleSeriesWriter {
  let previous = new Set<number>();
  const finish = (current: Set<number>, timestampMs: number): void => {
    for (const ref of previous) if (!current.has(ref)) sink.appendStale(ref, timestampMs);
    previous = current;
  };
  return {
    write(samples, timestampMs) {
      const current = new Set<number>();
      for (const { labels, value } of samples) {
        const ref = sink.ref(labels);
        sink.append(ref, timestampMs, value);
        current.add(ref);
      }
      finish(current, timestampMs);
    },
    end(timestampMs) {
      finish(new Set(), timestampMs);
    },
  };
}
