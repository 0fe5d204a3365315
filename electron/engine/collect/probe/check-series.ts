import { METRIC_NAME, labelsFrom, labelsKey } from '../../../../shared/model/labels.ts';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { CheckConfig } from '../../config/configuration.ts';
import type { SampleSink } from '../sample-sink.ts';
import type { CheckState } from './check-state.ts';
import type { ProbeSample } from './probe.ts';

/** Writes the results of one check as series and ends those that a result no longer has. */
export interface CheckSeries {
  write(samples: readonly ProbeSample[], state: CheckState, timestampMs: number): void;
  /** The check is no longer wanted: end all its series. */
  end(timestampMs: number): void;
}

const STATES: readonly CheckState[] = ['up', 'degraded', 'down', 'unknown'];

export function createCheckSeries(check: CheckConfig, sink: SampleSink): CheckSeries {
  const own = checkLabels(check);
  const refs = new Map<string, number>();
  let live = new Set<number>();

  const refOf = ({ name, labels }: Omit<ProbeSample, 'value'>): number => {
    const all = labelsFrom([...Object.entries(own), ...Object.entries(labels), [METRIC_NAME, name]]);
    const key = labelsKey(all);
    const ref = refs.get(key) ?? sink.ref(all);
    refs.set(key, ref);
    return ref;
  };
  const endAllBut = (kept: ReadonlySet<number>, timestampMs: number): void => {
    for (const ref of live) if (!kept.has(ref)) sink.appendStale(ref, timestampMs);
  };

  return {
    write(samples, state, timestampMs) {
      const written = new Set<number>();
      for (const sample of samples) {
        const ref = refOf(sample);
        if (written.has(ref)) continue;
        written.add(ref);
        sink.append(ref, timestampMs, sample.value);
      }
      for (const one of STATES) {
        const ref = refOf({ name: 'vedette_check_state', labels: { state: one } });
        written.add(ref);
        sink.append(ref, timestampMs, one === state ? 1 : 0);
      }
      endAllBut(written, timestampMs);
      live = written;
    },
    end(timestampMs) {
      endAllBut(new Set(), timestampMs);
      live = new Set();
    },
  };
}

/** The labels that tell a check's series apart: `job="check"`, `check` its name, `instance` its URL, and its own. */
export function checkLabels({ name, labels, http }: CheckConfig): LabelRecord {
  const url = new URL(http.url);
  url.username = '';
  url.password = '';
  return { job: 'check', instance: url.href, check: name, ...labels };
}
