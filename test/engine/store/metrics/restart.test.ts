import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricStore } from '../../../../electron/engine/store/metrics/index.ts';
import { EVERYTHING, named, seededRandom, series, shown, START_MS, STEP_MS, storeFolder } from './fixture.ts';

const at = (step: number): number => START_MS + step * STEP_MS;

describe('a metric store that is opened again', () => {
  let folder: ReturnType<typeof storeFolder>;
  beforeEach(() => {
    folder = storeFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  /** Append, and make chunks of it or leave it in the log. */
  function write(store: MetricStore, steps: readonly number[], isCut: boolean): number {
    const ref = store.ref(series('m'));
    for (const step of steps) store.append(ref, at(step), step);
    if (isCut) folder.time.nowMs += 3_600_000;
    store.commit();
    if (isCut) store.commit();
    return ref;
  }

  for (const isCut of [false, true]) {
    const where = isCut ? 'in a chunk' : 'in the log';

    it(`lets the first value at a time stand that lies ${where}`, () => {
      const before = folder.open();
      write(before, [0, 1, 2], isCut);
      before.close();
      const store = folder.open();
      const ref = store.ref(series('m'));
      store.append(ref, at(1), 99);
      store.append(ref, at(2), 2);
      store.append(ref, at(3), 3);
      expect(shown(store.select(named('m'), 0, Infinity))).toEqual({ m: '0:0 1:1 2:2 3:3' });
      store.close();
      expect(shown(folder.open().select(named('m'), 0, Infinity))).toEqual({ m: '0:0 1:1 2:2 3:3' });
    });

    it(`knows how far a series had come whose samples lie ${where}`, () => {
      const before = folder.open();
      write(before, [0, 1, 100], isCut);
      before.close();
      const store = folder.open();
      const ref = store.ref(series('m'));
      store.append(ref, at(2), 2); // 24 minutes old
      store.append(ref, at(80), 80); // five minutes old
      expect(shown(store.select(named('m'), 0, Infinity))).toEqual({ m: '0:0 1:1 80:80 100:100' });
      expect(store.stats()).toMatchObject({ outOfOrderRefused: 1, outOfOrderAccepted: 1 });
    });

    it(`keeps the end of a series ${where}, and its return`, () => {
      const before = folder.open();
      const ref = before.ref(series('m'));
      before.append(ref, at(0), 1);
      before.appendStale(ref, at(1));
      write(before, [], isCut);
      before.close();
      const store = folder.open();
      const again = store.ref(series('m'));
      store.append(again, at(1), 5);
      store.append(again, at(3), 2);
      expect(shown(store.select(named('m'), 0, Infinity))).toEqual({ m: '0:1 1:stale 3:2' });
    });
  }

  it('is what it was, whatever scrapes brought: series that miss one, end, come late, or hold special values', () => {
    const random = seededRandom(7);
    const before = folder.open({ commitBudgetMs: 0 });
    const special = [NaN, -0, Infinity, 0.1];
    for (let step = 0; step < 150; step++) {
      for (let target = 0; target < 3; target++) {
        for (let n = 0; n < 40; n++) {
          if (random() < 0.03) continue;
          const ref = before.ref(series('m', { job: 'j', instance: String(target), n: String(n) }));
          const lateBy = random() < 0.01 ? 3 : 0;
          const time = at(step - lateBy) + target * 100;
          const value = random() < 0.05 ? (special[Math.floor(random() * 4)] ?? 0) : step + n;
          if (random() < 0.02) before.appendStale(ref, time);
          else before.append(ref, time, value);
        }
        folder.time.nowMs += 5000;
        before.commit();
      }
    }
    const { headSamples, chunks } = before.stats();
    expect(chunks).toBeGreaterThan(0);
    expect(headSamples).toBeGreaterThan(1000);
    const was = shown(before.select(EVERYTHING, 0, Infinity));
    before.close();
    const store = folder.open();
    expect(shown(store.select(EVERYTHING, 0, Infinity))).toEqual(was);
    expect(store.stats()).toMatchObject({ headSamples, series: 120 });
  });
});
