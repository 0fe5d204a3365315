import { expect, test } from 'vitest';
import type { Gap } from '../../../electron/engine/schedule/gap.ts';
import { isSleptThrough } from '../../../electron/engine/schedule/job.ts';
import type { Job, Scheduler, Tick } from '../../../electron/engine/schedule/job.ts';
import { phaseOffsetMs } from '../../../electron/engine/schedule/phase.ts';
import { createScheduler } from '../../../electron/engine/schedule/scheduler.ts';
import type { SlotLimits } from '../../../electron/engine/schedule/slots.ts';
import { createManualClock } from '../../doubles/manual-clock.ts';
import type { ManualClock } from '../../doubles/manual-clock.ts';

interface Stage {
  readonly clock: ManualClock;
  readonly scheduler: Scheduler;
  readonly gaps: Gap[];
  readonly lines: string[];
}

function stage(limits: Partial<SlotLimits> = {}): Stage {
  const clock = createManualClock();
  const gaps: Gap[] = [];
  const lines: string[] = [];
  const scheduler = createScheduler({
    clock,
    log: (level, message) => lines.push(`${level} ${message}`),
    limits: { global: 100, perHost: 100, ...limits },
    onGap: (gap) => gaps.push(gap),
  });
  return { clock, scheduler, gaps, lines };
}

/** A job that notes its ticks and ends at once. */
function noting(key: string, intervalMs: number, extra: Partial<Job> = {}): { ticks: Tick[]; job: Job } {
  const ticks: Tick[] = [];
  return { ticks, job: { key, intervalMs, run: (tick) => void ticks.push(tick), ...extra } };
}

test('a key ticks at its own phase of the wall clock, at equal distances, without drift', async () => {
  const { clock, scheduler } = stage();
  const { ticks, job } = noting('a', 15_000);
  scheduler.every(job);
  await clock.run(15_000 * 100);
  expect(ticks).toHaveLength(100);
  expect(ticks.map((tick) => tick.scheduledAt % 15_000)).toEqual(Array(100).fill(phaseOffsetMs('a', 15_000)));
  expect(new Set(ticks.slice(1).map((tick, i) => tick.scheduledAt - (ticks[i]?.scheduledAt ?? 0)))).toEqual(
    new Set([15_000]),
  );
});

test('a thousand keys are spread evenly over their interval and share one timer', async () => {
  const { clock, scheduler } = stage();
  const tenths = Array<number>(10).fill(0);
  for (let i = 0; i < 1000; i++) {
    scheduler.every({
      key: `http://host:${String(i)}/metrics`,
      intervalMs: 10_000,
      run: (tick) => {
        const tenth = Math.floor((tick.scheduledAt % 10_000) / 1000);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      },
    });
  }
  expect(clock.pendingTimers()).toBe(1);
  await clock.run(10_000);
  expect(tenths.reduce((a, b) => a + b)).toBe(1000);
  for (const count of tenths) expect(count).toBeGreaterThan(60);
  for (const count of tenths) expect(count).toBeLessThan(140);
});

test('an eager job runs within the first second and then at its phase', async () => {
  const { clock, scheduler } = stage();
  const startedAt = clock.now();
  const { ticks, job } = noting('slow', 3_600_000, { isEager: true });
  scheduler.every(job);
  await clock.run(1000);
  expect(ticks).toHaveLength(1);
  expect((ticks[0]?.scheduledAt ?? 0) - startedAt).toBeLessThanOrEqual(1000);
  await clock.run(3_600_000);
  expect(ticks).toHaveLength(2);
  expect((ticks[1]?.scheduledAt ?? 0) % 3_600_000).toBe(phaseOffsetMs('slow', 3_600_000));
});

test('a tick that comes while the run before is under way is left out and counted', async () => {
  const { clock, scheduler, lines } = stage();
  let starts = 0;
  let end: () => void = () => undefined;
  scheduler.every({
    key: 'a',
    intervalMs: 1000,
    run: () => {
      starts++;
      return new Promise((resolve) => (end = resolve));
    },
  });
  await clock.run(3500);
  expect([starts, scheduler.stats().skipped]).toEqual([1, 2]);
  expect(lines).toEqual(['warn a is still running, so its next run is left out.']);
  end();
  await clock.run(1000);
  expect([starts, scheduler.stats().skipped]).toEqual([2, 2]);
});

test('the limits hold per host and in all, and hosts take turns', async () => {
  const { clock, scheduler } = stage({ global: 3, perHost: 2 });
  const running = new Map<string, number>();
  let most = 0;
  let mostPerHost = 0;
  const started: string[] = [];
  for (const key of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2']) {
    const host = key.charAt(0);
    scheduler.every({
      key,
      intervalMs: 1000,
      host,
      run: async () => {
        started.push(host);
        running.set(host, (running.get(host) ?? 0) + 1);
        most = Math.max(
          most,
          [...running.values()].reduce((x, y) => x + y),
        );
        mostPerHost = Math.max(mostPerHost, ...running.values());
        await new Promise<void>((resolve) => void clock.after(1500, resolve));
        running.set(host, (running.get(host) ?? 0) - 1);
      },
    });
  }
  await clock.run(60_000);
  expect([most, mostPerHost]).toEqual([3, 2]);
  const ofB = started.filter((host) => host === 'b').length;
  expect(ofB / started.length).toBeGreaterThan(0.3);
});

test('a run that outlives its timeout is aborted and its slot goes to the next', async () => {
  const { clock, scheduler } = stage({ global: 1 });
  const reasons: unknown[] = [];
  scheduler.every({
    key: 'stuck',
    intervalMs: 60_000,
    timeoutMs: 5000,
    isEager: true,
    run: (tick) =>
      new Promise(() => {
        tick.signal.addEventListener('abort', () => reasons.push((tick.signal.reason as Error).name));
      }),
  });
  await clock.run(1000);
  const { ticks, job } = noting('other', 1000);
  scheduler.every(job);
  await clock.run(3000);
  expect(ticks).toHaveLength(0);
  await clock.run(4000);
  expect(reasons).toEqual(['TimeoutError']);
  expect(ticks.length).toBeGreaterThan(2);
  expect(ticks[0]?.lateMs).toBeGreaterThan(1000);
  expect(scheduler.stats().lateP99Ms).toBeGreaterThan(1000);
});

test('a run that throws is logged, counted and tried again', async () => {
  const { clock, scheduler, lines } = stage();
  scheduler.every({ key: 'bad', intervalMs: 1000, run: () => Promise.reject(new Error('boom')) });
  await clock.run(2000);
  expect(scheduler.stats()).toMatchObject({ ticks: 2, failed: 2, running: 0 });
  expect(lines[0]).toMatch(/^error bad failed: Error: boom/);
});

test.each([
  ['a sleep as on Linux', 'sleep', (clock: ManualClock) => clock.sleep(3_600_000)],
  ['a sleep as on macOS, or a held process', 'sleep', (clock: ManualClock) => clock.freeze(3_600_000)],
  ['a wall clock set forward', 'clock-forward', (clock: ManualClock) => clock.stepWall(3_600_000)],
  ['a wall clock set back', 'clock-back', (clock: ManualClock) => clock.stepWall(-3_600_000)],
])('after %s the gap is told once, nothing runs in a burst, and the phase is kept', async (_, kind, jump) => {
  const { clock, scheduler, gaps } = stage();
  const { ticks, job } = noting('a', 10_000);
  scheduler.every(job);
  await clock.run(20_000);
  const wallBefore = clock.now();
  ticks.length = 0;
  jump(clock);
  await clock.run(1000);
  expect(gaps.map((gap) => gap.kind)).toEqual([kind]);
  expect(gaps[0]?.fromMs).toBeGreaterThan(wallBefore - 1001);
  expect(gaps[0]?.toMs).toBeLessThanOrEqual(clock.now());
  expect(ticks.length).toBeLessThanOrEqual(1);
  await clock.run(19_000);
  expect(ticks).toHaveLength(2);
  expect(ticks.map((tick) => tick.scheduledAt % 10_000)).toEqual(Array(2).fill(phaseOffsetMs('a', 10_000)));
  expect(gaps).toHaveLength(1);
});

test('a run that the machine slept through is aborted with a reason that says so', async () => {
  const { clock, scheduler } = stage();
  const signals: AbortSignal[] = [];
  scheduler.every({
    key: 'a',
    intervalMs: 60_000,
    timeoutMs: 50_000,
    isEager: true,
    run: (tick) => {
      signals.push(tick.signal);
      return new Promise((resolve) => {
        tick.signal.addEventListener('abort', () => {
          resolve();
        });
      });
    },
  });
  await clock.run(1500);
  clock.sleep(600_000);
  await clock.run(1000);
  expect(signals.map(isSleptThrough)).toEqual([true]);
  expect(scheduler.stats().running).toBe(0);
});

test('between suspend and resume nothing starts, and resume tells the gap', async () => {
  const { clock, scheduler, gaps } = stage();
  const { ticks, job } = noting('a', 1000);
  scheduler.every(job);
  await clock.run(2000);
  const suspendedAt = clock.now();
  scheduler.suspend();
  await clock.run(5000);
  expect(ticks).toHaveLength(2);
  clock.sleep(60_000);
  scheduler.resume();
  expect(gaps).toEqual([{ kind: 'sleep', fromMs: suspendedAt, toMs: clock.now() }]);
  scheduler.resume();
  await clock.run(2000);
  expect([gaps.length, ticks.length]).toEqual([1, 4]);
});

test('a suspend whose resume never comes ends by itself', async () => {
  const { clock, scheduler, gaps } = stage();
  const { ticks, job } = noting('a', 1000);
  scheduler.every(job);
  scheduler.suspend();
  await clock.run(40_000);
  expect(gaps).toHaveLength(1);
  expect(ticks.length).toBeGreaterThan(5);
});

test('slow corrections of the wall clock move the ticks along and are no gap', async () => {
  const { clock, scheduler, gaps } = stage();
  const { ticks, job } = noting('a', 10_000);
  scheduler.every(job);
  for (let i = 0; i < 100; i++) {
    await clock.run(1000);
    clock.stepWall(20);
  }
  expect(gaps).toHaveLength(0);
  expect(new Set(ticks.map((tick) => tick.scheduledAt % 10_000))).toEqual(new Set([phaseOffsetMs('a', 10_000)]));
  expect(Math.abs((ticks.at(-1)?.scheduledAt ?? 0) - clock.now())).toBeLessThan(10_000);
});

test('a disposed key stops, its run is aborted, and stop leaves no timer', async () => {
  const { clock, scheduler } = stage();
  const signals: AbortSignal[] = [];
  const dispose = scheduler.every({
    key: 'a',
    intervalMs: 1000,
    run: (tick) => {
      signals.push(tick.signal);
      return new Promise(() => undefined);
    },
  });
  await clock.run(1000);
  dispose();
  expect(signals[0]?.aborted).toBe(true);
  const { ticks, job } = noting('b', 1000);
  scheduler.every(job);
  await clock.run(2000);
  expect([signals.length, ticks.length, scheduler.stats().jobs]).toEqual([1, 2, 1]);
  scheduler.stop();
  expect(clock.pendingTimers()).toBe(0);
  await clock.run(5000);
  expect(ticks).toHaveLength(2);
  expect(clock.pendingTimers()).toBe(0);
});
