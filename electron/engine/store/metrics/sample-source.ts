import type { Labels } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';

/** The samples of one series in ascending time: epoch milliseconds and values. Stale markers: see shared/model/stale-marker.ts. */
export interface SeriesColumns {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /**
   * How many collected samples each value stands for, where some come from rollups; left out where each is one. A share of
   * a bucket may be a fraction, and a value that only marks a reset stands for none.
   */
  readonly weights?: Float64Array;
}

/** What of a series a function looks at, so that a rollup can stand in for the samples. */
export type SampleUse = 'newest' | 'growth' | 'mean' | 'min' | 'max' | 'every';

/**
 * How the samples will be read: windows `(t - rangeMs, t]` for t from `firstMs` on, `stepMs` apart (0 for a single one).
 * A source without rollups may ignore it.
 */
export interface SelectHint {
  readonly use: SampleUse;
  readonly firstMs: number;
  readonly stepMs: number;
  readonly rangeMs: number;
}

/** What a query reads. Both ends of a time range are inclusive, in epoch milliseconds. */
export interface SampleSource {
  /** Every series that matches and has samples in the range, in no particular order. */
  select(matchers: readonly Matcher[], startMs: number, endMs: number, hint?: SelectHint): SeriesColumns[];
  /**
   * The same one series after the other, so that a query over many series need not hold them all: its columns are valid
   * until the next one is asked for. Left out where a source has nothing better than {@link select}.
   */
  each?(matchers: readonly Matcher[], startMs: number, endMs: number, hint?: SelectHint): Iterable<SeriesColumns>;
  /** Label sets of the series that match any of the selectors (all series for an empty list) and overlap the range. */
  series(selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): Labels[];
  labelNames(selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): string[];
  labelValues(name: string, selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): string[];
}
