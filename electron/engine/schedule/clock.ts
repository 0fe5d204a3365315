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
};
