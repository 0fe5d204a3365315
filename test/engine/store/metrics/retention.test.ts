import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SERIES_LIMITS, type MetricStore } from '../../../../electron/engine/store/metrics/index.ts';
import { EVERYTHING, named, seededRandom, series, shown, START_MS, STEP_MS, storeFolder } from './fixture.ts';

const HOUR_MS = 3_600_000;
const at = (step: number): number => START_MS + step * STEP_MS;

describe('retention of metrics', () => {
  let folder: ReturnType<typeof storeFolder>;
  beforeEach(() => {
    folder = storeFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  function scrape(store: MetricStore, from: number, to: number, instance: string, count = 40): void {
    const random = seededRandom(from);
    const refs = Array.from({ length: count }, (_, n) => store.ref(series(`m${String(n)}`, { instance })));
    for (let step = from; step < to; step++) {
      for (const ref of refs) store.append(ref, at(step), random());
      folder.time.nowMs = at(step);
      store.commit();
    }
  }

  function enforce(store: MetricStore): number {
    for (let slices = 1; slices < 1000; slices++) if (store.enforceRetention().isDone) return slices;
    throw new Error('retention never ends');
  }

  it('deletes chunks that are too old, and series that have nothing left', () => {
    const store = folder.open({ retention: { maxAgeMs: 10 * HOUR_MS, maxSizeBytes: Infinity } });
    scrape(store, 0, 1000, 'old');
    scrape(store, 1000, 4000, 'new');
    enforce(store);
    const cutoffMs = at(3999) - 10 * HOUR_MS;
    expect(store.labelValues('instance', [], 0, Infinity)).toEqual(['new']);
    expect(store.select(EVERYTHING, 0, at(999))).toEqual([]);
    const [columns] = store.select(named('m7'), 0, Infinity);
    expect(columns?.timestamps[0]).toBeGreaterThan(cutoffMs - 3 * HOUR_MS);
    expect(columns?.timestamps[0]).toBeLessThanOrEqual(cutoffMs);
    expect(columns?.timestamps.at(-1)).toBe(at(3999));
    expect(store.stats()).toMatchObject({ series: 40, oldestSampleMs: columns?.timestamps[0] });
  });

  it('remembers after a restart which series went', () => {
    const retention = { maxAgeMs: 5 * HOUR_MS, maxSizeBytes: Infinity };
    const before = folder.open({ retention });
    scrape(before, 0, 600, 'old');
    scrape(before, 600, 3000, 'new', 2);
    enforce(before);
    before.close();
    const after = folder.open({ retention });
    expect(after.stats().series).toBe(2);
    scrape(after, 3000, 3010, 'third', 3);
    expect(after.stats().series).toBe(5);
    expect(after.select(named('m2'), 0, Infinity).map(({ timestamps }) => timestamps.length)).toEqual([10]);
  });

  it('takes samples of a series that went, under the number its collector still has', () => {
    const store = folder.open({ retention: { maxAgeMs: HOUR_MS, maxSizeBytes: Infinity } });
    const ref = store.ref(series('sleeper'));
    store.append(ref, at(0), 1);
    scrape(store, 1, 2000, 'a');
    enforce(store);
    expect(store.select(named('sleeper'), 0, Infinity)).toEqual([]);
    store.append(ref, at(2000), 2);
    store.close();
    expect(shown(folder.open().select(named('sleeper'), 0, Infinity))).toEqual({ sleeper: '2000:2' });
  });

  it('deletes the oldest chunks until the database fits, and gives space back', () => {
    const maxSizeBytes = 700_000;
    const store = folder.open({ retention: { maxAgeMs: Infinity, maxSizeBytes } });
    scrape(store, 0, 4000, 'a');
    expect(store.stats().sizeBytes).toBeGreaterThan(maxSizeBytes);
    enforce(store);
    expect(store.stats().sizeBytes).toBeLessThanOrEqual(maxSizeBytes);
    const [columns] = store.select(named('m1'), 0, Infinity);
    expect(columns?.timestamps[0]).toBeGreaterThan(at(1000));
    store.close();
    expect(statSync(folder.file).size).toBeLessThan(maxSizeBytes * 1.6);
    expect(columns?.timestamps.at(-1)).toBe(at(3999));
  });

  it('goes in slices of a bounded number of chunks', () => {
    const store = folder.open({ retention: { maxAgeMs: HOUR_MS, maxSizeBytes: Infinity } });
    for (let n = 0; n < 10; n++) scrape(store, n * 100, (n + 1) * 100, String(n), 100);
    folder.time.nowMs += 40 * 60_000;
    for (let n = 0; n < 100; n++) store.commit();
    folder.time.nowMs += 2 * HOUR_MS;
    const { chunks } = store.stats();
    expect(chunks).toBeGreaterThan(60);
    expect(store.enforceRetention()).toMatchObject({ deletedChunks: 32, isDone: false });
    expect(enforce(store)).toBeGreaterThan(1);
    expect(store.stats()).toMatchObject({ chunks: 0, series: 0, headSamples: 0 });
    expect(store.labelNames([], 0, Infinity)).toEqual([]);
  });

  it('goes by another age as soon as it is told', () => {
    const store = folder.open({ retention: { maxAgeMs: Infinity, maxSizeBytes: Infinity } });
    scrape(store, 0, 1000, 'old');
    scrape(store, 1000, 4000, 'new');
    enforce(store);
    expect(store.labelValues('instance', [], 0, Infinity)).toEqual(['new', 'old']);
    store.configure({ retention: { maxAgeMs: 10 * HOUR_MS, maxSizeBytes: Infinity }, limits: DEFAULT_SERIES_LIMITS });
    enforce(store);
    expect(store.labelValues('instance', [], 0, Infinity)).toEqual(['new']);
  });
});
