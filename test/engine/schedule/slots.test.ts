import { expect, test } from 'vitest';
import { createScheduler } from '../../../electron/engine/schedule/index.ts';
import { createSlots } from '../../../electron/engine/schedule/slots.ts';
import type { Hold } from '../../../electron/engine/schedule/slots.ts';
import { createManualClock } from '../../doubles/manual-clock.ts';

test('a run that steps aside makes room, as long as there is room aside', () => {
  const slots = createSlots({ global: 1, perHost: 9, slow: 1 });
  const holds: Hold[] = [];
  for (const host of ['a', 'b', 'c']) slots.take(host, (_, hold) => void holds.push(hold));
  expect([holds.length, slots.active(), slots.slow(), slots.waiting()]).toEqual([1, 1, 0, 2]);
  holds[0]?.stepAside();
  expect([holds.length, slots.active(), slots.slow(), slots.waiting()]).toEqual([2, 1, 1, 1]);
  holds[1]?.stepAside();
  expect([holds.length, slots.slow()]).toEqual([2, 1]);
  holds[0]?.release();
  holds[1]?.stepAside();
  expect([holds.length, slots.active(), slots.slow(), slots.waiting()]).toEqual([3, 1, 1, 0]);
  for (const hold of holds) hold.release();
  expect([slots.active(), slots.slow()]).toEqual([0, 0]);
});

test('targets that hang do not keep the others waiting', async () => {
  const clock = createManualClock();
  const scheduler = createScheduler({
    clock,
    log: () => undefined,
    limits: { global: 5, perHost: 1, slow: 100 },
    onGap: () => undefined,
  });
  const late: number[] = [];
  const hanging = Array.from({ length: 60 }, (_, i) => `hanging ${String(i)}`);
  const quick = Array.from({ length: 60 }, (_, i) => `quick ${String(i)}`);
  for (const key of hanging) {
    scheduler.every({
      key,
      host: key,
      intervalMs: 30_000,
      timeoutMs: 10_000,
      run: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    });
  }
  for (const key of quick) {
    scheduler.every({
      key,
      host: key,
      intervalMs: 30_000,
      timeoutMs: 10_000,
      run: ({ lateMs }) => void late.push(lateMs),
    });
  }
  await clock.run(95_000);
  scheduler.stop();
  expect(late.length).toBeGreaterThanOrEqual(180);
  expect(Math.max(...late.slice(60))).toBeLessThan(100);
});
