import { bitsOf, markStaleAt } from '../../../../shared/model/stale-marker.ts';
import type { Buckets } from './rollup-buckets.ts';
import type { SampleUse, SelectHint } from './sample-source.ts';

/** Samples that stand for buckets; see {@link SeriesColumns} for the weights. */
export interface WeighedColumns {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** Windows that end inside of a bucket should see several points of it; more would only cost. */
const POINTS_PER_WINDOW = 4;
/** The newest value is looked for within five minutes. */
const NEWEST_SPACING_MS = 60_000;

/**
 * Turn buckets into samples over which PromQL's own functions give the right answer: the same as over the samples that
 * were rolled up for windows that begin and end with a bucket, and for others as if what a bucket holds were spread
 * evenly between its first and its last sample.
 *
 * @param buckets those with their end in `(afterMs, untilMs]` are used
 */
export function pointsOf(
  buckets: Buckets,
  resolutionMs: number,
  afterMs: number,
  untilMs: number,
  hint: SelectHint,
): WeighedColumns {
  const spacingMs = spacing(hint, resolutionMs);
  const points = new PointList();
  for (let i = 0; i < buckets.ends.length; i++) {
    const end = buckets.ends[i] as number; // within the columns, here and below
    if (end <= afterMs || end > untilMs) continue;
    addBucket(points, buckets, i, spacingMs, hint.use);
  }
  return points.columns();
}

function spacing({ use, firstMs, stepMs, rangeMs }: SelectHint, resolutionMs: number): number {
  const isAligned = firstMs % resolutionMs === 0 && stepMs % resolutionMs === 0;
  if (use === 'newest') return isAligned ? Infinity : NEWEST_SPACING_MS;
  return isAligned && rangeMs % resolutionMs === 0 ? Infinity : rangeMs / POINTS_PER_WINDOW;
}

function addBucket(points: PointList, buckets: Buckets, i: number, spacingMs: number, use: SampleUse): void {
  const end = buckets.ends[i] as number;
  const count = buckets.count[i] as number;
  const staleAge = buckets.staleAge[i] as number;
  if (count > 0) {
    const firstMs = end - (buckets.firstAge[i] as number);
    const lastMs = end - (buckets.lastAge[i] as number);
    const gaps = count === 1 ? 0 : Math.max(1, Math.min(count - 1, Math.ceil((lastMs - firstMs) / spacingMs)));
    const time = (k: number): number => (k === gaps ? lastMs : Math.round(firstMs + ((lastMs - firstMs) * k) / gaps));
    switch (use) {
      case 'mean':
      case 'min':
      case 'max': {
        const value = use === 'mean' ? (buckets.sum[i] as number) / count : (buckets[use][i] as number);
        // With nothing between them to look at, the last one can stand for all.
        if (spacingMs === Infinity) points.add(lastMs, value, count);
        else for (let k = 0; k <= gaps; k++) points.add(time(k), value, count / (gaps + 1));
        break;
      }
      case 'growth':
        addGrowth(points, buckets, i, gaps, time);
        break;
      default: {
        const mean = (buckets.sum[i] as number) / count;
        for (let k = 0; k <= gaps; k++) {
          const value = k === gaps ? buckets.last[i] : k === 0 ? buckets.first[i] : mean;
          points.add(time(k), value as number, count / (gaps + 1));
        }
      }
    }
  }
  if (staleAge >= 0) points.addStale(end - staleAge);
}

/** The first and the last sample as they were, a straight line between them, and a fall to zero for resets. */
function addGrowth(points: PointList, buckets: Buckets, i: number, gaps: number, time: (k: number) => number): void {
  const first = buckets.first[i] as number;
  const last = buckets.last[i] as number;
  const count = buckets.count[i] as number;
  if (gaps === 0) {
    points.add(time(0), last, 1);
    return;
  }
  const increase = buckets.increase[i] as number;
  const hasReset = !(Math.abs(increase - (last - first)) <= 1e-9 * Math.max(Math.abs(increase), Math.abs(last)));
  if (hasReset) {
    const [fromMs, toMs] = [time(0), time(gaps)];
    points.add(fromMs, first, 1);
    // As high as it got in all before it fell for the last time, and the zero from which it began again.
    points.add(fromMs + (toMs - fromMs) / 3, first + increase - last, 0);
    points.add(fromMs + ((toMs - fromMs) * 2) / 3, Math.min(0, last), 0);
    points.add(toMs, last, count - 1);
    return;
  }
  points.add(time(0), first, 1);
  for (let k = 1; k <= gaps; k++) {
    points.add(time(k), k === gaps ? last : first + ((last - first) * k) / gaps, (count - 1) / gaps);
  }
}

class PointList {
  #times = new Float64Array(64);
  #values = new Float64Array(64);
  #weights = new Float64Array(64);
  #count = 0;

  add(timeMs: number, value: number, weight: number): void {
    if (this.#count === this.#times.length) {
      this.#times = doubled(this.#times);
      this.#values = doubled(this.#values);
      this.#weights = doubled(this.#weights);
    }
    this.#times[this.#count] = timeMs;
    this.#values[this.#count] = value;
    this.#weights[this.#count++] = weight;
  }

  addStale(timeMs: number): void {
    this.add(timeMs, NaN, 0);
    markStaleAt(bitsOf(this.#values), this.#count - 1);
  }

  columns(): WeighedColumns {
    return {
      times: this.#times.slice(0, this.#count),
      values: this.#values.slice(0, this.#count),
      weights: this.#weights.slice(0, this.#count),
    };
  }
}

function doubled(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}
