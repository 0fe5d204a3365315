import { METRIC_NAME, labelsFrom } from '../../../../shared/model/labels.ts';
import type { LabelRecord, Labels } from '../../../../shared/model/labels.ts';
import { probeTarget } from '../../config/index.ts';
import type { CheckConfig } from '../../config/index.ts';
import type { SampleSink } from '../sample-sink.ts';
import type { CheckState } from './check-state.ts';
import type { ProbeSample } from './probe.ts';

/** Writes the results of one check as series and ends those that a result no longer has. */
export interface CheckSeries {
  write(samples: readonly ProbeSample[], judged: JudgedState, timestampMs: number): void;
  /** Say the judged state again, between two results: it holds for longer than a query looks back. */
  repeat(judged: JudgedState, timestampMs: number): void;
  /** The check is no longer wanted: end all its series. */
  end(timestampMs: number): void;
}

/** What rules see of a check beside what its probe measured. */
export interface JudgedState {
  readonly state: CheckState;
  readonly isHeldDown: boolean;
  readonly isFlapping: boolean;
  readonly isInMaintenance: boolean;
}

const STATES: readonly CheckState[] = ['up', 'degraded', 'down', 'unreachable', 'unknown'];

export function createCheckSeries(check: CheckConfig, sink: SampleSink): CheckSeries {
  const own = checkLabels(check);
  /** The series of the last result, by their labels. */
  let live = new Map<string, number>();

  const labelsOf = ({ name, labels }: ProbeSample): Labels =>
    labelsFrom([...Object.entries(own), ...Object.entries(labels), [METRIC_NAME, name]]);
  const endAllBut = (kept: ReadonlyMap<string, number>, timestampMs: number): void => {
    for (const [key, ref] of live) if (!kept.has(key)) sink.appendStale(ref, timestampMs);
  };

  return {
    repeat(judged, timestampMs) {
      for (const sample of stateSamples(judged)) {
        const ref = live.get(keyOf(sample));
        if (ref !== undefined) sink.append(ref, timestampMs, sample.value);
      }
    },
    write(samples, judged, timestampMs) {
      const written = new Map<string, number>();
      for (const sample of [...samples, ...stateSamples(judged)]) {
        const key = keyOf(sample);
        if (written.has(key)) continue; // a document may name a component twice
        const ref = live.get(key) ?? sink.ref(labelsOf(sample));
        written.set(key, ref);
        sink.append(ref, timestampMs, sample.value);
      }
      endAllBut(written, timestampMs);
      live = written;
    },
    end(timestampMs) {
      endAllBut(new Map(), timestampMs);
      live = new Map();
    },
  };
}

/** Tells the samples of one check apart; sorting the labels of every sample of every result would cost more than this. */
function keyOf({ name, labels }: ProbeSample): string {
  let key = name;
  for (const label in labels) key += `\n${label}\n${labels[label] ?? ''}`;
  return key;
}

function stateSamples({ state, isHeldDown, isFlapping, isInMaintenance }: JudgedState): ProbeSample[] {
  const flag = (name: string, isSet: boolean): ProbeSample => ({ name, labels: {}, value: isSet ? 1 : 0 });
  return [
    ...STATES.map((one) => ({ name: 'vedette_check_state', labels: { state: one }, value: one === state ? 1 : 0 })),
    flag('vedette_check_down', isHeldDown),
    flag('vedette_check_flapping', isFlapping),
    flag('vedette_check_in_maintenance', isInMaintenance),
  ];
}

/** The labels that tell a check's series apart: `job="check"`, `check` its name, `instance` whom it asks, and its own. */
export function checkLabels({ name, labels, probe }: CheckConfig): LabelRecord {
  return { job: 'check', instance: probeTarget(probe).address, check: name, ...labels };
}
