import { packSecrets, probeTarget } from '../../config/index.ts';
import type { CheckConfig } from '../../config/index.ts';
import type { Log } from '../../log.ts';
import { isSleptThrough } from '../../schedule/index.ts';
import type { Clock, Scheduler } from '../../schedule/index.ts';
import { createCheckBook } from '../judge/check-book.ts';
import type { CheckMemory } from '../judge/check-memory.ts';
import { NOT_FLAPPING } from '../judge/flapping.ts';
import type { Maintenance } from '../judge/maintenance.ts';
import type { NetworkWatch } from '../judge/network-watch.ts';
import type { SampleSink } from '../sample-sink.ts';
import { checkLabels, createCheckSeries } from './check-series.ts';
import { NEW_STANDING } from './check-state.ts';
import type { CheckState } from './check-state.ts';
import { createProbe } from './create-probe.ts';
import { createJudge, wantsRetry } from './judge-check.ts';
import type { ProbePorts } from './probe.ts';
import { identityOf, judgedState, statusOf } from './running-check.ts';
import type { CheckStatus, RunningCheck } from './running-check.ts';

export interface Checks {
  checks(): readonly CheckStatus[];
  /** Ask now, beside the schedule; null when there is no check of that name. A run under way is waited for instead. */
  runNow(name: string): Promise<CheckStatus | null>;
  /** Take a new configuration: an unchanged check goes on with its history, a removed one ends with stale markers. */
  update(checks: readonly CheckConfig[]): void;
  /** Ask nobody until it is over; checks stay listed with what they found. */
  pause(isPaused: boolean): void;
  /** The machine slept, or the clock jumped: what lies between is no data. */
  gap(): void;
  /** A maintenance was begun or ended by hand. */
  lookAtMaintenance(): void;
  /** Write what is new in the history of checks. */
  flush(): void;
  stop(): void;
}

export interface ChecksOptions {
  readonly checks: readonly CheckConfig[];
  /** Begin paused; see {@link Checks.pause}. */
  readonly isPaused?: boolean;
  readonly sink: SampleSink;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly log: Log;
  readonly memory: CheckMemory;
  readonly maintenance: Pick<Maintenance, 'at'>;
  readonly network: Pick<NetworkWatch, 'note' | 'isToBlame'>;
  /** Called after every result that counts, and when a maintenance begins or ends. */
  readonly onResult?: (status: CheckStatus, before: CheckState) => void;
  /** What the probes may use; the clock is that above. */
  readonly ports: Omit<ProbePorts, 'clock'>;
}

const UPKEEP_EVERY_MS = 5000;
/** A query looks back 5 minutes; rules have to see the state of a check that runs every hour all the time. */
const REPEAT_AFTER_MS = 60_000;

export function startChecks(options: ChecksOptions): Checks {
  const { sink, scheduler, clock, onResult } = options;
  const ports = { ...options.ports, clock };
  const running = new Map<string, RunningCheck>();
  const remembered = new Map(options.memory.standings().map((one) => [one.check, one]));
  const book = createCheckBook(options.memory);
  const judge = createJudge({ ...options, book, find: (name) => running.get(name), ask: runAside });
  let isPaused = options.isPaused === true;

  /** Ask once. At most one run of a check is under way; a second caller gets the same. */
  function run(one: RunningCheck, at: number, signal: AbortSignal): Promise<void> {
    one.current ??= runOnce(one, at, signal).finally(() => {
      one.current = null;
    });
    return one.current;
  }

  async function runOnce(one: RunningCheck, at: number, signal: AbortSignal): Promise<void> {
    one.cancelRetry();
    const result = await one.probe.run(signal);
    // Asleep, removed or stopped meanwhile: the result says nothing about the service.
    if (isSleptThrough(signal) || result.reason?.code === 'aborted' || one.aside.signal.aborted) return;
    const before = one.standing.state;
    if (!(await judge.take(one, result, at))) return;
    onResult?.(statusOf(one), before);
    if (wantsRetry(one) && !isPaused) {
      one.cancelRetry = clock.after(one.check.judgement.retryIntervalMs, () => void runAside(one));
    }
  }

  /** A run beside the schedule, with a time limit of its own. */
  async function runAside(one: RunningCheck): Promise<void> {
    const limit = new AbortController();
    const cancel = clock.after(one.check.timeoutMs, () => {
      limit.abort(new DOMException(`${one.check.name} took too long`, 'TimeoutError'));
    });
    await run(one, clock.now(), AbortSignal.any([limit.signal, one.aside.signal]));
    cancel();
  }

  function start(check: CheckConfig): RunningCheck {
    const known = remembered.get(check.name);
    const isKnown = known?.identity === identityOf(check);
    const one: RunningCheck = {
      check,
      labels: checkLabels(check),
      probe: createProbe(check.probe, check.timeoutMs, ports),
      series: createCheckSeries(check, sink),
      standing: isKnown ? known.standing : NEW_STANDING,
      flapping: isKnown ? known.flapping : NOT_FLAPPING,
      unreachableBy: null,
      maintenance: null,
      last: null,
      history: [],
      writtenAt: 0,
      current: null,
      aside: new AbortController(),
      dispose: () => undefined,
      cancelRetry: () => undefined,
    };
    if (!isPaused) schedule(one);
    return one;
  }

  function schedule(one: RunningCheck): void {
    const { check } = one;
    const { host, address } = probeTarget(check.probe);
    one.dispose = scheduler.every({
      key: `check ${check.name} ${address}`,
      intervalMs: check.intervalMs,
      timeoutMs: check.timeoutMs,
      ...(host === null ? {} : { host }),
      isEager: true,
      run: (tick) => run(one, tick.scheduledAt, tick.signal),
    });
  }

  function unschedule(one: RunningCheck): void {
    one.dispose();
    one.cancelRetry();
  }

  function end(one: RunningCheck): void {
    one.aside.abort();
    unschedule(one);
    one.probe.close?.();
  }

  function update(checks: readonly CheckConfig[]): void {
    const wanted = new Map(checks.map((check) => [check.name, check]));
    for (const [name, one] of running) {
      const successor = wanted.get(name);
      if (successor && isSame(successor, one.check)) continue;
      end(one);
      one.series.end(clock.now());
      const { standing, flapping } = one;
      remembered.set(name, { check: name, identity: identityOf(one.check), standing, flapping });
      running.delete(name);
    }
    for (const [name, check] of wanted) if (!running.has(name)) running.set(name, start(check));
  }

  /** What has to be done between results: maintenance begins and ends by the clock, and rules look at every moment. */
  function upkeep(): void {
    const now = clock.now();
    for (const one of running.values()) {
      const hasChanged = judge.lookAtMaintenance(one, now);
      const isDue = now - one.writtenAt >= REPEAT_AFTER_MS && one.last !== null;
      // A run under way writes with the time of its beginning, which must not be older than what is there.
      if ((hasChanged || isDue) && one.current === null && !isPaused) {
        one.series.repeat(judgedState(one), now);
        one.writtenAt = now;
      }
      if (hasChanged) onResult?.(statusOf(one), one.standing.state);
    }
    book.flush();
  }

  update(options.checks);
  const endUpkeep = scheduler.every({ key: 'checks (upkeep)', intervalMs: UPKEEP_EVERY_MS, run: upkeep });
  return {
    checks: () => [...running.values()].map(statusOf),
    async runNow(name) {
      const one = running.get(name);
      if (!one) return null;
      await runAside(one);
      return statusOf(one);
    },
    update,
    pause(pause) {
      if (pause === isPaused) return;
      isPaused = pause;
      for (const one of running.values()) {
        if (!pause) {
          schedule(one);
          continue;
        }
        unschedule(one);
        one.probe.close?.();
        // Nothing is known from here on, so no rule goes on with the last result.
        one.series.end(clock.now());
        book.cut(one.check.name);
      }
    },
    gap: () => {
      judge.wake();
    },
    lookAtMaintenance: upkeep,
    flush: () => {
      book.flush();
    },
    stop() {
      endUpkeep();
      for (const one of running.values()) end(one);
      running.clear();
      book.flush();
    },
  };
}

/** Secrets count by their value, which JSON alone would hide. */
function isSame(one: CheckConfig, other: CheckConfig): boolean {
  return JSON.stringify(packSecrets(one)) === JSON.stringify(packSecrets(other));
}
