/** One time that an alert would have fired. Times are epoch milliseconds. */
export interface FiringInterval {
  /** Since when the condition held. */
  readonly activeAt: number;
  readonly firedAt: number;
  /** null where it would still fire at the end. */
  readonly resolvedAt: number | null;
}

export interface FiringTimes {
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** Distance of the evaluations. */
  readonly stepMs: number;
  /** Time of the last evaluation. */
  readonly endMs: number;
}

/**
 * When one alert would have fired, from the evaluations in which its condition held.
 *
 * @param active times of those evaluations, ascending, each a whole number of steps after the other
 * Source: Prometheus, rules/alerting.go: fires once it has been active for `for`; ends at the first evaluation without
 *   it, or when `keep_firing_for` has passed since.
 */
export function firingIntervals(active: ArrayLike<number>, times: FiringTimes): FiringInterval[] {
  const { forMs, keepFiringForMs, stepMs, endMs } = times;
  const intervals: FiringInterval[] = [];
  let index = 0;
  while (index < active.length) {
    const activeAt = active[index] as number;
    let firedAt: number | null = null;
    let last = activeAt;
    for (; index < active.length; index++) {
      const at = active[index] as number;
      // An alert that only waits is dropped at the first evaluation without it; one that fires is kept for a while.
      const patienceMs = firedAt === null ? 0 : Math.ceil(keepFiringForMs / stepMs) * stepMs;
      if (at - last > stepMs + patienceMs) break;
      last = at;
      if (firedAt === null && at - activeAt >= forMs) firedAt = at;
    }
    if (firedAt === null) continue;
    const silentAt = last + stepMs;
    const resolvedAt = keepFiringForMs === 0 ? silentAt : firstStep(silentAt, silentAt + keepFiringForMs, stepMs);
    intervals.push({ activeAt, firedAt, resolvedAt: resolvedAt > endMs ? null : resolvedAt });
  }
  return intervals;
}

/** The first evaluation at or after a time, counted from another. */
function firstStep(fromMs: number, atMs: number, stepMs: number): number {
  return fromMs + Math.ceil((atMs - fromMs) / stepMs) * stepMs;
}

/** How long at least one of the intervals lasts, each up to `endMs` where it has no end. */
export function coveredMs(intervals: readonly FiringInterval[], endMs: number): number {
  const spans = intervals
    .map(({ firedAt, resolvedAt }) => [firedAt, resolvedAt ?? endMs] as const)
    .toSorted(([a], [b]) => a - b);
  let total = 0;
  let covered = -Infinity;
  for (const [from, to] of spans) {
    if (to <= covered) continue;
    total += to - Math.max(from, covered);
    covered = to;
  }
  return total;
}
