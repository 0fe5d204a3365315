import { ROLLUP_RESOLUTIONS, type RollupResolution } from './rollup-buckets.ts';
import type { GroupSpans } from './rollup-tables.ts';
import type { SelectHint } from './sample-source.ts';

/** Which resolution answers for which time: each stretch is `(previous untilMs, untilMs]`, the last is of raw samples. */
export interface RollupPlan {
  readonly stretches: readonly { readonly resolution: RollupResolution; readonly untilMs: number }[];
  readonly rawAfterMs: number;
}

const [FINE, COARSE] = ROLLUP_RESOLUTIONS;

/**
 * Choose between raw samples and rollups.
 *
 * - Where there are raw samples they are read, unless a rollup gives the same answer: when every window begins and ends
 *   with a bucket (first time, step and range are whole multiples of the resolution) and the function needs no more of a
 *   bucket than is kept. Then the coarsest such resolution is read.
 * - Where raw samples are gone, the 5-minute rollup is read, and before that the 1-hour rollup.
 */
export function planRollups(spans: GroupSpans, hint: SelectHint): RollupPlan {
  const { rawFromMs, unrolledFromMs, rolledFromMs } = spans;
  const exact = [COARSE, FINE].find((resolution) => isExact(hint, resolution) && rolledFromMs[resolution] <= rawFromMs);
  const fineFromMs = ceil(rolledFromMs[FINE], COARSE);
  // A bucket at the edge is whole only when none of its samples waits to be rolled up.
  const untilMs = (resolution: RollupResolution): number =>
    exact === undefined
      ? Math.min(ceil(rawFromMs, resolution), floor(unrolledFromMs, resolution))
      : floor(unrolledFromMs, resolution);
  if (exact === COARSE || fineFromMs >= untilMs(FINE)) {
    return { stretches: [{ resolution: COARSE, untilMs: untilMs(COARSE) }], rawAfterMs: untilMs(COARSE) };
  }
  return {
    stretches: [
      { resolution: COARSE, untilMs: fineFromMs },
      { resolution: FINE, untilMs: untilMs(FINE) },
    ],
    rawAfterMs: untilMs(FINE),
  };
}

function isExact({ use, firstMs, stepMs, rangeMs }: SelectHint, resolution: RollupResolution): boolean {
  if (use === 'every' || firstMs % resolution !== 0 || stepMs % resolution !== 0) return false;
  return use === 'newest' || rangeMs % resolution === 0;
}

function floor(timeMs: number, resolution: RollupResolution): number {
  return Math.floor(timeMs / resolution) * resolution;
}

function ceil(timeMs: number, resolution: RollupResolution): number {
  return Math.ceil(timeMs / resolution) * resolution;
}
