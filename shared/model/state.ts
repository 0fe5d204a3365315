import * as z from 'zod';

/**
 * How something is. `unknown` says that nobody could tell; it is never `down`. `maintenance` says that failures are
 * expected for a time.
 */
export const stateSchema = z.enum(['up', 'degraded', 'down', 'unknown', 'maintenance', 'paused']);
export type State = z.infer<typeof stateSchema>;

/** Worst first; the order of lists and of the tray. */
const BADNESS: Readonly<Record<State, number>> = { down: 5, degraded: 4, unknown: 3, up: 2, maintenance: 1, paused: 0 };

/** The worst of some states; `up` for none. */
export function worstState(states: Iterable<State>): State {
  let worst: State | null = null;
  for (const state of states) if (worst === null || BADNESS[state] > BADNESS[worst]) worst = state;
  return worst ?? 'up';
}

/** For sorting: negative when `a` is worse than `b`. */
export function compareBadness(a: State, b: State): number {
  return BADNESS[b] - BADNESS[a];
}
