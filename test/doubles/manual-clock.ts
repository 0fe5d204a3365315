import type { Clock } from '../../electron/engine/schedule/clock.ts';

/** A clock that a test moves by hand. Wall time and monotonic time run together unless a method says otherwise. */
export interface ManualClock extends Clock {
  /** Milliseconds since boot, sleep included, as `os.uptime()` would tell. */
  uptimeMs(): number;
  /** Let `ms` pass and fire what falls due, in order; each timer sees the time that it asked for. */
  advance(ms: number): void;
  /** Like {@link ManualClock.advance}, and let the promises that each timer settles run before the next one fires. */
  run(ms: number): Promise<void>;
  /** The wall clock is set: forward, or back with a negative `ms`. Nothing else moves. */
  stepWall(ms: number): void;
  /** The machine sleeps as Linux does it: wall and uptime move, monotonic time and timers stand still. */
  sleep(ms: number): void;
  /** The process is held (macOS and Windows sleep, SIGSTOP): all clocks move and every due timer fires late, at the end. */
  freeze(ms: number): void;
  /** Timers that wait. */
  pendingTimers(): number;
}

interface Timer {
  readonly dueAt: number;
  readonly order: number;
  readonly run: () => void;
}

/** @param startMs wall time at the start, in epoch milliseconds; monotonic time starts at 0 */
export function createManualClock(startMs = 1_700_000_000_000): ManualClock {
  let wallMs = startMs;
  let monotonicMs = 0;
  let bootMs = 1_000_000;
  let order = 0;
  const timers = new Set<Timer>();

  const pass = (ms: number): void => {
    wallMs += ms;
    monotonicMs += ms;
    bootMs += ms;
  };
  const takeDue = (untilMs: number): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.dueAt > untilMs) continue;
      if (first && (timer.dueAt > first.dueAt || (timer.dueAt === first.dueAt && timer.order > first.order))) continue;
      first = timer;
    }
    if (!first) return undefined;
    timers.delete(first);
    pass(Math.max(0, first.dueAt - monotonicMs));
    return first;
  };

  return {
    now: () => wallMs,
    monotonic: () => monotonicMs,
    uptimeMs: () => bootMs,
    after(delayMs, run) {
      const timer: Timer = { dueAt: monotonicMs + Math.max(0, delayMs), order: order++, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const untilMs = monotonicMs + ms;
      for (let timer = takeDue(untilMs); timer; timer = takeDue(untilMs)) timer.run();
      pass(Math.max(0, untilMs - monotonicMs));
    },
    async run(ms) {
      const untilMs = monotonicMs + ms;
      await settlePromises();
      for (let timer = takeDue(untilMs); timer; timer = takeDue(untilMs)) {
        timer.run();
        await settlePromises();
      }
      pass(Math.max(0, untilMs - monotonicMs));
    },
    stepWall(ms) {
      wallMs += ms;
    },
    sleep(ms) {
      wallMs += ms;
      bootMs += ms;
    },
    freeze(ms) {
      pass(ms);
      this.advance(0);
    },
    pendingTimers: () => timers.size,
  };
}

/** Promise chains need several turns of the microtask queue; one turn of the event loop runs all of them. */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
