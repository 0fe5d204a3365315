import { describe, expect, test } from 'vitest';
import { readRangeSearch } from '../../../renderer/range/range-search.ts';
import {
  beginAt,
  endsNow,
  liveIntervalMs,
  parseTime,
  rangeOf,
  resolveRange,
  shiftSpan,
  zoomOut,
} from '../../../renderer/range/time-range.ts';

const NOW = new Date(2026, 10, 22, 14, 2, 11).getTime();
const HOUR = 3_600_000;

describe('a time as a person writes it', () => {
  test('counts from now', () => {
    expect(parseTime('now', NOW)).toBe(NOW);
    expect(parseTime('now-90m', NOW)).toBe(NOW - 90 * 60_000);
    expect(parseTime(' now+1d ', NOW)).toBe(NOW + 24 * HOUR);
  });

  test('may be the start of an hour, a day, a week or a month', () => {
    expect(parseTime('now/h', NOW)).toBe(new Date(2026, 10, 22, 14).getTime());
    expect(parseTime('now/d', NOW)).toBe(new Date(2026, 10, 22).getTime());
    expect(parseTime('now-1d/d', NOW)).toBe(new Date(2026, 10, 21).getTime());
    expect(parseTime('now/w', NOW)).toBe(new Date(2026, 10, 16).getTime());
    expect(parseTime('now/M', NOW)).toBe(new Date(2026, 10, 1).getTime());
  });

  test('counts months and years by the calendar', () => {
    expect(parseTime('now-1M', NOW)).toBe(new Date(2026, 9, 22, 14, 2, 11).getTime());
    expect(parseTime('now-1y', NOW)).toBe(new Date(2025, 10, 22, 14, 2, 11).getTime());
  });

  test('may be milliseconds or a local date', () => {
    expect(parseTime('1760000000000', NOW)).toBe(1_760_000_000_000);
    expect(parseTime('2026-11-22', NOW)).toBe(new Date(2026, 10, 22).getTime());
    expect(parseTime('2026-11-22 14:00', NOW)).toBe(new Date(2026, 10, 22, 14).getTime());
  });

  test('is nothing when it cannot be read', () => {
    for (const text of ['', 'yesterday', 'now-', 'now-1x', '12', '2026-13-40 99:00']) {
      expect(parseTime(text, NOW)).toBeNull();
    }
  });
});

test('a range in the wrong order falls back to the last hour', () => {
  expect(resolveRange({ from: 'now', to: 'now-1h' }, NOW)).toEqual({ start: NOW - HOUR, end: NOW });
  expect(resolveRange({ from: 'nonsense', to: 'now' }, NOW)).toEqual({ start: NOW - HOUR, end: NOW });
});

test('only a range that ends now can be live', () => {
  expect(endsNow({ from: 'now-1h', to: 'now' })).toBe(true);
  expect(endsNow({ from: 'now-1d/d', to: 'now/d' })).toBe(false);
});

test('a shift keeps the length and never passes now', () => {
  const span = { start: NOW - 4 * HOUR, end: NOW - 3 * HOUR };
  expect(shiftSpan(span, -0.5, NOW)).toEqual({ start: NOW - 4.5 * HOUR, end: NOW - 3.5 * HOUR });
  expect(shiftSpan({ start: NOW - HOUR, end: NOW }, 0.5, NOW)).toEqual({ start: NOW - HOUR, end: NOW });
});

test('zooming out doubles the range around its middle and never passes now', () => {
  const span = { start: NOW - 6 * HOUR, end: NOW - 4 * HOUR };
  expect(zoomOut(span, NOW)).toEqual({ start: NOW - 7 * HOUR, end: NOW - 3 * HOUR });
  expect(zoomOut({ start: NOW - HOUR, end: NOW }, NOW)).toEqual({ start: NOW - 2 * HOUR, end: NOW });
});

test('an absolute range survives its text', () => {
  const span = { start: NOW - HOUR, end: NOW };
  expect(resolveRange(rangeOf(span), NOW + 5 * HOUR)).toEqual(span);
});

test('longer ranges are refreshed less often, none faster than a second', () => {
  expect([300_000, HOUR, 6 * HOUR, 24 * HOUR, 720 * HOUR].map(liveIntervalMs)).toEqual([
    1000, 5000, 15_000, 30_000, 60_000,
  ]);
});

describe('the range in an address', () => {
  test('is read when both ends can be understood', () => {
    expect(readRangeSearch({ from: 'now-6h', to: 'now', live: 'off' })).toEqual({
      from: 'now-6h',
      to: 'now',
      live: 'off',
    });
    expect(readRangeSearch({ from: 1_760_000_000_000, to: 1_760_000_360_000 })).toEqual({
      from: '1760000000000',
      to: '1760000360000',
    });
  });

  test('is left out when it is the default or nonsense', () => {
    expect(readRangeSearch({ from: 'now-1h', to: 'now' })).toEqual({});
    expect(readRangeSearch({ from: 'x', to: 'now', live: true })).toEqual({});
    expect(readRangeSearch({ from: 'now-6h' })).toEqual({});
  });
});

describe('the part of a range that can be known', () => {
  const hour = { start: NOW - HOUR, end: NOW };
  test('begins where the history does, and is at least a minute long', () => {
    expect(beginAt(hour, NOW - 600_000)).toEqual({ start: NOW - 600_000, end: NOW });
    expect(beginAt(hour, NOW - 3000)).toEqual({ start: NOW - 60_000, end: NOW });
  });
  test('is the whole range when the history is longer, unknown, or begins after it', () => {
    for (const knownFrom of [NOW - 2 * HOUR, null, NOW + 1]) expect(beginAt(hour, knownFrom)).toEqual(hour);
  });
});
