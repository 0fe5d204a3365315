import type { Labels } from '../../../shared/model/labels.ts';
import { labelsKey } from '../../../shared/model/labels.ts';
import type { SampleSink } from '../collect/sample-sink.ts';

/** Samples on their way to another thread: the label sets that are new, then the samples as columns. */
export interface SampleBatch {
  /** Refs are the sender's; those of `newSeries` continue where the last batch ended. */
  readonly newSeries: readonly Labels[];
  readonly refs: Uint32Array;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /** 1 where the sample is a stale marker. */
  readonly stale: Uint8Array;
}

export interface RemoteSink extends SampleSink {
  /** Everything appended since the last call; null when there is nothing. */
  take(): SampleBatch | null;
  /** Forget what the receiver knows: it has been started again. */
  reset(): void;
}

/**
 * A sink that gathers samples for a store in another thread.
 *
 * @param onFirst called for the first sample after each {@link RemoteSink.take}: there is something to take again
 */
export function createRemoteSink(onFirst: () => void = () => undefined): RemoteSink {
  const known = new Map<string, number>();
  const series: Labels[] = [];
  let announced = 0;
  let refs: number[] = [];
  let timestamps: number[] = [];
  let values: number[] = [];
  let stale: number[] = [];

  const push = (ref: number, timestampMs: number, value: number, isStale: 0 | 1): void => {
    if (refs.length === 0) onFirst();
    refs.push(ref);
    timestamps.push(timestampMs);
    values.push(value);
    stale.push(isStale);
  };
  return {
    ref(labels) {
      const key = labelsKey(labels);
      const existing = known.get(key);
      if (existing !== undefined) return existing;
      known.set(key, series.length);
      series.push(labels);
      return series.length - 1;
    },
    append: (ref, timestampMs, value) => push(ref, timestampMs, value, 0),
    appendStale: (ref, timestampMs) => push(ref, timestampMs, 0, 1),
    take() {
      if (refs.length === 0) return null;
      const batch: SampleBatch = {
        newSeries: series.slice(announced),
        refs: Uint32Array.from(refs),
        timestamps: Float64Array.from(timestamps),
        values: Float64Array.from(values),
        stale: Uint8Array.from(stale),
      };
      announced = series.length;
      [refs, timestamps, values, stale] = [[], [], [], []];
      return batch;
    },
    reset() {
      announced = 0;
    },
  };
}

/** The other end: write batches of one sender into a sink. */
export function createBatchReceiver(sink: SampleSink): (batch: SampleBatch) => void {
  const refs: number[] = [];
  return (batch) => {
    for (const labels of batch.newSeries) refs.push(sink.ref(labels));
    batch.refs.forEach((sent, i) => {
      const ref = refs[sent];
      if (ref === undefined) throw new Error(`A batch names series ${sent}, which was never announced.`);
      const timestampMs = batch.timestamps[i] as number;
      if (batch.stale[i] === 1) sink.appendStale(ref, timestampMs);
      else sink.append(ref, timestampMs, batch.values[i] as number);
    });
  };
}
