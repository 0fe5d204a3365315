import { expect, test } from 'vitest';
import { createResponseSketch } from '../../../../electron/engine/collect/judge/response-sketch.ts';

test('percentiles are true to one percent over six orders of magnitude', () => {
  const sketch = createResponseSketch();
  const times = Array.from({ length: 10_000 }, (_, i) => 0.05 * 1.0015 ** i);
  for (const time of times) sketch.add(time);
  for (const q of [0, 0.5, 0.95, 0.99, 1]) {
    const exact = times[Math.floor(q * (times.length - 1))] ?? NaN;
    expect(Math.abs((sketch.quantile(q) ?? NaN) / exact - 1)).toBeLessThan(0.0101);
  }
});

test('packed sketches add up to the sketch of everything', () => {
  const [one, two, all, merged] = [0, 1, 2, 3].map(createResponseSketch) as [Sketch, Sketch, Sketch, Sketch];
  for (let i = 1; i <= 500; i += 1) {
    (i % 3 === 0 ? one : two).add(i);
    all.add(i);
  }
  merged.merge(one.pack());
  merged.merge(two.pack());
  expect(merged.count()).toBe(500);
  for (const q of [0.1, 0.5, 0.99]) expect(merged.quantile(q)).toBe(all.quantile(q));
});
type Sketch = ReturnType<typeof createResponseSketch>;

test('nothing measured is no percentile, and 0 ms is one', () => {
  const sketch = createResponseSketch();
  expect(sketch.quantile(0.5)).toBeNull();
  sketch.add(0);
  expect(sketch.quantile(0.5)).toBeLessThan(0.011);
});
