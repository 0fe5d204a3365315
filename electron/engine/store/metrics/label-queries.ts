import { labelValue } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';
import type { Series } from './series-group.ts';
import type { SeriesIndex } from './series-index.ts';

type Selectors = readonly (readonly Matcher[])[];

/** Series that match any of the selectors (all for none) and have their first and last sample around the range or in it. */
export function seriesInRange(index: SeriesIndex, selectors: Selectors, startMs: number, endMs: number): Series[] {
  const found = selectors.length === 0 ? index.present() : selectors.flatMap((matchers) => index.find(matchers));
  const distinct = selectors.length > 1 ? [...new Set(found)] : found;
  return distinct.filter((series) => isInRange(series, startMs, endMs));
}

/** Sorted. */
export function labelNamesInRange(index: SeriesIndex, selectors: Selectors, startMs: number, endMs: number): string[] {
  const names = new Set<string>();
  if (selectors.length === 0) {
    for (const [name, byValue] of index.labels()) {
      if ([...byValue.values()].some((list) => list.some((series) => isInRange(series, startMs, endMs))))
        names.add(name);
    }
  } else {
    for (const { labels } of seriesInRange(index, selectors, startMs, endMs)) {
      for (let i = 0; i < labels.length; i += 2) names.add(labels[i] as string); // labels come in pairs
    }
  }
  return [...names].sort();
}

/** Sorted. */
export function labelValuesInRange(
  index: SeriesIndex,
  name: string,
  selectors: Selectors,
  startMs: number,
  endMs: number,
): string[] {
  const values = new Set<string>();
  if (selectors.length === 0) {
    for (const [value, list] of index.labels().get(name) ?? []) {
      if (list.some((series) => isInRange(series, startMs, endMs))) values.add(value);
    }
  } else {
    for (const { labels } of seriesInRange(index, selectors, startMs, endMs)) values.add(labelValue(labels, name));
    values.delete('');
  }
  return [...values].sort();
}

function isInRange(series: Series, startMs: number, endMs: number): boolean {
  return series.firstMs <= endMs && series.lastMs >= startMs;
}
