import { describe, expect, test } from 'vitest';
import { timeTicks, valueAxis } from '../../../renderer/chart/ticks.ts';

const MINUTE = 60_000;

describe('ticks of time', () => {
  test('stand on round moments and are not more than wanted', () => {
    const start = new Date(2026, 10, 22, 13, 2, 11).getTime();
    const ticks = timeTicks(start, start + 60 * MINUTE, 6, 'en');
    expect(ticks.map(({ label }) => label)).toEqual(['13:10', '13:20', '13:30', '13:40', '13:50', '14:00']);
  });

  test('show the day at midnight', () => {
    const start = new Date(2026, 10, 21, 20).getTime();
    const ticks = timeTicks(start, start + 12 * 60 * MINUTE, 4, 'en');
    expect(ticks.map(({ label }) => label)).toEqual(['21:00', 'Nov 22', '03:00', '06:00']);
  });

  test('show seconds in short ranges', () => {
    const start = new Date(2026, 10, 22, 13, 2, 0).getTime();
    expect(timeTicks(start, start + MINUTE, 4, 'en').map(({ label }) => label)).toEqual([
      '13:02:00',
      '13:02:15',
      '13:02:30',
      '13:02:45',
      '13:03:00',
    ]);
  });

  test('count days by the calendar in long ranges', () => {
    const start = new Date(2026, 9, 20).getTime();
    const ticks = timeTicks(start, new Date(2026, 10, 20).getTime(), 5, 'en');
    expect(ticks.length).toBeLessThanOrEqual(5);
    for (const { value } of ticks) expect(new Date(value).getHours()).toBe(0);
  });
});

describe('the axis of values', () => {
  test('stands on steps of 1, 2 or 5 and holds every value', () => {
    expect(valueAxis(0.12, 0.31, 4, 'ratio')).toEqual({ min: 0, max: 0.4, ticks: [0, 0.1, 0.2, 0.3, 0.4] });
    expect(valueAxis(3, 873, 4, 'none')).toEqual({ min: 0, max: 1000, ticks: [0, 500, 1000] });
  });

  test('stands on powers of two for bytes', () => {
    const { ticks } = valueAxis(0, 5.2 * 2 ** 30, 4, 'bytes');
    expect(ticks).toEqual([0, 2, 4, 6].map((gib) => gib * 2 ** 30));
  });

  test('leaves zero when the values are far from it and close together', () => {
    const axis = valueAxis(1000, 1010, 4, 'none');
    expect(axis.min).toBeGreaterThan(900);
    expect(axis.max).toBeGreaterThanOrEqual(1010);
  });

  test('has a height for values that are all the same', () => {
    expect(valueAxis(0, 0, 4, 'none').max).toBeGreaterThan(0);
    expect(valueAxis(5, 5, 4, 'none')).toMatchObject({ min: 0 });
    const below = valueAxis(-3, -3, 4, 'none');
    expect(below.min).toBeLessThanOrEqual(-3);
    expect(below.max).toBeGreaterThan(below.min);
  });
});
