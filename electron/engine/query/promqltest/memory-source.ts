import { labelsKey, labelValue } from '../../../../shared/model/labels.ts';
import type { Labels } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';
import { bitsOf, markStaleAt } from '../../../../shared/model/stale-marker.ts';
import type { SampleSource, SeriesColumns } from '../../store/metrics/sample-source.ts';
import { selectorTest } from '../promql/syntax/matcher-test.ts';

/** A sample of a script; `'stale'` ends the series. */
export interface ScriptSample {
  readonly timestampMs: number;
  readonly value: number | 'stale';
}

interface Stored {
  readonly labels: Labels;
  readonly samples: Map<number, number | 'stale'>;
  columns: SeriesColumns | null;
}

/** The samples that a script has loaded, readable by queries. A sample replaces an earlier one of the same time. */
export class MemorySource implements SampleSource {
  readonly #stored = new Map<string, Stored>();

  append(labels: Labels, samples: readonly ScriptSample[]): void {
    const key = labelsKey(labels);
    const stored = this.#stored.get(key) ?? { labels, samples: new Map(), columns: null };
    for (const { timestampMs, value } of samples) stored.samples.set(timestampMs, value);
    stored.columns = null;
    this.#stored.set(key, stored);
  }

  select(matchers: readonly Matcher[], startMs: number, endMs: number): SeriesColumns[] {
    return this.#matching([matchers])
      .map((stored) => clip(columnsOf(stored), startMs, endMs))
      .filter(({ timestamps }) => timestamps.length > 0);
  }

  series(selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): Labels[] {
    return this.#matching(selectors)
      .filter((stored) => clip(columnsOf(stored), startMs, endMs).timestamps.length > 0)
      .map(({ labels }) => labels);
  }

  labelNames(selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): string[] {
    const names = this.series(selectors, startMs, endMs).flatMap((labels) => labels.filter((_, i) => i % 2 === 0));
    return [...new Set(names)].sort();
  }

  labelValues(name: string, selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): string[] {
    const values = this.series(selectors, startMs, endMs).map((labels) => labelValue(labels, name));
    return [...new Set(values)].filter((value) => value !== '').sort();
  }

  #matching(selectors: readonly (readonly Matcher[])[]): Stored[] {
    const tests = selectors.map(selectorTest);
    return [...this.#stored.values()].filter(
      ({ labels }) => tests.length === 0 || tests.some((matches) => matches(labels)),
    );
  }
}

function columnsOf(stored: Stored): SeriesColumns {
  if (stored.columns !== null) return stored.columns;
  const samples = [...stored.samples].sort(([a], [b]) => a - b);
  const timestamps = Float64Array.from(samples, ([timestampMs]) => timestampMs);
  const values = Float64Array.from(samples, ([, value]) => (value === 'stale' ? NaN : value));
  const bits = bitsOf(values);
  for (const [i, [, value]] of samples.entries()) if (value === 'stale') markStaleAt(bits, i);
  stored.columns = { labels: stored.labels, timestamps, values };
  return stored.columns;
}

function clip({ labels, timestamps, values }: SeriesColumns, startMs: number, endMs: number): SeriesColumns {
  const from = timestamps.findIndex((timestampMs) => timestampMs >= startMs);
  const to = timestamps.findLastIndex((timestampMs) => timestampMs <= endMs) + 1;
  if (from < 0 || to <= from) return { labels, timestamps: timestamps.subarray(0, 0), values: values.subarray(0, 0) };
  return { labels, timestamps: timestamps.subarray(from, to), values: values.subarray(from, to) };
}
