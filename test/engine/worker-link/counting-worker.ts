import { os, type as typed } from '@orpc/server';
import { serveWorker, startData } from '../../../electron/engine/threads/worker-link.ts';

/** A worker for the tests of the link: every way in which a value can cross, and every way to die. */
export function countingCalls(name: string) {
  return {
    whoAmI: os.handler(() => name),
    halve: os.input(typed<Float64Array>()).handler(({ input }) => input.map((value) => value / 2)),
    count: os.input(typed<{ to: number }>()).handler(async function* ({ input }) {
      for (let i = 1; i <= input.to; i += 1) yield await Promise.resolve({ values: Float64Array.of(i, NaN) });
    }),
    never: os.handler(async function* ({ signal }) {
      yield 'open';
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    }),
    fail: os.handler(() => {
      throw new Error('a call that fails');
    }),
    dieLater: os.handler(() => {
      setImmediate(() => {
        throw new Error('a fault outside of any call');
      });
    }),
    hang: os.handler(() => new Promise<never>(() => undefined)),
    leave: os.handler(() => {
      process.exit(3);
    }),
    close: os.handler(() => undefined),
  };
}
export type CountingCalls = ReturnType<typeof countingCalls>;

serveWorker(countingCalls(startData() as string));
