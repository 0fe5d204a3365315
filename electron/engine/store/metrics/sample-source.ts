import type { Labels } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';

/** The samples of one series in ascending time: epoch milliseconds and values. Stale markers: see shared/model/stale-marker.ts. */
export interface SeriesColumns {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/** What a query reads. Both ends of a time range are inclusive, in epoch milliseconds. */
export interface SampleSource {
  /** Every series that matches and has samples in the range, in no particular order. */
  select(matchers: readonly Matcher[], startMs: number, endMs: number): SeriesColumns[];
  /** Label sets of the series that match any of the selectors (all series for an empty list) and overlap the range. */
  series(selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): Labels[];
  labelNames(selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): string[];
  labelValues(name: string, selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): string[];
}
