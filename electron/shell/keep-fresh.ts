import type { Clock } from '../engine/schedule/clock.ts';

export interface Repeated {
  /** Ask for a run: at once when the last one is long enough ago, otherwise when it is. */
  request(): void;
  stop(): void;
}

/** Join many requests into runs that are at least an interval apart and never overlap. */
export function atMostEvery(intervalMs: number, clock: Pick<Clock, 'after'>, run: () => Promise<void>): Repeated {
  let isResting = false;
  let isWanted = false;
  let cancelTimer = (): void => undefined;
  const request = (): void => {
    if (isResting) {
      isWanted = true;
      return;
    }
    isResting = true;
    void run().finally(() => {
      cancelTimer = clock.after(intervalMs, () => {
        isResting = false;
        if (!isWanted) return;
        isWanted = false;
        request();
      });
    });
  };
  return {
    request,
    stop() {
      isResting = true;
      isWanted = false;
      cancelTimer();
    },
  };
}
