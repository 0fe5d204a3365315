import type { ScriptHistogram } from '../../query/promqltest/index.ts';

/** A native histogram as tests of rules write it: `{{schema:1 count:3 sum:5 buckets:[1 2]}}`. */
export interface NativeHistogram {
  readonly schema: number;
  readonly count: number;
  readonly sum: number;
  readonly zeroCount: number;
  readonly zeroThreshold: number;
  readonly resetHint: ResetHint;
  readonly customValues: readonly number[];
  /** Counts by the index of their bucket; those of 0 are left out. */
  readonly positive: ReadonlyMap<number, number>;
  readonly negative: ReadonlyMap<number, number>;
}

type ResetHint = 'unknown' | 'reset' | 'not_reset' | 'gauge';
const RESET_HINTS: readonly string[] = ['unknown', 'reset', 'not_reset', 'gauge'] satisfies readonly ResetHint[];

const NUMBERS = ['schema', 'sum', 'count', 'z_bucket', 'z_bucket_w', 'offset', 'n_offset'] as const;
const LISTS = ['buckets', 'n_buckets', 'custom_values'] as const;
const PROPERTY = /(\w+):(?:\[([^\]]*)\]|([^\s\]]+))\s*/y;

/** Read a native histogram; `null` for what is none. Source: Prometheus manual, "Unit testing for rules", series notation. */
export function parseNativeHistogram(text: string): NativeHistogram | null {
  const inner = /^\{\{\s*([^}]*)\}\}$/.exec(text)?.[1];
  if (inner === undefined) return null;
  const numbers = new Map<string, number>();
  const lists = new Map<string, number[]>();
  let resetHint: ResetHint = 'unknown';
  const property = new RegExp(PROPERTY);
  for (let at = 0; at < inner.length; at = property.lastIndex) {
    const [, name = '', list, value = ''] = property.exec(inner) ?? [];
    if (name === 'counter_reset_hint' && RESET_HINTS.includes(value)) resetHint = value as ResetHint;
    else if ((NUMBERS as readonly string[]).includes(name) && list === undefined) numbers.set(name, Number(value));
    else if ((LISTS as readonly string[]).includes(name) && list !== undefined) {
      lists.set(name, list.trim() === '' ? [] : list.trim().split(/\s+/).map(Number));
    } else return null;
  }
  if ([...numbers.values(), ...[...lists.values()].flat()].some(Number.isNaN)) return null;
  const number = (name: (typeof NUMBERS)[number]): number => numbers.get(name) ?? 0;
  return {
    schema: number('schema'),
    count: number('count'),
    sum: number('sum'),
    zeroCount: number('z_bucket'),
    zeroThreshold: number('z_bucket_w'),
    resetHint,
    customValues: lists.get('custom_values') ?? [],
    positive: bucketsFrom(lists.get('buckets') ?? [], number('offset')),
    negative: bucketsFrom(lists.get('n_buckets') ?? [], number('n_offset')),
  };
}

function bucketsFrom(counts: readonly number[], offset: number): Map<number, number> {
  const buckets = counts.map((count, index): [number, number] => [offset + index, count]);
  return new Map(buckets.filter(([, count]) => count !== 0));
}

/** The histogram that a point of a series stands for; `null` when its text is none. */
export function histogramOfPoint({ histogram, step }: ScriptHistogram): NativeHistogram | null {
  let sum = parseNativeHistogram(histogram);
  const added = step === null ? null : parseNativeHistogram(step.histogram);
  if (sum === null || (step !== null && added === null)) return null;
  for (let i = 0; step !== null && added !== null && i < step.times; i++) sum = addHistogram(sum, added, step.sign);
  return sum;
}

/** Of histograms with the same bounds, as those of one series are here. */
function addHistogram(left: NativeHistogram, right: NativeHistogram, sign: 1 | -1): NativeHistogram {
  const addBuckets = (a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): Map<number, number> => {
    const sum = new Map(a);
    for (const [index, count] of b) sum.set(index, (sum.get(index) ?? 0) + sign * count);
    return new Map([...sum].filter(([, count]) => count !== 0));
  };
  return {
    ...left,
    count: left.count + sign * right.count,
    sum: left.sum + sign * right.sum,
    zeroCount: left.zeroCount + sign * right.zeroCount,
    positive: addBuckets(left.positive, right.positive),
    negative: addBuckets(left.negative, right.negative),
  };
}

/** What a store knows of a sample after another one of its series: whether the counts fell. Source: Prometheus, tsdb. */
export function withResetHint(histogram: NativeHistogram, before: NativeHistogram | null): NativeHistogram {
  if (before === null || histogram.resetHint === 'gauge') return histogram;
  const fell = (now: ReadonlyMap<number, number>, then: ReadonlyMap<number, number>): boolean =>
    [...then].some(([index, count]) => (now.get(index) ?? 0) < count);
  const isReset =
    histogram.count < before.count ||
    histogram.zeroCount < before.zeroCount ||
    fell(histogram.positive, before.positive) ||
    fell(histogram.negative, before.negative);
  return { ...histogram, resetHint: isReset ? 'reset' : 'not_reset' };
}

/** The histogram in the words of promtool. */
export function formatNativeHistogram(histogram: NativeHistogram): string {
  const { schema, count, sum, zeroCount, zeroThreshold, resetHint, customValues, positive, negative } = histogram;
  const parts: string[] = [];
  const put = (name: string, value: number): void => {
    if (value !== 0) parts.push(`${name}:${String(value)}`);
  };
  put('schema', schema);
  put('count', count);
  put('sum', sum);
  put('z_bucket', zeroCount);
  put('z_bucket_w', zeroThreshold);
  if (customValues.length > 0) parts.push(`custom_values:[${customValues.join(' ')}]`);
  if (resetHint !== 'unknown') parts.push(`counter_reset_hint:${resetHint}`);
  putBuckets('', positive);
  putBuckets('n_', negative);
  return `{{${parts.join(' ')}}}`;

  function putBuckets(prefix: string, buckets: ReadonlyMap<number, number>): void {
    if (buckets.size === 0) return;
    const first = Math.min(...buckets.keys());
    const last = Math.max(...buckets.keys());
    put(`${prefix}offset`, first);
    const counts = Array.from({ length: last - first + 1 }, (_, index) => buckets.get(first + index) ?? 0);
    parts.push(`${prefix}buckets:[${counts.join(' ')}]`);
  }
}
