import { expect, test } from 'vitest';
import { lineLooks, seriesKey, seriesName } from '../../../renderer/chart/palette.ts';

const keys = Array.from({ length: 32 }, (_, index) => seriesKey({ instance: `host-${String(index)}` }));

test('a series keeps its colour whatever else is on the page, as long as nobody has it already', () => {
  const [alone] = lineLooks(keys.slice(3, 4));
  const [first] = lineLooks(keys.slice(3, 9));
  expect(first).toEqual(alone);
});

test('eight series have eight colours, and more have dashes besides', () => {
  const eight = lineLooks(keys.slice(0, 8));
  expect(new Set(eight.map(({ colour }) => colour)).size).toBe(8);
  const all = lineLooks(keys);
  expect(new Set(all.map(({ colour, dash }) => `${String(colour)} ${dash.join(' ')}`)).size).toBe(32);
});

test('more series than looks still have a look each', () => {
  expect(lineLooks([...keys, 'one', 'two', 'three'])).toHaveLength(35);
});

test('the key of a series does not depend on the order of its labels', () => {
  expect(seriesKey({ a: '1', b: '2' })).toBe(seriesKey({ b: '2', a: '1' }));
});

test('a series is named by the labels in which it differs', () => {
  const neighbours = [
    { __name__: 'up', job: 'node', instance: 'a' },
    { __name__: 'up', job: 'node', instance: 'b' },
  ];
  expect(neighbours.map((labels) => seriesName(labels, neighbours))).toEqual(['a', 'b']);
  expect(seriesName({ __name__: 'up', job: 'node' }, [{ __name__: 'up', job: 'node' }])).toBe('up');
});
