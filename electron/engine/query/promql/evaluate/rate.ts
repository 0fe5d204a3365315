import type { Track, WindowFunction } from './windows.ts';

/** What of the five functions about growth is asked for. */
export interface GrowthKind {
  readonly isCounter: boolean;
  readonly isRate: boolean;
  /** Look at the last two samples only. */
  readonly isInstant: boolean;
}

export const GROWTH: ReadonlyMap<string, GrowthKind> = new Map([
  ['rate', { isCounter: true, isRate: true, isInstant: false }],
  ['increase', { isCounter: true, isRate: false, isInstant: false }],
  ['delta', { isCounter: false, isRate: false, isInstant: false }],
  ['irate', { isCounter: true, isRate: true, isInstant: true }],
  ['idelta', { isCounter: false, isRate: false, isInstant: true }],
]);

/** Compute growth over windows of at least two samples of one series. */
export function growthOver(track: Track, kind: GrowthKind, rangeMs: number): WindowFunction {
  return kind.isInstant ? instantGrowth(track, kind) : extrapolatedGrowth(track, kind, rangeMs);
}

/**
 * Growth over the window's samples, extended to its ends where samples are near enough to them to believe that the
 * series was there. Source: Prometheus, extrapolatedRate.
 */
function extrapolatedGrowth({ timestamps, values, weights }: Track, kind: GrowthKind, rangeMs: number): WindowFunction {
  const { isCounter, isRate } = kind;
  // Resets are rare: finding them once makes a window cost two samples instead of all of them.
  const resets = isCounter ? findResets(values) : [];
  let firstReset = 0;
  const total = weights === undefined ? null : runningTotal(weights);
  return ({ from, to, startMs, endMs }) => {
    const first = values[from] as number;
    let growth = (values[to - 1] as number) - first;
    while (firstReset < resets.length && (resets[firstReset] as number) <= from) firstReset++;
    for (let r = firstReset; r < resets.length && (resets[r] as number) < to; r++) {
      growth += values[(resets[r] as number) - 1] as number;
    }
    const firstMs = timestamps[from] as number;
    const lastMs = timestamps[to - 1] as number;
    const span = (lastMs - firstMs) / 1000;
    const gaps = total === null ? to - from - 1 : Math.max(1, (total[to] as number) - (total[from] as number) - 1);
    const spacing = span / gaps;
    const tooFar = spacing * 1.1;
    let gapStart = (firstMs - startMs) / 1000;
    let gapEnd = (endMs - lastMs) / 1000;
    if (gapStart >= tooFar) gapStart = spacing / 2;
    // A counter cannot have been below zero, so it may not be extended past the time at which it was zero.
    if (isCounter && growth > 0 && first >= 0) gapStart = Math.min(gapStart, span * (first / growth));
    if (gapEnd >= tooFar) gapEnd = spacing / 2;
    const factor = (span + gapStart + gapEnd) / span;
    return growth * (isRate ? factor / (rangeMs / 1000) : factor);
  };
}

/** `total[i]` is the sum of the weights before place i. */
function runningTotal(weights: Float64Array): Float64Array {
  const total = new Float64Array(weights.length + 1);
  for (let i = 0; i < weights.length; i++) total[i + 1] = (total[i] as number) + (weights[i] as number);
  return total;
}

function findResets(values: Float64Array): number[] {
  const resets: number[] = [];
  for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[i - 1] as number)) resets.push(i);
  return resets;
}

function instantGrowth({ timestamps, values }: Track, { isCounter, isRate }: GrowthKind): WindowFunction {
  return ({ to }) => {
    const last = values[to - 1] as number;
    const before = values[to - 2] as number;
    const growth = isCounter && last < before ? last : last - before;
    if (!isRate) return growth;
    return growth / (((timestamps[to - 1] as number) - (timestamps[to - 2] as number)) / 1000);
  };
}
