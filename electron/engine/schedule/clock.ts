import { uptime } from 'node:os';

/**
 * Time as the engine sees it. Only `schedule/` touches the real one, so that a test can hold it still.
 *
 * `now` is the wall clock in epoch milliseconds and may jump; `monotonic` never goes back, in milliseconds, and says how
 * long something took; a timer fires by the monotonic clock.
 */
export interface Clock {
  now(): number;
  monotonic(): number;
  /** Call `run` once after `delayMs`; the disposer cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /**
   * Milliseconds since boot with sleep counted, where that is known. Where monotonic time stands still during sleep
   * (Linux), this alone tells a sleep from a wall clock that was set.
   */
  uptimeMs?(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
  uptimeMs: () => uptime() * 1000,
};
