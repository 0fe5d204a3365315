import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queryInstant, queryRange } from '../../../../electron/engine/query/promql/index.ts';
import type { QueryOutcome } from '../../../../electron/engine/query/promql/index.ts';
import { systemClock } from '../../../../electron/engine/schedule/clock.ts';
import type { MetricRetention } from '../../../../electron/engine/store/metrics/index.ts';
import type { MetricStore } from '../../../../electron/engine/store/metrics/index.ts';
import { formatLabels } from '../../../../shared/model/labels.ts';
import { EVERYTHING, seededRandom, series, START_MS, storeFolder } from './fixture.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 4;
const END_MS = START_MS + DAYS * DAY_MS;
const NEVER: MetricRetention = { maxAgeMs: Infinity, maxSizeBytes: Infinity };
const KEEPS_ROLLUPS = { 300_000: 90 * DAY_MS, 3_600_000: 730 * DAY_MS };

/** Gauges, counters with resets, a series with gaps and ends, and a histogram's worth of near-constants. */
function collect(store: MetricStore, time: { nowMs: number }, days = DAYS): void {
  const random = seededRandom(7);
  const gauge = store.ref(series('gauge', { job: 'a' }));
  const counter = store.ref(series('requests_total', { job: 'a' }));
  const constant = store.ref(series('constant', { job: 'a' }));
  const patchy = store.ref(series('patchy', { job: 'a' }));
  let [level, total] = [50, 0];
  for (let at = START_MS; at <= START_MS + days * DAY_MS; at += MINUTE_MS) {
    const time1 = at - Math.floor(random() * 400) - 100;
    level += random() - 0.5;
    total = random() < 0.002 ? Math.floor(random() * 9) : total + Math.floor(random() * 20);
    store.append(gauge, time1, Math.round(level * 100) / 100);
    store.append(counter, time1, total);
    store.append(constant, time1, 42);
    const hour = Math.floor((at - START_MS) / HOUR_MS);
    if (hour % 5 < 3) store.append(patchy, time1, level);
    else if (hour % 5 === 3 && (at - START_MS) % HOUR_MS === 0) store.appendStale(patchy, time1);
    time.nowMs = at;
    if ((at / MINUTE_MS) % 4 === 0) store.commit();
  }
}

function settle(store: MetricStore): void {
  for (let i = 0; i < 3000; i++) {
    store.commit();
    if (store.enforceRetention().isDone && i > 200) return;
  }
  throw new Error('retention never ends');
}

type Points = Record<string, Record<string, number>>;

function points(outcome: QueryOutcome): Points {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  const { value } = outcome;
  if (value.type !== 'matrix') throw new Error(`a ${value.type}`);
  return Object.fromEntries(
    value.series.map(({ labels, timestamps, values }) => [
      formatLabels(labels),
      Object.fromEntries(Array.from(timestamps, (at, i) => [String((at - START_MS) / MINUTE_MS), values[i] as number])),
    ]),
  );
}

async function ask(store: MetricStore, expr: string, startMs: number, endMs: number, stepMs: number): Promise<Points> {
  return points(await queryRange(store, expr, { clock: systemClock, startMs, endMs, stepMs }));
}

/** The largest distance, in shares of the expected value (or of one, where that is smaller). */
function largestError(expected: Points, actual: Points): number {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  let worst = 0;
  for (const [name, column] of Object.entries(expected)) {
    expect(Object.keys(actual[name] ?? {}), name).toEqual(Object.keys(column));
    for (const [at, value] of Object.entries(column)) {
      const distance = Math.abs((actual[name]?.[at] ?? NaN) - value) / Math.max(1, Math.abs(value));
      expect(distance, `${name} at ${at}`).not.toBeNaN();
      worst = Math.max(worst, distance);
    }
  }
  return worst;
}

const EXACT = [
  'gauge',
  'patchy',
  'requests_total',
  'rate(requests_total[WINDOW])',
  'increase(requests_total[WINDOW])',
  'delta(gauge[WINDOW])',
  'avg_over_time(gauge[WINDOW])',
  'avg_over_time(patchy[WINDOW])',
  'sum_over_time(gauge[WINDOW])',
  'count_over_time(patchy[WINDOW])',
  'min_over_time(gauge[WINDOW])',
  'max_over_time(patchy[WINDOW])',
  'first_over_time(gauge[WINDOW])',
  'last_over_time(patchy[WINDOW])',
  'present_over_time(patchy[WINDOW])',
];

describe('rollups', () => {
  let rawFolder: ReturnType<typeof storeFolder>;
  let folder: ReturnType<typeof storeFolder>;
  let raw: MetricStore;
  beforeEach(() => {
    rawFolder = storeFolder();
    folder = storeFolder();
    raw = rawFolder.open({ retention: NEVER });
    collect(raw, rawFolder.time);
  });
  afterEach(() => {
    rawFolder.remove();
    folder.remove();
  });

  function rolled(retention: Partial<MetricRetention> = {}): MetricStore {
    const store = folder.open({ retention: { ...NEVER, rollupAgeMs: KEEPS_ROLLUPS, ...retention } });
    collect(store, folder.time);
    settle(store);
    return store;
  }

  it('give what the samples gave, for windows that begin and end with a bucket', async () => {
    const store = rolled({ maxAgeMs: 1.5 * DAY_MS });
    expect(store.stats().oldestSampleMs).toBeLessThan(START_MS + HOUR_MS);
    for (const template of EXACT) {
      for (const [window, stepMs] of [
        ['5m', 5 * MINUTE_MS],
        ['30m', 15 * MINUTE_MS],
        ['2h', HOUR_MS],
      ] as const) {
        const expr = template.replace('WINDOW', window);
        const range = [START_MS + 2 * HOUR_MS, END_MS, stepMs] as const;
        expect(largestError(await ask(raw, expr, ...range), await ask(store, expr, ...range)), expr).toBeLessThan(1e-9);
      }
    }
  });

  it('stay near the samples for windows that begin and end anywhere', async () => {
    const store = rolled({ maxAgeMs: 1.5 * DAY_MS });
    const range = [START_MS + 3 * HOUR_MS + 17_000, START_MS + 2 * DAY_MS, 7 * MINUTE_MS + 13_000] as const;
    const error = async (expr: string): Promise<number> =>
      largestError(await ask(raw, expr, ...range), await ask(store, expr, ...range));
    expect(await error('gauge')).toBeLessThan(0.05);
    expect(await error('avg_over_time(gauge[1h])')).toBeLessThan(0.01);
    expect(await error('max_over_time(gauge[1h])')).toBeLessThan(0.05);
    expect(await error('constant')).toBe(0);
    expect(await error('quantile_over_time(0.5, gauge[1h])')).toBeLessThan(0.05);
    expect(await error('sum_over_time(constant[1h])')).toBeLessThan(0.05);
    const [exact, near] = [
      await ask(raw, 'rate(requests_total[1h])', ...range),
      await ask(store, 'rate(requests_total[1h])', ...range),
    ];
    expect(largestError(exact, near)).toBeLessThan(0.02);
    // Narrower than a bucket: what the bucket holds is spread over it, so that there is always an answer.
    const narrow = await ask(store, 'rate(requests_total[5m])', ...range);
    expect(Object.values(narrow)).toHaveLength(1);
    expect(Object.keys(Object.values(narrow)[0] ?? {}).length).toBeGreaterThan(350);
  });

  it('of an hour take over where those of five minutes end', async () => {
    const store = rolled({ maxAgeMs: DAY_MS, rollupAgeMs: { 300_000: 2 * DAY_MS, 3_600_000: 730 * DAY_MS } });
    for (const template of EXACT) {
      const expr = template.replace('WINDOW', '3h');
      const range = [START_MS + 3 * HOUR_MS, END_MS, HOUR_MS] as const;
      expect(largestError(await ask(raw, expr, ...range), await ask(store, expr, ...range)), expr).toBeLessThan(1e-9);
    }
    const [old, whole] = [
      await ask(store, 'gauge', START_MS + HOUR_MS, START_MS + DAY_MS, 90_000),
      await ask(raw, 'gauge', START_MS + HOUR_MS, START_MS + DAY_MS, 90_000),
    ];
    expect(largestError(whole, old)).toBeLessThan(0.15);
  });

  it('leave answers to the samples while there are samples, unless they say the same', async () => {
    const store = rolled();
    for (const expr of ['rate(requests_total[7m])', 'stddev_over_time(gauge[1h])', 'irate(requests_total[10m])']) {
      const range = [START_MS + DAY_MS, START_MS + 2 * DAY_MS, 5 * MINUTE_MS] as const;
      expect(await ask(store, expr, ...range), expr).toEqual(await ask(raw, expr, ...range));
    }
    const hour = { use: 'mean', firstMs: START_MS + HOUR_MS, stepMs: HOUR_MS, rangeMs: HOUR_MS } as const;
    const [columns] = store.select(EVERYTHING, START_MS, START_MS + DAY_MS, hour);
    expect(columns?.timestamps.length).toBeLessThan(30);
    expect(store.select(EVERYTHING, START_MS, START_MS + DAY_MS)[0]?.timestamps.length).toBeGreaterThan(800);
  });

  it('say nothing about the first minutes of a history that has its samples', async () => {
    const store = rolled();
    const range = [START_MS - 2 * MINUTE_MS, START_MS + 2 * HOUR_MS, 30_000] as const;
    for (const expr of ['gauge', 'irate(requests_total[5m])', 'rate(requests_total[5m])']) {
      expect(await ask(store, expr, ...range), expr).toEqual(await ask(raw, expr, ...range));
    }
  });

  it('keep the end of a series', async () => {
    const store = rolled({ maxAgeMs: DAY_MS });
    const timeMs = START_MS + 3 * HOUR_MS + 5 * MINUTE_MS;
    const at = async (one: MetricStore): Promise<unknown> =>
      queryInstant(one, 'patchy', { clock: systemClock, timeMs });
    expect(await at(store)).toEqual(await at(raw));
    expect(await at(store)).toMatchObject({ value: { samples: [] } });
  });

  it('are read again after a restart and deleted when they are too old themselves', async () => {
    const retention = { ...NEVER, maxAgeMs: DAY_MS, rollupAgeMs: KEEPS_ROLLUPS };
    rolled(retention).close();
    const again = folder.open({ retention });
    const range = [START_MS + HOUR_MS, END_MS, HOUR_MS] as const;
    const expr = 'increase(requests_total[1h])';
    expect(largestError(await ask(raw, expr, ...range), await ask(again, expr, ...range))).toBeLessThan(1e-9);
    again.close();
    folder.time.nowMs = END_MS + 800 * DAY_MS;
    const late = folder.open({ retention });
    settle(late);
    expect(late.stats()).toMatchObject({ series: 0, chunks: 0 });
    expect(late.select(EVERYTHING, 0, Infinity)).toEqual([]);
  });

  it('go with the oldest history when the database grows too large', () => {
    const store = rolled({ maxAgeMs: DAY_MS, maxSizeBytes: 45_000 });
    expect(store.stats().sizeBytes).toBeLessThanOrEqual(45_000);
    expect(store.stats().oldestSampleMs).toBeGreaterThan(START_MS + DAY_MS);
  });
});
