import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../electron/engine/schedule/clock.ts';
import { startWorker, type WorkerLink } from '../../../electron/engine/threads/worker-link.ts';
import type { CountingCalls } from './counting-worker.ts';

let link: WorkerLink<CountingCalls> | null = null;
let starts: string[] = [];
afterEach(async () => {
  await link?.stop();
  link = null;
  starts = [];
});

async function start(): Promise<WorkerLink<CountingCalls>> {
  link = await startWorker<CountingCalls, string>({
    name: 'counting',
    entry: new URL('counting-worker.ts', import.meta.url),
    data: 'the first',
    clock: systemClock,
    log: () => undefined,
    async onStart(client) {
      starts.push(await client.whoAmI());
    },
    onStop: (client) => client.close(),
  });
  return link;
}

const isUpAgain = async (restarts: number): Promise<void> => {
  await vi.waitFor(() => expect(link?.status()).toMatchObject({ state: 'running', restarts }), 10_000);
};

it('carries columns as typed arrays, not-a-number included', async () => {
  const halved = await (await start()).client().halve(Float64Array.of(2, NaN, -Infinity));
  expect(halved).toEqual(Float64Array.of(1, NaN, -Infinity));
});

it('carries a stream of typed arrays to its end', async () => {
  const seen: Float64Array[] = [];
  for await (const { values } of await (await start()).client().count({ to: 3 })) seen.push(values);
  expect(seen).toEqual([Float64Array.of(1, NaN), Float64Array.of(2, NaN), Float64Array.of(3, NaN)]);
});

it('ends a stream that the caller has had enough of', async () => {
  const enough = new AbortController();
  const stream = await (await start()).client().never(undefined, { signal: enough.signal });
  expect(await stream.next()).toMatchObject({ value: 'open' });
  enough.abort();
  await expect(stream.next()).rejects.toThrow();
});

it('gives the error of a call to the caller and lives on', async () => {
  const running = await start();
  await expect(running.client().fail()).rejects.toThrow();
  expect(await running.client().whoAmI()).toBe('the first');
});

it('starts a worker again that died of a fault, configures it, and says why', async () => {
  const running = await start();
  await leaveBehind(running.client().dieLater());
  await isUpAgain(1);
  expect(starts).toEqual(['the first', 'the first']);
  expect(running.status().lastError).toContain('a fault outside of any call');
  expect(await running.client().whoAmI()).toBe('the first');
});

it('fails the calls that a dying worker leaves open', async () => {
  const running = await start();
  const hanging = running.client().hang();
  const stream = await running.client().never();
  await stream.next();
  const ended = [expect(hanging).rejects.toThrow(), expect(stream.next()).rejects.toThrow()];
  await expect(running.client().leave()).rejects.toThrow();
  await Promise.all(ended);
  await isUpAgain(1);
});

it('goes on starting a worker that dies again and again', async () => {
  const running = await start();
  for (const restarts of [1, 2]) {
    await leaveBehind(running.client().dieLater());
    await isUpAgain(restarts);
  }
  expect(starts).toHaveLength(3);
});

it('does not start a worker again that was stopped', async () => {
  const running = await start();
  await running.stop();
  link = null;
  expect(running.status()).toMatchObject({ state: 'stopped', restarts: 0 });
  expect(() => running.client()).toThrow('is not running');
});

/** Wait for the answer to a call after which its worker dies; the death may overtake it. */
async function leaveBehind(call: Promise<unknown>): Promise<void> {
  await Promise.allSettled([call]);
}
