import { expect, it } from 'vitest';
import { judgeSamples } from '../../../../electron/engine/collect/probe/run-service.ts';
import { parseSampleCondition } from '../../../../electron/engine/config/probe/sample-condition.ts';
import type { SampleCondition } from '../../../../electron/engine/config/probe/sample-condition.ts';

const condition = (text: string): SampleCondition => {
  const parsed = parseSampleCondition(text);
  if (parsed === null) throw new Error(text);
  return parsed;
};

it.each([
  ['a > 5', 5],
  ['a >= 90%', 0.9],
  ['a<1.5', 1.5],
  ['a{b="c", d="e"} != 5m', 300],
  ['a == 2MB', 2 * 1024 ** 2],
])('%s is read', (text, value) => {
  expect(condition(text).value).toBe(value);
});

it.each(['a', 'a > ', '> 5', 'a > x', 'a{b=c} > 5', 'a => 5'])('%s is refused', (text) => {
  expect(parseSampleCondition(text)).toBeNull();
});

it('judges the samples that have its labels, and cannot judge what is not there', () => {
  const samples = [
    { name: 'n', labels: { queue: 'a' }, value: 1 },
    { name: 'n', labels: { queue: 'b' }, value: 9 },
  ];
  const judge = (text: string): string =>
    judgeSamples(samples, { degraded: [condition(text)], down: [] }, 'mq')
      .map(({ outcome, reason }) => `${outcome} ${reason?.message ?? ''}`)
      .join();
  expect(judge('n{queue="a"} > 5')).toBe('');
  expect(judge('n > 5')).toBe('degraded mq: n{queue="b"} is 9 (degraded when n > 5).');
  expect(judge('m > 5')).toBe('unknown mq gave no m, so that "m > 5" cannot be judged.');
});
