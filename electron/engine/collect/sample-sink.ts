import type { Labels } from '../../../shared/model/labels.ts';

/** Where collected samples go. The metrics store is one; a test's array is another. Timestamps are epoch milliseconds. */
export interface SampleSink {
  /** A small number that stands for the series, valid until the sink closes; the same labels give the same number. */
  ref(labels: Labels): number;
  append(ref: number, timestampMs: number, value: number): void;
  /** Mark the end of the series: it is absent from `timestampMs` on. */
  appendStale(ref: number, timestampMs: number): void;
}

/** A sink that takes a whole scrape at once. */
export interface RowSink extends SampleSink {
  /** What `append` for each of `refs` would do, with the value at the same place. */
  appendRow(refs: Float64Array, timestampMs: number, values: Float64Array): void;
}
