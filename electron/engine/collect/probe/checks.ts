import type { LabelRecord } from '../../../../shared/model/labels.ts';
import { packSecrets, probeTarget } from '../../config/index.ts';
import type { CheckConfig, ProbeKindName } from '../../config/index.ts';
import type { Log } from '../../log.ts';
import { isSleptThrough } from '../../schedule/index.ts';
import type { Clock, Scheduler } from '../../schedule/index.ts';
import type { SampleSink } from '../sample-sink.ts';
import { checkLabels, createCheckSeries } from './check-series.ts';
import type { CheckSeries } from './check-series.ts';
import { KEPT_RESULTS, NEW_STANDING, stepStanding } from './check-state.ts';
import type { CheckStanding, CheckState, ResultSummary } from './check-state.ts';
import { createProbe } from './create-probe.ts';
import type { Probe, ProbePorts, ProbeResult } from './probe.ts';

/** A check, where it stands, and what it found lately. */
export interface CheckStatus extends CheckStanding {
  readonly name: string;
  readonly kind: ProbeKindName;
  /** Whom it asks: a URL, `host:port`, a path; without a password. */
  readonly address: string;
  readonly labels: LabelRecord;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** The last result in full; null before the first. */
  readonly last: (ProbeResult & { readonly at: number }) | null;
  /** The last {@link KEPT_RESULTS}, the oldest first. */
  readonly history: readonly ResultSummary[];
}

export interface Checks {
  checks(): readonly CheckStatus[];
  /** Ask now, beside the schedule; null when there is no check of that name. A run under way is waited for instead. */
  runNow(name: string): Promise<CheckStatus | null>;
  /** Take a new configuration: an unchanged check goes on with its history, a removed one ends with stale markers. */
  update(checks: readonly CheckConfig[]): void;
  /** Ask nobody until it is over; checks stay listed with what they found. */
  pause(isPaused: boolean): void;
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
  /** Called after every result that counts. */
  readonly onResult?: (status: CheckStatus, before: CheckState) => void;
  /** What the probes may use; the clock is that above. */
  readonly ports: Omit<ProbePorts, 'clock'>;
}

/** A first failure is looked at again after this, not after a whole interval: down is known sooner, and more surely. */
const RETRY_AFTER_MS = 5000;

interface Running {
  readonly check: CheckConfig;
  readonly probe: Probe;
  readonly series: CheckSeries;
  standing: CheckStanding;
  last: CheckStatus['last'];
  history: readonly ResultSummary[];
  /** The run under way, the one that `runNow` waits for. */
  current: Promise<void> | null;
  readonly aside: AbortController;
  dispose: () => void;
  cancelRetry: () => void;
}

export function startChecks(options: ChecksOptions): Checks {
  const { sink, scheduler, clock, log, onResult } = options;
  const ports = { ...options.ports, clock };
  const running = new Map<string, Running>();
  let isPaused = options.isPaused === true;

  /** Ask once. At most one run of a check is under way; a second caller gets the same. */
  function run(one: Running, at: number, signal: AbortSignal): Promise<void> {
    one.current ??= runOnce(one, at, signal).finally(() => {
      one.current = null;
    });
    return one.current;
  }

  async function runOnce(one: Running, at: number, signal: AbortSignal): Promise<void> {
    one.cancelRetry();
    const result = await one.probe.run(signal);
    // Asleep, removed or stopped meanwhile: the result says nothing about the service.
    if (isSleptThrough(signal) || result.reason?.code === 'aborted' || one.aside.signal.aborted) return;
    const before = one.standing.state;
    one.standing = stepStanding(one.standing, result.outcome, at);
    one.last = { ...result, at };
    const { outcome, durationMs, reason } = result;
    one.history = [...one.history.slice(1 - KEPT_RESULTS), { at, outcome, durationMs, reason }];
    one.series.write(result.samples, one.standing.state, at);
    if (one.standing.state !== before) logChange(log, one.check.name, one.standing.state, result);
    onResult?.(statusOf(one), before);
    const mayBeChance = outcome === 'down' && one.standing.state !== 'down';
    if (mayBeChance && one.check.intervalMs > 2 * RETRY_AFTER_MS) {
      one.cancelRetry = clock.after(RETRY_AFTER_MS, () => void runAside(one));
    }
  }

  /** A run beside the schedule, with a time limit of its own. */
  async function runAside(one: Running): Promise<void> {
    const limit = new AbortController();
    const cancel = clock.after(one.check.timeoutMs, () => {
      limit.abort(new DOMException(`${one.check.name} took too long`, 'TimeoutError'));
    });
    await run(one, clock.now(), AbortSignal.any([limit.signal, one.aside.signal]));
    cancel();
  }

  function start(check: CheckConfig): Running {
    const one: Running = {
      check,
      probe: createProbe(check.probe, check.timeoutMs, ports),
      series: createCheckSeries(check, sink),
      standing: NEW_STANDING,
      last: null,
      history: [],
      current: null,
      aside: new AbortController(),
      dispose: () => undefined,
      cancelRetry: () => undefined,
    };
    if (!isPaused) schedule(one);
    return one;
  }

  function schedule(one: Running): void {
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

  function unschedule(one: Running): void {
    one.dispose();
    one.cancelRetry();
  }

  function end(one: Running): void {
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
      running.delete(name);
    }
    for (const [name, check] of wanted) if (!running.has(name)) running.set(name, start(check));
  }

  update(options.checks);
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
      }
    },
    stop() {
      for (const one of running.values()) end(one);
      running.clear();
    },
  };
}

function statusOf({ check, standing, last, history }: Running): CheckStatus {
  const { name, intervalMs, timeoutMs } = check;
  const labels = checkLabels(check);
  const { kind } = check.probe;
  const { address } = probeTarget(check.probe);
  return { name, kind, address, labels, intervalMs, timeoutMs, ...standing, last, history };
}

/** Secrets count by their value, which JSON alone would hide. */
function isSame(one: CheckConfig, other: CheckConfig): boolean {
  return JSON.stringify(packSecrets(one)) === JSON.stringify(packSecrets(other));
}

function logChange(log: Log, name: string, state: CheckState, { reason }: ProbeResult): void {
  const isGood = state === 'up';
  log(isGood ? 'info' : 'warn', `Check "${name}" is ${state}${reason === null ? '.' : `: ${reason.message}`}`, {
    state,
  });
}
