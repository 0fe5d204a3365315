import { expect, test } from 'vitest';
import { NOT_FLAPPING, changePercent, stepFlapping } from '../../../../electron/engine/collect/judge/flapping.ts';

const LIMITS = { highPercent: 20, lowPercent: 5 };

/** The state after each result: `F` while it flaps. */
function play(results: string, limits: typeof LIMITS | null = LIMITS): string {
  let flapping = NOT_FLAPPING;
  return Array.from(results, (one) => ((flapping = stepFlapping(flapping, one, limits)).isFlapping ? 'F' : '.')).join(
    '',
  );
}

test('changes weigh from 0.8 for the oldest of 20 to 1.2 for the newest', () => {
  const steady = 'u'.repeat(21);
  expect(changePercent(steady)).toBe(0);
  expect(changePercent(`d${'u'.repeat(20)}`)).toBeCloseTo((0.8 * 100) / 20);
  expect(changePercent(`${'u'.repeat(20)}d`)).toBeCloseTo((1.2 * 100) / 20);
  // Each result another one: 20 changes whose weights average to 1.
  expect(changePercent('ududududududududududu')).toBeCloseTo(100);
});

test('the example of the manual: seven changes of twenty are about a third', () => {
  // Changes at the places 3, 4, 5, 9, 12, 16 and 19 of 1 to 20.
  const changes = [3, 4, 5, 9, 12, 16, 19];
  let results = 'u';
  for (let place = 1; place <= 20; place += 1) {
    const last = results.at(-1) ?? 'u';
    results += changes.includes(place) ? (last === 'u' ? 'd' : 'u') : last;
  }
  expect(changePercent(results)).toBeCloseTo(34.8, 0);
});

test('flapping begins at the high share and ends below the low one', () => {
  const begins = play(`${'u'.repeat(16)}dudud`);
  expect(begins).toBe(`${'.'.repeat(19)}FF`);
  const settles = play(`dudud${'u'.repeat(30)}`);
  expect(settles.indexOf('F')).toBe(4);
  expect(settles.lastIndexOf('F')).toBe(23);
  expect(settles.endsWith('.')).toBe(true);
});

test('a check that goes down once, or is new, does not flap', () => {
  expect(play(`${'u'.repeat(10)}${'d'.repeat(10)}${'u'.repeat(10)}`)).not.toContain('F');
  expect(play('ddd')).not.toContain('F');
  expect(play('dudududud', null)).not.toContain('F');
});
