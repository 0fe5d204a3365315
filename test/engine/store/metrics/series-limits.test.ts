import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVERYTHING, named, series, START_MS, storeFolder } from './fixture.ts';

describe('limits of series', () => {
  let folder: ReturnType<typeof storeFolder>;
  beforeEach(() => {
    folder = storeFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const limits = { total: 10, metric: 6, target: 4 };

  it('refuse new series of a metric, of a target and in all, and go on with those that are known', () => {
    const store = folder.open({ limits });
    const write = (name: string, instance: string, n: number): void => {
      store.append(store.ref(series(name, { job: 'j', instance, n: String(n) })), START_MS + n, n);
    };
    for (let n = 0; n < 9; n++) write('busy', 'a', n);
    expect(store.stats()).toMatchObject({ series: 4, seriesRefused: { target: 5, metric: 0, total: 0 } });
    for (let n = 0; n < 3; n++) write('busy', 'b', n);
    expect(store.stats()).toMatchObject({ series: 6, seriesRefused: { target: 5, metric: 1, total: 0 } });
    for (let n = 0; n < 9; n++) write('other', `c${String(n)}`, n);
    expect(store.stats()).toMatchObject({ series: 10, seriesLimit: 10, seriesRefused: { total: 5 } });
    expect(store.stats().samplesOfRefused).toBe(11);
    const known = store.ref(series('busy', { job: 'j', instance: 'a', n: '0' }));
    store.append(known, START_MS + 100, 1);
    expect(store.select(named('busy'), START_MS + 50, Infinity)).toHaveLength(1);
    expect(store.select(EVERYTHING, 0, Infinity)).toHaveLength(10);
  });

  it('are told in the log once, with the metric and the target', () => {
    const store = folder.open({ limits });
    for (let n = 0; n < 20; n++) store.ref(series('busy', { job: 'j', instance: 'a', n: String(n) }));
    expect(folder.messages).toEqual([
      'Target "j/a" has 4 series, the most that one may have: new ones are refused. ' +
        'Look for a label with ever new values and drop it at its source.',
    ]);
  });

  it('count what a restart finds', () => {
    const before = folder.open();
    for (let n = 0; n < 4; n++) {
      before.append(before.ref(series('busy', { job: 'j', instance: 'a', n: String(n) })), START_MS, n);
    }
    before.close();
    const store = folder.open({ limits });
    store.append(store.ref(series('busy', { job: 'j', instance: 'a', n: 'new' })), START_MS, 1);
    expect(store.stats()).toMatchObject({ series: 4, seriesRefused: { target: 1 } });
  });

  it('can be changed while the store is open: known series stay, new ones go by the new limits', () => {
    const store = folder.open({ limits });
    const write = (n: number): void => {
      store.append(store.ref(series('busy', { job: 'j', instance: 'a', n: String(n) })), START_MS, n);
    };
    for (let n = 0; n < 6; n++) write(n);
    const retention = { maxAgeMs: Infinity, maxSizeBytes: Infinity };
    store.configure({ retention, limits: { total: 10, metric: 5, target: 10 } });
    for (let n = 0; n < 6; n++) write(n);
    expect(store.stats()).toMatchObject({ series: 5, seriesRefused: { target: 2, metric: 1 } });
    store.configure({ retention, limits: { total: 3, metric: 3, target: 3 } });
    for (let n = 0; n < 6; n++) write(n);
    expect(store.stats()).toMatchObject({ series: 5, seriesLimit: 3 });
  });

  it('say how full they are, and what fills them', () => {
    const store = folder.open({ limits: { total: 8, metric: Infinity, target: 4 } });
    for (let n = 0; n < 3; n++) store.ref(series('busy', { job: 'j', instance: 'a', n: String(n) }));
    store.ref(series('quiet', { job: 'j', instance: 'b' }));
    expect(store.stats().seriesUse).toEqual([
      { limit: 'total', worst: 'busy', series: 4, ratio: 0.5 },
      { limit: 'metric', worst: 'busy', series: 3, ratio: 0 },
      { limit: 'target', worst: 'j/a', series: 3, ratio: 0.75 },
    ]);
  });

  it('leave room for the alert that tells of them', () => {
    const store = folder.open({ limits: { total: 1, metric: 1, target: 1 } });
    for (const name of ['busy', 'other', 'vedette_series_limit_used_ratio', 'ALERTS']) {
      store.append(store.ref(series(name, { job: 'vedette' })), START_MS, 1);
    }
    expect(store.labelValues('__name__', [], 0, Infinity)).toEqual([
      ...['ALERTS', 'busy', 'vedette_series_limit_used_ratio'],
    ]);
  });
});
