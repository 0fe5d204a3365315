import type { CheckJudgement } from '../../config/configuration.ts';
import type { ParentState } from '../judge/dependencies.ts';
import type { Outcome, Reason } from './probe.ts';

/**
 * What is held to be true of a check; `pending` before anything is known, `unreachable` when something that it depends on
 * is down.
 */
export type CheckState = Outcome | 'unreachable' | 'pending';

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
  /** When the state began, in epoch milliseconds; null while it is pending. A check is down since its first failure. */
  readonly since: number | null;
  /**
   * It was found down and no good answer has ended that: also while nothing can be told, so that an outage that was
   * announced is not taken back by a silence.
   */
  readonly isHeldDown: boolean;
  readonly consecutiveFailures: number;
  readonly consecutiveSuccesses: number;
  /** When the failures in a row began, in epoch milliseconds. */
  readonly failingSince: number | null;
}

export const NEW_STANDING: CheckStanding = {
  state: 'pending',
  since: null,
  isHeldDown: false,
  consecutiveFailures: 0,
  consecutiveSuccesses: 0,
  failingSince: null,
};

export interface Observation {
  readonly outcome: Outcome;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly parents: ParentState;
}

/**
 * The standing after one more result. An unknown result changes no count: it says nothing about the service, so that a
 * service which was failing before it is down at once when it fails after it. A failure behind a dead parent counts as
 * little; behind a parent that fails and is not yet known to be down, the state waits.
 *
 * Source: Nagios Core manual, "State Types" and "Determining Status and Reachability of Network Hosts".
 */
export function stepStanding(
  before: CheckStanding,
  { outcome, at, parents }: Observation,
  limits: Pick<CheckJudgement, 'failuresBeforeDown' | 'successesBeforeUp'>,
): CheckStanding {
  if (outcome === 'unknown') return enter(before, { ...before, state: 'unknown' }, at);
  if (outcome !== 'down') {
    const consecutiveSuccesses = before.consecutiveSuccesses + 1;
    const isHeldDown = before.isHeldDown && consecutiveSuccesses < limits.successesBeforeUp;
    const state = isHeldDown ? 'down' : outcome;
    return enter(before, { ...before, state, isHeldDown, consecutiveSuccesses, ...NO_FAILURES }, at);
  }
  if (parents === 'dead') {
    return enter(before, { ...before, state: 'unreachable', consecutiveSuccesses: 0, ...NO_FAILURES }, at);
  }
  const consecutiveFailures = before.consecutiveFailures + 1;
  const failingSince = before.failingSince ?? at;
  const isSure = before.isHeldDown || (consecutiveFailures >= limits.failuresBeforeDown && parents === 'fine');
  const counted = { ...before, consecutiveFailures, consecutiveSuccesses: 0, failingSince };
  if (!isSure) return counted;
  return enter(before, { ...counted, state: 'down', isHeldDown: true }, before.isHeldDown ? at : failingSince);
}

const NO_FAILURES = { consecutiveFailures: 0, failingSince: null };

function enter(before: CheckStanding, after: CheckStanding, at: number): CheckStanding {
  return after.state === before.state ? after : { ...after, since: at };
}

/** Whether a second look would tell more than the last one did, and is worth more than waiting for the next interval. */
export function isUnsure({ state, isHeldDown, consecutiveFailures, consecutiveSuccesses }: CheckStanding): boolean {
  if (isHeldDown) return consecutiveSuccesses > 0;
  return consecutiveFailures > 0 && state !== 'down';
}
