import { probeTarget } from '../../config/index.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/index.ts';
import type { CheckBook } from '../judge/check-book.ts';
import { judgeParents } from '../judge/dependencies.ts';
import type { ParentState } from '../judge/dependencies.ts';
import { stepFlapping } from '../judge/flapping.ts';
import type { Maintenance } from '../judge/maintenance.ts';
import type { NetworkWatch } from '../judge/network-watch.ts';
import { asUnknown, isReached, weighResult } from '../judge/weigh-result.ts';
import { KEPT_RESULTS, isUnsure, stepStanding } from './check-state.ts';
import type { Outcome, ProbeResult } from './probe.ts';
import { historyState, identityOf, judgedState, patienceMs } from './running-check.ts';
import type { RunningCheck } from './running-check.ts';

export interface JudgeOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly book: CheckBook;
  readonly maintenance: Pick<Maintenance, 'at'>;
  readonly network: Pick<NetworkWatch, 'note' | 'isToBlame'>;
  /** The check of a name; undefined when there is none. */
  readonly find: (name: string) => RunningCheck | undefined;
  /** Ask a check now and judge its answer. */
  readonly ask: (one: RunningCheck) => Promise<void>;
}

/** Turns results into states, series and history. */
export interface Judge {
  /** Take a result. False when the check was removed while others were asked about it. */
  take(one: RunningCheck, result: ProbeResult, at: number): Promise<boolean>;
  /** A maintenance may have begun or ended since the last result. True when it did. */
  lookAtMaintenance(one: RunningCheck, at: number): boolean;
  /** The machine has slept: for a while nobody is blamed for a network that is not up yet. */
  wake(): void;
}

const LENIENT_AFTER_WAKE_MS = 30_000;
const LETTERS: Readonly<Record<Outcome, string>> = { up: 'u', degraded: 'g', down: 'd', unknown: '' };

export function createJudge({ clock, log, book, maintenance, network, find, ask }: JudgeOptions): Judge {
  let lenientUntilMs = -Infinity;

  /** Take the blame where it is ours: the machine has just woken, or its network leads nowhere. */
  async function withOurFaults(one: RunningCheck, result: ProbeResult): Promise<ProbeResult> {
    const { host } = probeTarget(one.check.probe);
    const isFine = isReached(result);
    if (host === null || isFine === null) return result;
    network.note(host, isFine);
    if (isFine || result.outcome !== 'down') return result;
    if (clock.monotonic() < lenientUntilMs) {
      const message = `The machine has just woken, and its network may not be up yet. ${result.reason?.message ?? ''}`;
      return asUnknown(result, { code: 'woke', message });
    }
    if (!(await network.isToBlame(host))) return result;
    const message = `This machine's own network does not lead to ${host}, so nothing can be said about it.`;
    return asUnknown(result, { code: 'own-network', message });
  }

  /**
   * How the dependencies stand. They are asked now where this failure would be announced and a parent was last heard of
   * before it: the parent of a dead machine fails at the same moment, and is found out only at its own next turn.
   */
  async function lookAtParents(one: RunningCheck, at: number): Promise<{ state: ParentState; by: string | null }> {
    const parents = one.check.judgement.dependsOn.flatMap((name) => find(name) ?? []);
    const stand = (): ReturnType<typeof judgeParents> =>
      judgeParents(
        parents.map(({ check, standing }) => ({
          name: check.name,
          isDead: standing.isHeldDown || standing.state === 'unreachable',
          isFailing: standing.consecutiveFailures > 0,
        })),
      );
    const before = stand();
    const { failuresBeforeDown } = one.check.judgement;
    const isDecisive = one.standing.isHeldDown || one.standing.consecutiveFailures + 1 >= failuresBeforeDown;
    if (before.state === 'dead' || !isDecisive) return before;
    await Promise.all(parents.filter(({ last }) => (last?.at ?? 0) < at).map(ask));
    return stand();
  }

  function lookAtMaintenance(one: RunningCheck, at: number): boolean {
    const before = one.maintenance;
    const now = maintenance.at({ name: one.check.name, labels: one.labels }, at);
    one.maintenance = now;
    if ((now === null) === (before === null)) return false;
    // The stretch ends when the maintenance began or ended, not when that was noticed.
    const changedAt = now?.fromMs ?? before?.untilMs ?? at;
    if (one.last !== null) note(one, Math.min(at, Math.max(changedAt, one.last.at)), null);
    return true;
  }

  function note(one: RunningCheck, at: number, since: number | null): void {
    const reason = one.standing.state === 'up' ? null : (one.last?.reason?.message ?? null);
    const state = historyState(one);
    const words = state === 'maintenance' ? (one.maintenance?.name ?? null) : reason;
    book.note({ check: one.check.name, state, reason: words, at, since, patienceMs: patienceMs(one.check) });
  }

  return {
    async take(one, probed, at) {
      const { check } = one;
      const result = await withOurFaults(one, weighResult(probed, check.judgement, clock.now()));
      const { outcome, durationMs, reason } = result;
      const parents = outcome === 'down' ? await lookAtParents(one, at) : { state: 'fine' as const, by: null };
      if (one.aside.signal.aborted) return false;
      const before = one.standing;
      one.standing = stepStanding(before, { outcome, at, parents: parents.state }, check.judgement);
      const { state, since } = one.standing;
      one.unreachableBy = state === 'unreachable' ? parents.by : null;
      // What stands behind a dead parent says nothing of how steady it is itself.
      const letter = parents.state === 'dead' ? '' : LETTERS[outcome];
      const wasFlapping = one.flapping.isFlapping;
      if (letter !== '') one.flapping = stepFlapping(one.flapping, letter, check.judgement.flapping);
      lookAtMaintenance(one, at);
      one.last = { ...result, at };
      one.history = [...one.history.slice(1 - KEPT_RESULTS), { at, outcome, durationMs, reason }];
      one.series.write(result.samples, judgedState(one), at);
      one.writtenAt = at;
      note(one, at, state === 'down' && before.state !== 'down' ? since : null);
      if (outcome === 'up' || outcome === 'degraded') book.respond(check.name, at, durationMs);
      const { standing, flapping } = one;
      book.remember({ check: check.name, identity: identityOf(check), standing, flapping });
      if (state !== before.state) logChange(log, one, result);
      if (one.flapping.isFlapping !== wasFlapping) {
        log(
          'warn',
          `Check "${check.name}" ${wasFlapping ? 'has settled' : 'changes again and again: it is flapping'}.`,
        );
      }
      return true;
    },
    lookAtMaintenance,
    wake() {
      lenientUntilMs = clock.monotonic() + LENIENT_AFTER_WAKE_MS;
      book.cut();
    },
  };
}

/** Whether to ask again before the next interval: the state is not sure, or a failure was not counted after a wake. */
export function wantsRetry({ standing, last, check }: RunningCheck): boolean {
  const isWorthIt = check.intervalMs > 2 * check.judgement.retryIntervalMs;
  return isWorthIt && (isUnsure(standing) || last?.reason?.code === 'woke');
}

function logChange(log: Log, { check, standing, unreachableBy }: RunningCheck, { reason }: ProbeResult): void {
  const { state } = standing;
  const why = unreachableBy === null ? (reason?.message ?? '') : `"${unreachableBy}", which it depends on, is down.`;
  const text = `Check "${check.name}" is ${state}${why === '' ? '.' : `: ${why}`}`;
  log(state === 'up' ? 'info' : 'warn', text, { state });
}
