import type { Labels } from '../../../../shared/model/labels.ts';
import { parsePromql } from '../../query/promql/index.ts';
import { withoutParens } from '../../query/promql/syntax/expr.ts';
import { selectorTest } from '../../query/promql/syntax/matcher-test.ts';
import type { ComparedSample } from './format-results.ts';
import { formatNativeHistogram, withResetHint, type NativeHistogram } from './native-histogram.ts';

/** How old the newest sample of a series may be. */
const LOOKBACK_MS = 5 * 60_000;

/** The native histograms among the input of a test. */
export interface HistogramSamples {
  /** In ascending time. `null` says that the series has something else at that time, which ends what came before. */
  append(labels: Labels, timestampMs: number, histogram: NativeHistogram | null): void;
  /**
   * What a bare selector gives at a time. No function or operator knows native histograms, so any other expression sees
   * none of them.
   */
  select(expression: string, timeMs: number): ComparedSample[];
}

interface Stored {
  readonly labels: Labels;
  readonly samples: { readonly timestampMs: number; readonly histogram: NativeHistogram | null }[];
}

export function createHistogramSamples(): HistogramSamples {
  const stored = new Map<string, Stored>();
  return {
    append(labels, timestampMs, histogram) {
      const key = JSON.stringify(labels);
      const series = stored.get(key) ?? { labels, samples: [] };
      if (histogram === null && series.samples.length === 0) return;
      const before = series.samples.at(-1)?.histogram ?? null;
      series.samples.push({
        timestampMs,
        histogram: histogram === null ? null : withResetHint(histogram, before),
      });
      stored.set(key, series);
    },
    select(expression, timeMs) {
      if (stored.size === 0) return [];
      const parsed = parsePromql(expression);
      const selector = parsed.ok ? withoutParens(parsed.value) : null;
      if (selector?.kind !== 'selector' || selector.at !== null || selector.offset !== null) return [];
      const matches = selectorTest(selector.matchers);
      return [...stored.values()].flatMap(({ labels, samples }) => {
        const newest = matches(labels) ? samples.findLast(({ timestampMs }) => timestampMs <= timeMs) : undefined;
        if (newest === undefined || newest.histogram === null || newest.timestampMs <= timeMs - LOOKBACK_MS) return [];
        return [{ labels, value: NaN, histogram: formatNativeHistogram(newest.histogram) }];
      });
    },
  };
}
