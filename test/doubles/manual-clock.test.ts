import { expect, test } from 'vitest';
import { createManualClock } from './manual-clock.ts';

test('timers fire in order of their due time, each at the time it asked for', () => {
  const clock = createManualClock(1000);
  const fired: [string, number][] = [];
  clock.after(20, () => fired.push(['b', clock.now()]));
  clock.after(10, () => {
    fired.push(['a', clock.now()]);
    clock.after(5, () => fired.push(['nested', clock.now()]));
  });
  clock.after(20, () => fired.push(['c', clock.now()]));
  clock.advance(30);
  expect(fired).toEqual([
    ['a', 1010],
    ['nested', 1015],
    ['b', 1020],
    ['c', 1020],
  ]);
  expect([clock.now(), clock.monotonic()]).toEqual([1030, 30]);
});

test('a disposed timer does not fire', () => {
  const clock = createManualClock();
  let fired = false;
  const dispose = clock.after(10, () => (fired = true));
  dispose();
  clock.advance(20);
  expect([fired, clock.pendingTimers()]).toEqual([false, 0]);
});

test('promises settle between timers when the clock runs', async () => {
  const clock = createManualClock();
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  let ticks = 0;
  void (async () => {
    for (; ticks < 3; ticks++) await wait(10);
  })();
  await clock.run(30);
  expect(ticks).toBe(3);
});

test('a sleep moves the wall clock and the uptime alone; a freeze moves all three', () => {
  const clock = createManualClock(0);
  let firedAt = -1;
  clock.after(10, () => (firedAt = clock.now()));
  clock.sleep(5000);
  expect([clock.now(), clock.monotonic(), firedAt]).toEqual([5000, 0, -1]);
  clock.freeze(100);
  expect([clock.now(), clock.monotonic(), firedAt]).toEqual([5100, 100, 5100]);
});
