import { firingIntervals, type FiringTimes } from '../try-out/firing-intervals.ts';
import type { ComparisonOperator } from '../../query/promql/syntax/expr.ts';

export interface LimitProposal {
  readonly limit: number;
  /** How often the rule would have fired with it. */
  readonly firings: number;
  /** How often it would have fired as it is, over the same history. */
  readonly firingsNow: number;
}

/** Shares of the history that may lie beyond the limit, from the smallest change to the largest. */
const SHARES = [0.05, 0.02, 0.01, 0.005, 0.001];
/** A limit is worth telling when it leaves at most this share of the alerts. */
const LEFT_AT_MOST = 0.5;

/**
 * The smallest move of a limit that would have halved the alerts, and still have let some through.
 *
 * @param series what is compared, evaluated at every step; times are epoch milliseconds
 * @returns null where no such limit is found, or the comparison has no direction
 */
export function proposeLimit(
  series: readonly { readonly timestamps: ArrayLike<number>; readonly values: ArrayLike<number> }[],
  { comparison, limit }: { readonly comparison: ComparisonOperator; readonly limit: number },
  times: FiringTimes,
): LimitProposal | null {
  if (comparison === '==' || comparison === '!=') return null;
  const isUpper = comparison === '>' || comparison === '>=';
  const isBeyond = (value: number, bound: number): boolean => (isUpper ? value > bound : value < bound);
  const count = (holds: (value: number) => boolean): number =>
    series.reduce((sum, { timestamps, values }) => {
      const active = Array.from(timestamps).filter((_, index) => holds(values[index] as number));
      return sum + firingIntervals(active, times).length;
    }, 0);
  const firingsNow = count((value) => isBeyond(value, limit) || (comparison.endsWith('=') && value === limit));
  if (firingsNow < 2) return null;
  const sorted = series.flatMap(({ values }) => Array.from(values)).filter(Number.isFinite);
  sorted.sort((a, b) => (isUpper ? b - a : a - b));
  for (const share of SHARES) {
    const found = sorted[Math.floor(sorted.length * share)];
    if (found === undefined || !isBeyond(found, limit)) continue;
    const candidate = roundAway(found, isUpper);
    const firings = count((value) => isBeyond(value, candidate));
    if (firings >= 1 && firings <= firingsNow * LEFT_AT_MOST) return { limit: candidate, firings, firingsNow };
  }
  return null;
}

/** To two digits, away from what is usual: 91.37 becomes 92 above, and 91 below. */
function roundAway(value: number, isUpper: boolean): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  const steps = isUpper ? Math.ceil(value / unit) : Math.floor(value / unit);
  return Number((steps * unit).toPrecision(12));
}
