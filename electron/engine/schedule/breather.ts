import type { Clock } from './clock.ts';

/** Lets long computing share its thread: `isDue` says when it has run long enough, `pause` lets everything else run. */
export interface Breather {
  isDue(): boolean;
  pause(): Promise<void>;
}

/** A breather that asks for a pause after every `sliceMs` of computing and waits for one turn of the event loop. */
export function createBreather(clock: Clock, sliceMs = 8): Breather {
  let sliceStart = clock.monotonic();
  return {
    isDue: () => clock.monotonic() - sliceStart >= sliceMs,
    async pause() {
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      sliceStart = clock.monotonic();
    },
  };
}
