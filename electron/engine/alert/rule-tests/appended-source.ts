import { labelsKey, labelValue } from '../../../../shared/model/labels.ts';
import type { Labels } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';
import { bitsOf, markStaleAt } from '../../../../shared/model/stale-marker.ts';
import type { SampleSink } from '../../collect/sample-sink.ts';
import { selectorTest } from '../../query/promql/syntax/matcher-test.ts';
import type { SampleSource, SeriesColumns } from '../../store/metrics/sample-source.ts';

interface Stored {
  readonly labels: Labels;
  timestamps: Float64Array;
  values: Float64Array;
  count: number;
}

/**
 * Samples in memory that queries read while rules write: what a test of rules runs on. Samples of a series come in
 * ascending time; one that is not newer than the last is dropped, as Prometheus does. Nothing after `visibleUntilMs`
 * is shown, so that a rule does not see what its test brings later.
 */
export class AppendedSource implements SampleSource, SampleSink {
  readonly #stored: Stored[] = [];
  readonly #refs = new Map<string, number>();
  visibleUntilMs = Infinity;

  ref(labels: Labels): number {
    const key = labelsKey(labels);
    const known = this.#refs.get(key);
    if (known !== undefined) return known;
    const stored = { labels, timestamps: new Float64Array(16), values: new Float64Array(16), count: 0 };
    this.#refs.set(key, this.#stored.push(stored) - 1);
    return this.#stored.length - 1;
  }

  append(ref: number, timestampMs: number, value: number): void {
    this.#add(ref, timestampMs)?.fill(value);
  }

  appendStale(ref: number, timestampMs: number): void {
    const place = this.#add(ref, timestampMs);
    if (place !== null) markStaleAt(bitsOf(place), 0);
  }

  /** A place for one more value of the series; `null` when it has one as new already. */
  #add(ref: number, timestampMs: number): Float64Array | null {
    const stored = this.#stored[ref];
    if (stored === undefined) throw new Error(`no series has the number ${String(ref)}`);
    const { count } = stored;
    if (count > 0 && (stored.timestamps[count - 1] as number) >= timestampMs) return null;
    if (count === stored.timestamps.length) {
      stored.timestamps = grown(stored.timestamps);
      stored.values = grown(stored.values);
    }
    stored.timestamps[count] = timestampMs;
    stored.count = count + 1;
    return stored.values.subarray(count, count + 1);
  }

  select(matchers: readonly Matcher[], startMs: number, endMs: number): SeriesColumns[] {
    const untilMs = Math.min(endMs, this.visibleUntilMs);
    return this.#matching([matchers]).flatMap(({ labels, timestamps, values, count }) => {
      const from = firstAtLeast(timestamps, count, startMs);
      const to = firstAtLeast(timestamps, count, untilMs + 1);
      if (from >= to) return [];
      // Copies, since later samples may move the originals.
      return [{ labels, timestamps: timestamps.slice(from, to), values: values.slice(from, to) }];
    });
  }

  series(selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): Labels[] {
    const untilMs = Math.min(endMs, this.visibleUntilMs);
    return this.#matching(selectors)
      .filter(({ timestamps, count }) => {
        return firstAtLeast(timestamps, count, startMs) < firstAtLeast(timestamps, count, untilMs + 1);
      })
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
    return this.#stored.filter(({ labels }) => tests.length === 0 || tests.some((matches) => matches(labels)));
  }
}

function grown(values: Float64Array): Float64Array {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}

function firstAtLeast(timestamps: Float64Array, count: number, timestampMs: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timestamps[middle] as number) < timestampMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
