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
 *
 * @returns null when raw samples answer everything
 */
export function planRollups(spans: GroupSpans, hint: SelectHint): RollupPlan | null {
  const { rawFromMs, unrolledFromMs, rolledFromMs } = spans;
  const exact = [COARSE, FINE].find((resolution) => isExact(hint, resolution) && rolledFromMs[resolution] <= rawFromMs);
  const isOlder = (resolution: RollupResolution, thanMs: number): boolean =>
    rolledFromMs[resolution] + resolution < thanMs;
  // History that begins inside of a bucket begins in all of them at once: then the finest has all of it.
  if (exact === undefined && !ROLLUP_RESOLUTIONS.some((resolution) => isOlder(resolution, rawFromMs))) return null;
  const fineFromMs = isOlder(COARSE, rolledFromMs[FINE]) ? ceil(rolledFromMs[FINE], COARSE) : -Infinity;
  const edge = (resolution: RollupResolution): { untilMs: number; rawAfterMs: number } => {
    const wholeMs = ceil(rawFromMs, resolution);
    if (exact === undefined && wholeMs <= floor(unrolledFromMs, resolution)) {
      return { untilMs: wholeMs, rawAfterMs: wholeMs };
    }
    // The last bucket holds what came before the first sample that is in no rollup yet, and samples go on from there.
    return { untilMs: ceil(unrolledFromMs, resolution), rawAfterMs: unrolledFromMs - 1 };
  };
  if (exact === COARSE || fineFromMs >= edge(FINE).untilMs) {
    const { untilMs, rawAfterMs } = edge(COARSE);
    return { stretches: [{ resolution: COARSE, untilMs }], rawAfterMs };
  }
  const { untilMs, rawAfterMs } = edge(FINE);
  return {
    stretches: [
      { resolution: COARSE, untilMs: fineFromMs },
      { resolution: FINE, untilMs },
    ],
    rawAfterMs,
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
