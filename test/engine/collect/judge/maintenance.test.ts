import { describe, expect, test } from 'vitest';
import { createMaintenance } from '../../../../electron/engine/collect/judge/maintenance.ts';
import type { ManualMaintenance, ManualMaintenances } from '../../../../electron/engine/collect/judge/maintenance.ts';
import { compileWindow } from '../../../../electron/engine/collect/judge/maintenance-window.ts';
import type { MaintenanceConfig, MaintenanceTimes } from '../../../../electron/engine/config/configuration.ts';

const HOUR_MS = 3_600_000;

function config(times: MaintenanceTimes, changes: Partial<MaintenanceConfig> = {}): MaintenanceConfig {
  return { name: 'backup', checks: [], matchers: [], times, ...changes };
}

function recurring(changes: Partial<Extract<MaintenanceTimes, { kind: 'recurring' }>>): MaintenanceTimes {
  return {
    kind: 'recurring',
    atMinutes: 120,
    durationMs: HOUR_MS,
    weekdays: null,
    daysOfMonth: null,
    timeZone: 'UTC',
    ...changes,
  };
}

/** From and until in UTC, or null. */
function active(times: MaintenanceTimes, at: string): string | null {
  const time = compileWindow(config(times)).activeAt(Date.parse(at));
  return time === null
    ? null
    : [time.fromMs, time.untilMs].map((ms) => new Date(ms).toISOString().slice(5, 16)).join(' ');
}

describe('a recurring window', () => {
  test('is active from its time for its duration, also over midnight', () => {
    expect(active(recurring({}), '2026-11-22T01:59:59Z')).toBeNull();
    expect(active(recurring({}), '2026-11-22T02:00:00Z')).toBe('11-22T02:00 11-22T03:00');
    expect(active(recurring({}), '2026-11-22T03:00:00Z')).toBeNull();
    const late = recurring({ atMinutes: 23 * 60, durationMs: 4 * HOUR_MS });
    expect(active(late, '2026-11-22T02:00:00Z')).toBe('11-21T23:00 11-22T03:00');
  });
  test('keeps to weekdays and days of the month by the day on which it begins', () => {
    const sunday = recurring({ weekdays: [0], atMinutes: 23 * 60, durationMs: 4 * HOUR_MS });
    expect(active(sunday, '2026-11-23T01:00:00Z')).toBe('11-22T23:00 11-23T03:00');
    expect(active(sunday, '2026-11-24T01:00:00Z')).toBeNull();
    const lastDay = recurring({ daysOfMonth: [-1] });
    expect(active(lastDay, '2028-02-29T02:30:00Z')).toBe('02-29T02:00 02-29T03:00');
    expect(active(lastDay, '2028-02-28T02:30:00Z')).toBeNull();
  });
  test('follows the clock of its zone over summer time', () => {
    const berlin = recurring({ atMinutes: 4 * 60, timeZone: 'Europe/Berlin' });
    expect(active(berlin, '2026-07-01T02:30:00Z')).toBe('07-01T02:00 07-01T03:00');
    expect(active(berlin, '2026-12-01T03:30:00Z')).toBe('12-01T03:00 12-01T04:00');
    // 02:30 does not exist on 29 March, and comes twice on 25 October: once each, for an hour.
    const gap = recurring({ atMinutes: 150, timeZone: 'Europe/Berlin' });
    expect(active(gap, '2026-03-29T01:45:00Z')).toBe('03-29T01:30 03-29T02:30');
    expect(active(gap, '2026-10-25T00:45:00Z')).toBe('10-25T00:30 10-25T01:30');
    expect(active(gap, '2026-10-25T01:45:00Z')).toBeNull();
  });
  test('knows when it comes next', () => {
    const window = compileWindow(config(recurring({ weekdays: [3] })));
    expect(new Date(window.nextAfter(Date.parse('2026-11-22T00:00:00Z'))?.fromMs ?? 0).toISOString()).toContain(
      '2026-11-25T02:00',
    );
  });
});

/** Kept for as long as the test lasts. */
function manualDouble(): ManualMaintenances {
  const all: ManualMaintenance[] = [];
  return {
    list: (nowMs) => all.filter(({ untilMs }) => untilMs > nowMs),
    begin(maintenance) {
      const begun = { id: all.length + 1, ...maintenance };
      all.push(begun);
      return begun;
    },
    end(id, nowMs) {
      const at = all.findIndex((one) => one.id === id && one.untilMs > nowMs);
      const found = all[at];
      if (found === undefined) return false;
      all[at] = { ...found, untilMs: nowMs };
      return true;
    },
  };
}

const api = { name: 'api', labels: { check: 'api', team: 'core' } };
const db = { name: 'db', labels: { check: 'db', team: 'data' } };
const once = { kind: 'once', fromMs: 1000, untilMs: 9000 } as const;

test('a window covers checks by name, by labels, or all', () => {
  const covers = (changes: Partial<MaintenanceConfig>): string =>
    [api, db]
      .filter((check) => compileWindow(config(once, changes)).covers(check))
      .map(({ name }) => name)
      .join();
  expect(covers({})).toBe('api,db');
  expect(covers({ checks: ['db'] })).toBe('db');
  expect(covers({ matchers: [{ name: 'team', operator: '=~', value: 'co.*' }] })).toBe('api');
  expect(covers({ checks: ['db'], matchers: [{ name: 'team', operator: '=', value: 'core' }] })).toBe('api,db');
});

test('of several windows the one that lasts longest is told, and one by hand can be ended', () => {
  let changes = 0;
  const maintenance = createMaintenance([config(once)], manualDouble(), () => (changes += 1));
  expect(maintenance.at(api, 2000)).toMatchObject({ name: 'backup', id: null, untilMs: 9000 });
  const { id } = maintenance.begin({ name: 'move', checks: ['api'], matchers: [], fromMs: 2000, untilMs: 20_000 });
  expect(maintenance.at(api, 2500)).toMatchObject({ name: 'move', id });
  expect(maintenance.at(db, 2500)).toMatchObject({ name: 'backup' });
  expect([maintenance.end(id, 3000), maintenance.end(id, 3000), changes]).toEqual([true, false, 2]);
  expect(maintenance.at(api, 3500)).toMatchObject({ name: 'backup' });
  maintenance.update([]);
  expect([maintenance.at(api, 4500), maintenance.list(4500)]).toEqual([null, []]);
});
