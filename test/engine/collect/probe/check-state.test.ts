import { describe, expect, test } from 'vitest';
import type { ParentState } from '../../../../electron/engine/collect/judge/dependencies.ts';
import { NEW_STANDING, isUnsure, stepStanding } from '../../../../electron/engine/collect/probe/check-state.ts';
import type { CheckStanding } from '../../../../electron/engine/collect/probe/check-state.ts';
import type { Outcome } from '../../../../electron/engine/collect/probe/probe.ts';

const LIMITS = { failuresBeforeDown: 2, successesBeforeUp: 1 };

/** The state after each result. */
function play(outcomes: readonly Outcome[], limits = LIMITS, parents: readonly ParentState[] = []): string {
  let standing = NEW_STANDING;
  return outcomes
    .map((outcome, at) => {
      standing = stepStanding(standing, { outcome, at, parents: parents[at] ?? 'fine' }, limits);
      return standing.state;
    })
    .join(' ');
}

const step = (before: CheckStanding, outcome: Outcome, at: number, limits = LIMITS): CheckStanding =>
  stepStanding(before, { outcome, at, parents: 'fine' }, limits);

describe('the standing of a check', () => {
  test('is down after two failures and up after one success', () => {
    expect(play(['down', 'down', 'up'])).toBe('pending down up');
    expect(play(['up', 'down', 'up', 'down', 'down', 'down'])).toBe('up up up up down down');
  });
  test('waits for as many failures and successes as it is told to', () => {
    const limits = { failuresBeforeDown: 3, successesBeforeUp: 2 };
    expect(play(['up', 'down', 'down', 'down', 'up', 'down', 'up', 'up'], limits)).toBe(
      'up up up down down down down up',
    );
    expect(play(['down'], { ...limits, failuresBeforeDown: 1 })).toBe('down');
  });
  test('is degraded at once, and that counts as an answer', () => {
    expect(play(['up', 'degraded', 'down', 'degraded', 'up'])).toBe('up degraded degraded degraded up');
  });
  test('is unknown without forgetting what was before', () => {
    expect(play(['down', 'down', 'unknown', 'down'])).toBe('pending down unknown down');
    expect(play(['up', 'unknown', 'down', 'up'])).toBe('up unknown unknown up');
  });
  test('is down since its first failure, and says how many in a row', () => {
    let standing = step(step(NEW_STANDING, 'up', 10), 'up', 20);
    expect(standing).toMatchObject({ state: 'up', since: 10, consecutiveFailures: 0, consecutiveSuccesses: 2 });
    standing = step(step(standing, 'down', 30), 'down', 40);
    expect(standing).toMatchObject({ state: 'down', since: 30, consecutiveFailures: 2, consecutiveSuccesses: 0 });
  });
  test('is held down while nothing can be told, until a good answer', () => {
    let standing = step(step(NEW_STANDING, 'down', 10), 'down', 20);
    standing = step(standing, 'unknown', 30);
    expect(standing).toMatchObject({ state: 'unknown', isHeldDown: true });
    expect(step(standing, 'down', 40)).toMatchObject({ state: 'down', since: 40, isHeldDown: true });
    expect(step(standing, 'up', 40)).toMatchObject({ state: 'up', isHeldDown: false });
  });
  test('behind a dead parent is unreachable at once, and starts over when the parent is back', () => {
    expect(play(['up', 'down', 'down', 'down', 'down'], LIMITS, ['fine', 'dead', 'dead', 'fine', 'fine'])).toBe(
      'up unreachable unreachable unreachable down',
    );
    expect(play(['up', 'down', 'up'], LIMITS, ['fine', 'dead', 'dead'])).toBe('up unreachable up');
  });
  test('waits while it is not sure whether a parent is down', () => {
    expect(play(['up', 'down', 'down', 'down'], LIMITS, ['fine', 'fine', 'failing', 'fine'])).toBe('up up up down');
    expect(play(['up', 'down', 'down', 'down'], LIMITS, ['fine', 'fine', 'failing', 'dead'])).toBe(
      'up up up unreachable',
    );
  });
  test('asks for another look while a change is not sure, and only then', () => {
    const limits = { failuresBeforeDown: 2, successesBeforeUp: 2 };
    const seen: boolean[] = [];
    let standing = NEW_STANDING;
    for (const [at, outcome] of (['up', 'down', 'down', 'down', 'up', 'up'] as const).entries()) {
      standing = step(standing, outcome, at, limits);
      seen.push(isUnsure(standing));
    }
    expect(seen).toEqual([false, true, false, false, true, false]);
  });
});
