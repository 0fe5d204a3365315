import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../../shared/contract/logs.ts';
import {
  appendTail,
  extendNewer,
  extendOlder,
  indexOfEntry,
  openWindow,
  placeWindow,
  WINDOW_LINES,
} from '../../../renderer/pages/logs/list/log-window.ts';

const NOTHING = { entries: [], cursor: null };

function lines(from: number, to: number): LogEntry[] {
  return Array.from({ length: to - from }, (_, index) => ({
    id: `e${String(from + index)}`,
    at: (from + index) * 1000,
    level: 'info' as const,
    source: 'app',
    type: 'application' as const,
    file: '/var/log/app.log',
    text: `line ${String(from + index)}`,
    fields: {},
  }));
}

const numbers = (entries: readonly LogEntry[]): number[] => entries.map(({ at }) => at / 1000);

describe('opening', () => {
  test('at the end, the last line has the last place of the result', () => {
    const window = openWindow({ entries: lines(500, 1000), cursor: 'e500' }, NOTHING, 1000, 1000);
    expect([window.base, window.total]).toEqual([500, 1000]);
    expect(indexOfEntry(window, 'e999')).toBe(999);
  });

  test('a result that fits is known as a whole, whatever was estimated', () => {
    const window = openWindow({ entries: lines(0, 30), cursor: null }, NOTHING, 45, 45);
    expect([window.base, window.total]).toEqual([0, 30]);
  });

  test('in the middle, there is room before and after', () => {
    const window = openWindow(
      { entries: lines(100, 200), cursor: 'e100' },
      { entries: lines(200, 300), cursor: 'e299' },
      10,
      20,
    );
    expect(window.base).toBeGreaterThan(0);
    expect(window.total).toBeGreaterThan(window.base + 200);
  });
});

describe('going on', () => {
  test('older lines take places before, and those that are held keep theirs', () => {
    const opened = openWindow({ entries: lines(500, 1000), cursor: 'e500' }, NOTHING, 1000, 1000);
    const window = extendOlder(opened, { entries: lines(200, 500), cursor: 'e200' });
    expect([window.base, window.total, window.shift]).toEqual([200, 1000, 0]);
    expect(indexOfEntry(window, 'e999')).toBe(999);
  });

  test('when the start comes too early, all places move and the window says by how much', () => {
    const opened = openWindow({ entries: lines(10, 20), cursor: 'e10' }, NOTHING, 100, 100);
    const window = extendOlder(opened, { entries: lines(0, 10), cursor: null });
    expect([window.base, window.total, window.shift]).toEqual([0, 20, -80]);
  });

  test('holds at most its number of lines; what leaves is asked for again from its neighbour', () => {
    let window = openWindow({ entries: lines(6000, 10_000), cursor: 'e6000' }, NOTHING, 10_000, 10_000);
    window = extendOlder(window, { entries: lines(4000, 6000), cursor: 'e4000' });
    expect(window.entries).toHaveLength(WINDOW_LINES);
    expect([window.base, window.newerCursor]).toEqual([4000, 'e8999']);
    window = extendNewer(window, { entries: lines(9000, 10_000), cursor: null });
    expect(window.entries).toHaveLength(WINDOW_LINES);
    expect([window.base, window.olderCursor, window.newerCursor, window.total]).toEqual([5000, 'e5000', null, 10_000]);
  });
});

describe('live lines', () => {
  const opened = openWindow({ entries: lines(0, 10), cursor: null }, NOTHING, 10, 10);

  test('come at the end, and none twice', () => {
    const window = appendTail(opened, lines(8, 12), true);
    expect(numbers(window.entries)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(window.total).toBe(12);
  });

  test('of a slow source are put in order of time', () => {
    const [late, later] = lines(20, 22);
    const [early] = lines(15, 16);
    const window = appendTail(appendTail(opened, [late, later] as LogEntry[], true), [early] as LogEntry[], true);
    expect(numbers(window.entries).slice(-3)).toEqual([15, 20, 21]);
  });

  test('push out the oldest while the view follows', () => {
    const full = openWindow({ entries: lines(0, WINDOW_LINES), cursor: null }, NOTHING, WINDOW_LINES, WINDOW_LINES);
    const window = appendTail(full, lines(WINDOW_LINES, WINDOW_LINES + 100), true);
    expect([window.entries.length, window.base, window.total]).toEqual([WINDOW_LINES, 100, WINDOW_LINES + 100]);
    expect(window.olderCursor).toBe('e100');
  });

  test('are only counted when a reader looks at older ones and the window is full', () => {
    const full = openWindow({ entries: lines(0, WINDOW_LINES), cursor: null }, NOTHING, WINDOW_LINES, WINDOW_LINES);
    const window = appendTail(full, lines(WINDOW_LINES, WINDOW_LINES + 100), false);
    expect(window.entries).toBe(full.entries);
    expect([window.total, window.newerCursor]).toEqual([WINDOW_LINES + 100, `e${String(WINDOW_LINES - 1)}`]);
  });
});

test('counts that come later move the places, not the lines', () => {
  const opened = openWindow({ entries: lines(500, 1000), cursor: 'e500' }, NOTHING, 500, 500);
  const window = placeWindow(opened, 0, 250_000);
  expect([window.base, window.total]).toEqual([249_500, 250_000]);
  expect(window.shift - opened.shift).toBe(249_500 - opened.base);
  expect(window.entries).toBe(opened.entries);
});
