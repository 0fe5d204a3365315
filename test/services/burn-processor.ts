import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Keep every core of the machine busy, from this process, until the disposer is called. */
export function burnProcessor(): () => Promise<void> {
  const workers = Array.from(
    { length: availableParallelism() * 2 },
    () => new Worker('for (;;) Math.sqrt(Math.random());', { eval: true }),
  );
  return async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
}
