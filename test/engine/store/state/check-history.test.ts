import { expect, test } from 'vitest';
import { createResponseSketch } from '../../../../electron/engine/collect/judge/response-sketch.ts';
import { openStateStore } from '../../../../electron/engine/store/state/index.ts';
import type { StateStore } from '../../../../electron/engine/store/state/index.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;

function openStore(): { store: StateStore; history: StateStore['checkHistory'] } {
  const store = openStateStore({ file: ':memory:', clock: createManualClock(NOW), log: () => undefined });
  return { store, history: store.checkHistory };
}

test('durations are cut to the range that is asked for', () => {
  const { history } = openStore();
  const one = (state: 'up' | 'down', fromMs: number, untilMs: number) => ({
    check: 'api',
    state,
    reason: null,
    fromMs,
    untilMs,
  });
  history.save({
    intervals: [one('up', 0, 100), one('down', 100, 130), one('up', 130, 200)],
    sketches: [],
    standings: [],
  });
  expect(history.durationsOf('api', { fromMs: 50, toMs: 150 })).toEqual({ up: 70, down: 30 });
  expect(history.durations({ fromMs: 0, toMs: 120 }).get('api')).toEqual({ up: 100, down: 20 });
  expect(history.durationsOf('other', { fromMs: 0, toMs: 200 })).toEqual({});
});

test('an interval that goes on replaces itself', () => {
  const { history } = openStore();
  for (const untilMs of [100, 300]) {
    const intervals = [{ check: 'api', state: 'down' as const, reason: 'refused', fromMs: 100, untilMs }];
    history.save({ intervals, sketches: [], standings: [] });
  }
  expect(history.intervals('api', { fromMs: 0, toMs: 999 }, ['down'], 9)).toEqual([
    { check: 'api', state: 'down', reason: 'refused', fromMs: 100, untilMs: 300 },
  ]);
});

test('what no range reaches is dropped: intervals after 92 days, hours after two', () => {
  const { store, history } = openStore();
  const packed = ((sketch) => (sketch.add(5), sketch.pack()))(createResponseSketch());
  const slot = (unit: 'hour' | 'day', startMs: number) => ({ check: 'api', unit, startMs, packed });
  history.save({
    intervals: [
      { check: 'api', state: 'down', reason: null, fromMs: NOW - 94 * DAY, untilMs: NOW - 93 * DAY },
      { check: 'api', state: 'up', reason: null, fromMs: NOW - 93 * DAY, untilMs: NOW },
    ],
    sketches: [
      slot('hour', NOW - 3 * DAY),
      slot('hour', NOW - DAY),
      slot('day', NOW - 93 * DAY),
      slot('day', NOW - 90 * DAY),
    ],
    standings: [],
  });
  store.prune();
  expect(history.durationsOf('api', { fromMs: 0, toMs: NOW })).toEqual({ up: 93 * DAY });
  expect([history.sketches('api', 'hour', 0).length, history.sketches('api', 'day', 0).length]).toEqual([1, 1]);
});

test('a maintenance by hand is over when its time is, or when it is ended', () => {
  const { store } = openStore();
  const begin = (untilMs: number) =>
    store.maintenances.begin({ name: 'move', checks: ['api'], matchers: [], fromMs: NOW, untilMs }).id;
  const [first, second] = [begin(NOW + 1000), begin(NOW + 5000)];
  expect(store.maintenances.list(NOW).map(({ id }) => id)).toEqual([first, second]);
  expect(store.maintenances.list(NOW + 2000)).toMatchObject([{ id: second, checks: ['api'] }]);
  expect([store.maintenances.end(second, NOW + 2000), store.maintenances.end(second, NOW + 2000)]).toEqual([
    true,
    false,
  ]);
});
