import type { Labels } from '../../../../../shared/model/labels.ts';

/** One series of a range: epoch milliseconds and values, in ascending time, only where there are points. */
export interface ResultSeries {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/** One series at one moment. */
export interface ResultSample {
  readonly labels: Labels;
  readonly timestampMs: number;
  readonly value: number;
}

/** The answer to a query. */
export type QueryResult =
  | { readonly type: 'vector'; readonly samples: readonly ResultSample[] }
  | { readonly type: 'matrix'; readonly series: readonly ResultSeries[] }
  | { readonly type: 'scalar'; readonly timestampMs: number; readonly value: number }
  | { readonly type: 'string'; readonly timestampMs: number; readonly value: string };

/** Order label sets as Prometheus does: by name and value, pair by pair, a prefix first. */
export function compareLabels(a: Labels, b: Labels): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const [left, right] = [a[i] as string, b[i] as string];
    if (left !== right) return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
