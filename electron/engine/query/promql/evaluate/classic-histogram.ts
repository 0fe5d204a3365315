/** One bucket of a classic histogram: observations up to and including `bound`, cumulative. */
export interface Bucket {
  readonly bound: number;
  count: number;
}

/** Counts nearer than this, relatively, differ by rounding only. */
const ROUNDING = 1e-12;

/** Make one bucket of neighbours with the same bound. `buckets` ascends by bound. */
export function coalesceBuckets(buckets: readonly Bucket[]): Bucket[] {
  const merged: Bucket[] = [];
  for (const { bound, count } of buckets) {
    const last = merged.at(-1);
    if (last?.bound === bound) last.count += count;
    else merged.push({ bound, count });
  }
  return merged;
}

/**
 * Estimate a quantile from cumulative buckets, linear inside a bucket; the first bucket starts at 0 unless its bound is
 * not above 0.
 *
 * @param buckets ascending by bound, bounds distinct; counts are changed in place where they fall, as after a partial scrape
 * @returns the value in the unit of the bounds, NaN without observations or without a +Inf bucket; and whether counts
 *   had to be raised by more than rounding
 * Source: Prometheus, promql/quantile.go, BucketQuantile.
 */
export function bucketQuantile(q: number, buckets: Bucket[]): { readonly value: number; readonly wasForced: boolean } {
  const plain = (value: number): { value: number; wasForced: boolean } => ({ value, wasForced: false });
  if (q !== q) return plain(NaN);
  if (q < 0) return plain(-Infinity);
  if (q > 1) return plain(Infinity);
  const last = buckets.at(-1);
  if (last?.bound !== Infinity || buckets.length < 2) return plain(NaN);
  const wasForced = makeMonotonic(buckets);
  if (last.count === 0 || last.count !== last.count) return { value: NaN, wasForced };
  const rank = q * last.count;
  const found = buckets.findIndex(({ count }, i) => i === buckets.length - 1 || count >= rank);
  return { value: valueAtRank(buckets, found, rank), wasForced };
}

function valueAtRank(buckets: readonly Bucket[], index: number, rank: number): number {
  const { bound, count } = buckets[index] as Bucket;
  const below = buckets[index - 1];
  if (index === buckets.length - 1) return below?.bound ?? NaN;
  if (below === undefined) return bound <= 0 ? bound : bound * (rank / count);
  return below.bound + (bound - below.bound) * ((rank - below.count) / (count - below.count));
}

function makeMonotonic(buckets: readonly Bucket[]): boolean {
  let wasForced = false;
  let highest = buckets[0]?.count ?? 0;
  for (const bucket of buckets) {
    if (bucket.count === highest) continue;
    if (isNearly(bucket.count, highest)) bucket.count = highest;
    else if (bucket.count < highest) {
      bucket.count = highest;
      wasForced = true;
    } else highest = bucket.count;
  }
  return wasForced;
}

function isNearly(a: number, b: number): boolean {
  return Math.abs(a - b) / (Math.abs(a) + Math.abs(b)) < ROUNDING;
}

/**
 * Estimate which part of the observations lies between two values.
 *
 * @param buckets ascending by bound, bounds distinct
 * @returns 0–1; NaN without observations or without a +Inf bucket
 * Source: Prometheus, promql/quantile.go, BucketFraction.
 */
export function bucketFraction(lower: number, upper: number, buckets: readonly Bucket[]): number {
  const last = buckets.at(-1);
  if (last?.bound !== Infinity || last.count === 0 || !(last.count === last.count)) return NaN;
  if (lower !== lower || upper !== upper) return NaN;
  if (lower >= upper) return 0;
  return (rankOf(upper, buckets, last.count) - rankOf(lower, buckets, last.count)) / last.count;
}

/** How many observations lie below a value. */
function rankOf(value: number, buckets: readonly Bucket[], total: number): number {
  let below = 0;
  let start = (buckets[0]?.bound ?? 0) > 0 ? 0 : -Infinity;
  for (const { bound, count } of buckets) {
    if (start >= value) return Math.min(below, total);
    if (bound > value) {
      // Inside a bucket without end nothing can be placed: none of the last bucket lies below, all of the first does.
      if (start === -Infinity) return value === -Infinity ? 0 : Math.min(count, total);
      const part = bound === Infinity ? 0 : (value - start) / (bound - start);
      return Math.min(below + (count - below) * part, total);
    }
    below = count;
    start = bound;
  }
  return total;
}
