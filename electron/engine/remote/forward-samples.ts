import { labelPairs, labelsFrom, type LabelRecord, type Labels } from '../../../shared/model/labels.ts';
import type { RowSink } from '../collect/sample-sink.ts';
import type { MetricStore } from '../store/metrics/index.ts';
import type { QueuedRequest } from './remote-queue.ts';
import { compressSnappy } from './snappy.ts';
import { writeRequest, type OutgoingSeries } from './write-request.ts';

/** A sink that stores, and remembers for remote write what was stored. */
export interface ForwardingSink extends RowSink {
  /** Begin or end to remember. */
  setActive(isActive: boolean): void;
  /** Everything stored since the last call, as requests of at most so many samples. */
  take(mostSamples: number, externalLabels: LabelRecord): Omit<QueuedRequest, 'id'>[];
}

type Sample = OutgoingSeries['samples'][number];

/** Only what the store took is sent on: a receiver may refuse a whole request for one sample that is out of order. */
export function forwardSamples(
  store: Pick<MetricStore, 'ref' | 'append' | 'appendRow' | 'appendStale' | 'labelsOf' | 'refused'>,
): ForwardingSink {
  let isActive = false;
  let remembered = new Map<number, Sample[]>();

  function remember(ref: number, sample: Sample): void {
    const samples = remembered.get(ref);
    if (samples === undefined) remembered.set(ref, [sample]);
    else samples.push(sample);
  }

  /** Whether the store takes what `write` writes. */
  function isTaken(write: () => void): boolean {
    const before = store.refused();
    write();
    const after = store.refused();
    return (
      after.tooOld === before.tooOld &&
      after.conflicting === before.conflicting &&
      after.beyondLimit === before.beyondLimit
    );
  }

  function append(ref: number, timestampMs: number, value: number): void {
    if (!isActive) store.append(ref, timestampMs, value);
    else if (isTaken(() => store.append(ref, timestampMs, value)))
      remember(ref, { timestampMs, value, isStale: false });
  }

  return {
    ref: (labels) => store.ref(labels),
    append,
    appendRow(refs, timestampMs, values) {
      if (!isActive) store.appendRow(refs, timestampMs, values);
      else for (const [i, value] of values.entries()) append(refs[i] as number, timestampMs, value); // of one length
    },
    appendStale(ref, timestampMs) {
      if (!isActive) store.appendStale(ref, timestampMs);
      else if (isTaken(() => store.appendStale(ref, timestampMs)))
        remember(ref, { timestampMs, value: NaN, isStale: true });
    },
    setActive(next) {
      isActive = next;
      if (!next) remembered = new Map();
    },
    take(mostSamples, externalLabels) {
      const taken = remembered;
      remembered = new Map();
      const requests: Omit<QueuedRequest, 'id'>[] = [];
      let series: OutgoingSeries[] = [];
      let samples = 0;
      const finish = (): void => {
        if (samples > 0) requests.push({ samples, body: compressSnappy(writeRequest(series)) });
        series = [];
        samples = 0;
      };
      for (const [ref, list] of taken) {
        const own = store.labelsOf(ref);
        if (own === null) continue; // refused as a whole, so that nothing of it was stored
        const labels = withExternal(own, externalLabels);
        const sorted = list.length === 1 ? list : [...list].sort((a, b) => a.timestampMs - b.timestampMs);
        for (let from = 0; from < sorted.length; from += mostSamples) {
          const part = sorted.slice(from, from + mostSamples);
          if (samples + part.length > mostSamples) finish();
          series.push({ labels, samples: part });
          samples += part.length;
        }
      }
      finish();
      return requests;
    },
  };
}

/** A label of the series wins over an external one. Source: Prometheus manual, `external_labels`. */
function withExternal(labels: Labels, external: LabelRecord): Labels {
  const added = Object.entries(external);
  return added.length === 0 ? labels : labelsFrom([...added, ...labelPairs(labels)]);
}
