import { describe, expect, test } from 'vitest';
import { readCondition } from '../../../renderer/pages/alerts/condition.ts';
import { readConstant } from '../../../renderer/pages/alerts/constant.ts';
import { sparkPath, sparkScale } from '../../../renderer/pages/alerts/spark-path.ts';

describe('a condition', () => {
  test.each([
    ['up == 0', 'up', '==', 0],
    ['a / b < 0.1', 'a / b', '<', 0.1],
    ['1 - avg(rate(cpu{mode!="idle"}[1m])) > 0.8', '1 - avg(rate(cpu{mode!="idle"}[1m]))', '>', 0.8],
    ['(node_load1 >= 5)', 'node_load1', '>=', 5],
    ['0.5 < sum(x > bool 1)', 'sum(x > bool 1)', '>', 0.5],
    ['x - time() < 14 * 24 * 3600', 'x - time()', '<', 1_209_600],
    ['time() - x > 10m', 'time() - x', '>', 600],
    ['x{path="/a>b"} != -1', 'x{path="/a>b"}', '!=', -1],
    ['x > 5 # more than 3 < 4', 'x', '>', 5],
    ['sum by (job) (a and b) > 1e3', 'sum by (job) (a and b)', '>', 1000],
  ])('%s', (expr, subject, comparison, limit) => {
    const read = readCondition(expr.replace(/ #.*$/, ''));
    expect(read).toEqual({ subject, comparison, limit });
  });

  test.each([
    'absent(up)',
    'a > b',
    'a > 5 and b < 3',
    'a > 1 < 5',
    'a > bool 5',
    'up == 0 unless on(job) maintenance',
    '',
    '(a > 1) or (b > 1)',
  ])('is not read into %s', (expr) => {
    expect(readCondition(expr)).toBeNull();
  });
});

test.each([
  ['0x10', 16],
  ['1_000', 1000],
  ['-2 ^ 2', -4],
  ['2 ^ 3 ^ 2', 512],
  ['(1 + 2) * 3 % 5', 4],
  ['1h30m', 5400],
  ['+Inf', Infinity],
  ['.5e1', 5],
])('%s is %d', (text, value) => {
  expect(readConstant(text)).toBe(value);
});

test.each(['', '1 +', '5x', 'up', '(1', '1 2', 'vector(1)'])('%s is no number', (text) => {
  expect(readConstant(text)).toBeNull();
});

describe('a sparkline', () => {
  test('holds the limit and all values with room around them', () => {
    const scale = sparkScale([1, 2, NaN, 3], 10);
    expect(scale.min).toBeLessThan(1);
    expect(scale.max).toBeGreaterThan(10);
    expect(sparkScale([], 5).max).toBeGreaterThan(5);
  });
  test('leaves a gap where there is no value', () => {
    const size = { width: 30, height: 10, start: 0, end: 30 };
    expect(sparkPath([0, 10, 20, 30], [0, NaN, 5, 10], { min: 0, max: 10 }, size)).toBe('M0.0 10.0M20.0 5.0L30.0 0.0');
  });
});
