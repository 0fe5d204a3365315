import { describe, expect, test } from 'vitest';
import { traceColumns, type LineSink } from '../../../renderer/chart/trace-columns.ts';

/** One pixel per 10 ms; values count upwards from the pixel 100. */
const SCALE = { xOffset: 0, xFactor: 0.1, yOffset: 100, yFactor: -1 };

function trace(points: readonly (readonly [number, number])[], gapMs = Infinity): string {
  const steps: string[] = [];
  const sink: LineSink = {
    moveTo: (x, y) => steps.push(`M${String(x)},${String(y)}`),
    lineTo: (x, y) => steps.push(`L${String(x)},${String(y)}`),
  };
  const columns = { x: Float64Array.from(points, ([x]) => x), y: Float64Array.from(points, ([, y]) => y) };
  traceColumns(columns, { scale: SCALE, start: 0, end: 1000, gapMs }, sink);
  return steps.join(' ');
}

test('points in columns of their own are joined one by one', () => {
  expect(
    trace([
      [0, 1],
      [10, 2],
      [20, 3],
    ]),
  ).toBe('M0,99 L1,98 L2,97');
});

describe('many points in one pixel column', () => {
  test('become its first, lowest, highest and last value', () => {
    expect(
      trace([
        [0, 5],
        [2, 9],
        [4, 1],
        [6, 4],
        [10, 5],
      ]),
    ).toBe('M0,95 L0,91 L0,99 L0,96 L1,95');
  });

  test('never cost more than four points a pixel, and keep a single peak', () => {
    const points = Array.from({ length: 100_000 }, (_, index): [number, number] => [
      index / 100,
      index === 54_321 ? 90 : 1,
    ]);
    const steps = trace(points).split(' ');
    expect(steps.length).toBeLessThanOrEqual(400);
    expect(steps).toContain('L54,10');
  });
});

describe('gaps', () => {
  test('lift the pen where a value is missing', () => {
    expect(
      trace([
        [0, 1],
        [10, 2],
        [20, NaN],
        [30, 4],
        [40, 5],
      ]),
    ).toBe('M0,99 L1,98 M3,96 L4,95');
  });

  test('lift the pen where points are too far apart', () => {
    expect(
      trace(
        [
          [0, 1],
          [10, 2],
          [100, 4],
          [110, 5],
        ],
        15,
      ),
    ).toBe('M0,99 L1,98 M10,96 L11,95');
  });

  test('leave a point that stands alone visible as a dash', () => {
    expect(
      trace([
        [0, NaN],
        [10, 2],
        [20, NaN],
      ]),
    ).toBe('M1,98 L2.5,98');
  });
});

test('the line begins one point before the chart and ends one after it', () => {
  expect(
    trace([
      [-20, 1],
      [-10, 2],
      [10, 3],
      [1010, 4],
      [1020, 5],
    ]),
  ).toBe('M-1,98 L1,97 L101,96');
});

test('nothing is traced of an empty series', () => {
  expect(trace([])).toBe('');
});
