import { bitsOf, isStaleAt } from '../../../../shared/model/stale-marker.ts';

/** Resolutions of rollups, finest first, in milliseconds. */
export const ROLLUP_RESOLUTIONS = [300_000, 3_600_000] as const;
export type RollupResolution = (typeof ROLLUP_RESOLUTIONS)[number];

/** What is kept of the samples of one series in `(end - resolution, end]`, a column per fact and a place per bucket. */
export interface Buckets {
  readonly ends: Float64Array;
  readonly count: Float64Array;
  readonly sum: Float64Array;
  /** Without NaN, unless there is nothing else. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** How far a counter rose between the first and the last sample, resets taken into account. */
  readonly increase: Float64Array;
  /** Times of the first and the last sample, as milliseconds before the bucket's end. */
  readonly firstAge: Float64Array;
  readonly lastAge: Float64Array;
  /** The same of a stale marker after the last sample; -1 when the series goes on. */
  readonly staleAge: Float64Array;
}

export const BUCKET_FIELDS = [
  'count',
  'sum',
  'min',
  'max',
  'first',
  'last',
  'increase',
  'firstAge',
  'lastAge',
  'staleAge',
] as const satisfies readonly (keyof Buckets)[];

export function emptyBuckets(size: number): Buckets {
  const column = (): Float64Array => new Float64Array(size);
  return {
    ends: column(),
    count: column(),
    sum: column(),
    min: column(),
    max: column(),
    first: column(),
    last: column(),
    increase: column(),
    firstAge: column(),
    lastAge: column(),
    staleAge: column().fill(-1),
  };
}

/** The end of the bucket in which a time lies: buckets are open to the left, as the windows of PromQL are. */
export function bucketEnd(timeMs: number, resolutionMs: number): number {
  return Math.ceil(timeMs / resolutionMs) * resolutionMs;
}

/** Roll up a run of samples in ascending time. Buckets in which there is nothing are left out. */
export function rollUp(times: Float64Array, values: Float64Array, resolutionMs: number): Buckets {
  const bits = bitsOf(values);
  const size = countBuckets(times, resolutionMs);
  const out = emptyBuckets(size);
  let at = -1;
  let end = -Infinity;
  let previous = NaN;
  for (let i = 0; i < times.length; i++) {
    const time = times[i] as number; // within the columns, here and below
    const value = values[i] as number;
    const isStale = isStaleAt(bits, i);
    if (time > end) {
      at++;
      end = bucketEnd(time, resolutionMs);
      out.ends[at] = end;
    }
    const age = end - time;
    if (isStale) {
      out.staleAge[at] = age;
      continue;
    }
    const count = out.count[at] as number;
    out.count[at] = count + 1;
    out.last[at] = value;
    out.lastAge[at] = age;
    out.staleAge[at] = -1;
    if (count === 0) {
      out.first[at] = value;
      out.firstAge[at] = age;
      out.sum[at] = value;
      out.min[at] = value;
      out.max[at] = value;
    } else {
      out.sum[at] = (out.sum[at] as number) + value;
      out.min[at] = lower(out.min[at] as number, value);
      out.max[at] = higher(out.max[at] as number, value);
      out.increase[at] = (out.increase[at] as number) + risen(previous, value);
    }
    previous = value;
  }
  return out;
}

function countBuckets(times: Float64Array, resolutionMs: number): number {
  let count = 0;
  let end = -Infinity;
  for (const time of times) {
    if (time <= end) continue;
    count++;
    end = bucketEnd(time, resolutionMs);
  }
  return count;
}

/** Join buckets of one series, in the order in which their samples were; two halves of a bucket become one. */
export function joinBuckets(parts: readonly Buckets[]): Buckets {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const places = parts
    .flatMap((part) => Array.from(part.ends, (end, index) => ({ part, index, end })))
    .sort((a, b) => a.end - b.end || (b.part.firstAge[b.index] as number) - (a.part.firstAge[a.index] as number));
  const out = emptyBuckets(places.filter(({ end }, i) => end !== places[i - 1]?.end).length);
  let at = -1;
  for (const [i, { part, index, end }] of places.entries()) {
    if (end !== places[i - 1]?.end) {
      at++;
      out.ends[at] = end;
      for (const field of BUCKET_FIELDS) out[field][at] = part[field][index] as number;
    } else append(out, at, part, index);
  }
  return out;
}

/** Add the later half of a bucket to the earlier one. */
function append(out: Buckets, at: number, part: Buckets, index: number): void {
  const read = (field: keyof Buckets): number => part[field][index] as number;
  const before = out.count[at] as number;
  if (read('count') > 0) {
    if (before === 0) {
      for (const field of BUCKET_FIELDS) out[field][at] = read(field);
      return;
    }
    out.increase[at] = (out.increase[at] as number) + risen(out.last[at] as number, read('first')) + read('increase');
    out.count[at] = before + read('count');
    out.sum[at] = (out.sum[at] as number) + read('sum');
    out.min[at] = lower(out.min[at] as number, read('min'));
    out.max[at] = higher(out.max[at] as number, read('max'));
    out.last[at] = read('last');
    out.lastAge[at] = read('lastAge');
    out.staleAge[at] = read('staleAge');
  } else if (read('staleAge') >= 0) out.staleAge[at] = read('staleAge');
}

/** A counter that is lower than before has begun anew at zero. */
function risen(before: number, after: number): number {
  return after < before ? after : after - before;
}

function lower(a: number, b: number): number {
  return b < a || Number.isNaN(a) ? b : a;
}

function higher(a: number, b: number): number {
  return b > a || Number.isNaN(a) ? b : a;
}
