import { describe, expect, test } from 'vitest';
import { barParts, barPaths } from '../../../renderer/pages/logs/histogram/bars.ts';
import { indexOfTime, timeOfIndex, totalOf } from '../../../renderer/pages/logs/histogram/counts.ts';

const COUNTS = {
  bucketMs: 1000,
  starts: [0, 1000, 2000],
  counts: { error: [0, 10, 0], info: [100, 90, 0] },
  complete: true,
};

describe('a bar', () => {
  test('has the worst at the base line and fills its height', () => {
    const parts = barParts({ info: 90, error: 10 }, 100, 50);
    expect(parts).toEqual([
      { level: 'error', bottom: 0, height: 5 },
      { level: 'info', bottom: 5, height: 45 },
    ]);
  });

  test('shows a single error among thousands of lines, and grows no taller for it', () => {
    const parts = barParts({ info: 100_000, error: 1 }, 100_001, 50);
    expect(parts[0]).toEqual({ level: 'error', bottom: 0, height: 2 });
    expect((parts[1]?.bottom ?? 0) + (parts[1]?.height ?? 0)).toBeCloseTo(50, 9);
  });

  test('is seen beside one that is a thousand times as tall', () => {
    expect(barParts({ warn: 1 }, 1000, 50)[0]?.height).toBe(2);
  });

  test('of nothing is nothing', () => {
    expect(barParts({}, 100, 50)).toEqual([]);
    expect(barParts({ info: 0 }, 0, 50)).toEqual([]);
  });
});

test('only the chosen levels are drawn', () => {
  const paths = barPaths(COUNTS, ['error'], { width: 30, height: 10 });
  expect(paths).toEqual([{ level: 'error', path: 'M10.0 10.0h9.0v-10.0h-9.0z' }]);
});

describe('a place in the result', () => {
  test('is told apart by level', () => {
    expect([totalOf(COUNTS, []), totalOf(COUNTS, ['error']), totalOf(COUNTS, ['debug'])]).toEqual([200, 10, 0]);
  });

  test('has a time, as if the lines of a stretch came evenly', () => {
    expect(timeOfIndex(COUNTS, [], 0)).toBe(0);
    expect(timeOfIndex(COUNTS, [], 50)).toBe(500);
    expect(timeOfIndex(COUNTS, [], 150)).toBe(1500);
    expect(timeOfIndex(COUNTS, ['error'], 5)).toBe(1500);
  });

  test('past the last line lies at the end', () => {
    expect(timeOfIndex(COUNTS, [], 5000)).toBe(3000);
  });

  test('is found again from its time', () => {
    for (const index of [0, 42, 100, 199]) expect(indexOfTime(COUNTS, [], timeOfIndex(COUNTS, [], index))).toBe(index);
    expect(indexOfTime(COUNTS, [], 99_000)).toBe(200);
    expect(indexOfTime(COUNTS, [], -5)).toBe(0);
  });
});
