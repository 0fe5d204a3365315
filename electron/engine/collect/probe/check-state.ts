import type { Outcome, Reason } from './probe.ts';

/** What is held to be true of a check; `pending` before anything is known. */
export type CheckState = Outcome | 'pending';

/** One failure may be a lost packet; the second says that it is down. Source: Gatus and Nagios use 2 to 3. */
export const DOWN_AFTER_FAILURES = 2;
/** One good answer proves that a service answers. */
export const UP_AFTER_SUCCESSES = 1;
/** Results that are kept for each check. */
export const KEPT_RESULTS = 100;

/** One result, as it is kept. */
export interface ResultSummary {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly reason: Reason | null;
}

/** Where a check stands. */
export interface CheckStanding {
  readonly state: CheckState;
  /** When the state began, in epoch milliseconds; null while it is pending. */
  readonly since: number | null;
  readonly consecutiveFailures: number;
  readonly consecutiveSuccesses: number;
}

export const NEW_STANDING: CheckStanding = {
  state: 'pending',
  since: null,
  consecutiveFailures: 0,
  consecutiveSuccesses: 0,
};

/**
 * The standing after one more result. An unknown result changes no count: it says nothing about the service, so that a
 * service which was failing before it is down at once when it fails after it.
 */
export function stepStanding(before: CheckStanding, outcome: Outcome, at: number): CheckStanding {
  const consecutiveFailures =
    outcome === 'down' ? before.consecutiveFailures + 1 : isGood(outcome) ? 0 : before.consecutiveFailures;
  const consecutiveSuccesses = isGood(outcome)
    ? before.consecutiveSuccesses + 1
    : outcome === 'down'
      ? 0
      : before.consecutiveSuccesses;
  const state = nextState(before.state, outcome, consecutiveFailures, consecutiveSuccesses);
  return { state, since: state === before.state ? before.since : at, consecutiveFailures, consecutiveSuccesses };
}

function nextState(before: CheckState, outcome: Outcome, failures: number, successes: number): CheckState {
  if (outcome === 'unknown') return 'unknown';
  if (outcome === 'down') return failures >= DOWN_AFTER_FAILURES ? 'down' : before;
  return before !== 'down' || successes >= UP_AFTER_SUCCESSES ? outcome : before;
}

/** A degraded service answers, and so counts as good. */
function isGood(outcome: Outcome): boolean {
  return outcome === 'up' || outcome === 'degraded';
}
