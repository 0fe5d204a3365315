import type { Clock } from '../engine/schedule/clock.ts';

export interface KeepFreshOptions {
  /** Requests closer than this are joined. */
  readonly atMostEveryMs: number;
  /** Without a request it runs again after this. */
  readonly atLeastEveryMs: number;
  readonly clock: Pick<Clock, 'after'>;
  /** Never called while it still runs. */
  readonly run: () => Promise<void>;
}

export interface KeptFresh {
  /** Something changed: run now, or as soon as the last run is long enough ago. */
  request(): void;
  stop(): void;
}

/** Run on request and from time to time, neither too often nor too seldom. */
export function keepFresh({ atMostEveryMs, atLeastEveryMs, clock, run }: KeepFreshOptions): KeptFresh {
  let state: 'idle' | 'resting' | 'stopped' = 'idle';
  let isWanted = false;
  let cancelTimer = (): void => undefined;

  function request(): void {
    if (state === 'idle') start();
    else isWanted = true;
  }

  function start(): void {
    state = 'resting';
    isWanted = false;
    cancelTimer();
    void run().finally(() => {
      if (state !== 'stopped') cancelTimer = clock.after(atMostEveryMs, rested);
    });
  }

  function rested(): void {
    state = 'idle';
    if (isWanted) start();
    else cancelTimer = clock.after(atLeastEveryMs - atMostEveryMs, start);
  }

  return {
    request,
    stop() {
      state = 'stopped';
      cancelTimer();
    },
  };
}
