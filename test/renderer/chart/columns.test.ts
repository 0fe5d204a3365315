import { describe, expect, test } from 'vitest';
import {
  appendColumns,
  extent,
  indexFrom,
  lastValue,
  valueNear,
  type Columns,
} from '../../../renderer/chart/columns.ts';

function columns(...points: readonly (readonly [number, number])[]): Columns {
  return { x: Float64Array.from(points, ([x]) => x), y: Float64Array.from(points, ([, y]) => y) };
}

test('finds the first time that is not before a moment', () => {
  const x = Float64Array.of(10, 20, 30);
  expect([5, 10, 11, 30, 31].map((at) => indexFrom(x, at))).toEqual([0, 0, 1, 2, 3]);
});

describe('the value near a moment', () => {
  const series = columns([10, 1], [20, NaN], [30, 3]);
  test('is that of the nearest point', () => {
    expect(valueNear(series, 12, 5)).toEqual({ at: 10, value: 1 });
    expect(valueNear(series, 99, 100)).toEqual({ at: 30, value: 3 });
  });
  test('is unknown in a gap and far from every point', () => {
    expect(valueNear(series, 21, 5)).toBeNull();
    expect(valueNear(series, 50, 5)).toBeNull();
    expect(valueNear(columns(), 50, 5)).toBeNull();
  });
});

test('the last value is the last that is not a gap', () => {
  expect(lastValue(columns([10, 1], [20, NaN]))).toEqual({ at: 10, value: 1 });
  expect(lastValue(columns([10, NaN]))).toBeNull();
});

test('the extent looks at finite values within the span alone', () => {
  const series = columns([10, -5], [20, 2], [30, NaN], [40, Infinity], [50, 7], [60, 99]);
  expect(extent(series, 15, 55)).toEqual({ min: 2, max: 7 });
  expect(extent(series, 25, 35)).toBeNull();
});

describe('appending', () => {
  test('replaces the overlap by the newer values', () => {
    const merged = appendColumns(columns([10, 1], [20, 2], [30, 3]), columns([30, 33], [40, 4]), 0);
    expect([...merged.x]).toEqual([10, 20, 30, 40]);
    expect([...merged.y]).toEqual([1, 2, 33, 4]);
  });
  test('drops what is before the start, but for the point that leads into the chart', () => {
    const merged = appendColumns(columns([10, 1], [20, 2], [30, 3]), columns([40, 4]), 25);
    expect([...merged.x]).toEqual([20, 30, 40]);
  });
  test('with nothing newer only cuts the beginning', () => {
    expect([...appendColumns(columns([10, 1], [20, 2]), columns(), 20).x]).toEqual([10, 20]);
  });
});
