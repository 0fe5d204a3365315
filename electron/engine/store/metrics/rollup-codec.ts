import { type BlockEntry, type EncodedBlock, encodeBlock, type SampleRun } from './block-codec.ts';
import { BUCKET_FIELDS, type Buckets, emptyBuckets } from './rollup-buckets.ts';

/** A column of a rollup is a run of a block whose id says of which series and of which field it is. */
const FIELDS_PER_SERIES = 16;

export interface RolledSeries {
  readonly id: number;
  readonly buckets: Buckets;
}

/** Facts that follow from others are left out: for a counter the extremes, for a constant all but one. */
export function encodeRollup(series: readonly RolledSeries[]): EncodedBlock {
  const runs: SampleRun[] = [];
  for (const { id, buckets } of series) {
    const derived = derive(buckets);
    for (const [place, field] of BUCKET_FIELDS.entries()) {
      if (!KEPT.has(field) && isSameBits(buckets[field], derived[field])) continue;
      runs.push({ id: id * FIELDS_PER_SERIES + place + 1, times: buckets.ends, values: buckets[field] });
    }
    // One column stands for the series even when everything else follows from it.
    runs.push({ id: id * FIELDS_PER_SERIES, times: buckets.ends, values: buckets.first });
  }
  return encodeBlock(runs);
}

/** @param entries of one decoded block; @param wanted ids of series, null for all */
export function decodeRollup(entries: readonly BlockEntry[], wanted: ReadonlySet<number> | null): RolledSeries[] {
  const series: RolledSeries[] = [];
  let buckets: Buckets | null = null;
  let present = new Set<string>();
  const finish = (): void => {
    if (buckets !== null) fillDerived(buckets, present);
  };
  for (const { id, times, decode } of entries) {
    const seriesId = Math.floor(id / FIELDS_PER_SERIES);
    if (wanted !== null && !wanted.has(seriesId)) continue;
    const place = id % FIELDS_PER_SERIES;
    if (place === 0) {
      finish();
      buckets = { ...emptyBuckets(times.length), ends: times };
      present = new Set();
      series.push({ id: seriesId, buckets });
      decode(buckets.first, 0);
      continue;
    }
    const field = BUCKET_FIELDS[place - 1];
    if (field === undefined || buckets === null) throw new RangeError(`unknown field of a rollup: ${String(place)}`);
    decode(buckets[field], 0);
    present.add(field);
  }
  finish();
  return series;
}

/** What each field is where it is left out, from those that never are: count, first, last and the ages. */
function derive(given: Buckets): Buckets {
  const derived = emptyBuckets(given.ends.length);
  for (let i = 0; i < given.ends.length; i++) {
    const [count, first, last] = [given.count[i] as number, given.first[i] as number, given.last[i] as number];
    derived.sum[i] = count * first;
    derived.min[i] = first;
    derived.max[i] = last;
    derived.increase[i] = last < first ? last : last - first;
  }
  return { ...derived, ends: given.ends, first: given.first, last: given.first };
}

/** Fields that are always written. Where they do not change they cost next to nothing. */
const KEPT: ReadonlySet<string> = new Set(['count', 'firstAge', 'lastAge']);

function fillDerived(buckets: Buckets, present: ReadonlySet<string>): void {
  if (!present.has('last')) buckets.last.set(buckets.first);
  const derived = derive(buckets);
  for (const field of BUCKET_FIELDS) {
    if (field !== 'first' && field !== 'last' && !present.has(field) && !KEPT.has(field))
      buckets[field].set(derived[field]);
  }
}

function isSameBits(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
