import { describe, expect, it } from 'vitest';
import {
  shiftWaiting,
  stepAlertingRule,
  type AlertingState,
} from '../../../../electron/engine/alert/rules/alerting-state.ts';
import { selectSendable } from '../../../../electron/engine/alert/rules/select-sendable.ts';
import { labelsFromRecord } from '../../../../shared/model/labels.ts';

const MINUTE = 60_000;
const NO_TIMES = { forMs: 0, keepFiringForMs: 0, limit: 0 };
const alert = (instance: string, value = 1) => ({
  labels: labelsFromRecord({ alertname: 'A', instance }),
  annotations: { summary: `value ${String(value)}` },
  value,
});

/** Steps through `timeline` (minute → instances that the expression gives) and tells the stage of each alert. */
function play(timeline: readonly (readonly string[])[], times: Partial<typeof NO_TIMES> = {}): string[] {
  let state: AlertingState = new Map();
  return timeline.map((instances, minute) => {
    const step = stepAlertingRule(
      state,
      instances.map((name) => alert(name, minute)),
      minute * MINUTE,
      { ...NO_TIMES, ...times },
    );
    if (!step.ok) return `error: ${step.problem}`;
    state = step.state;
    return [...state.values()].map(({ labels, stage }) => `${labels[3] ?? ''} ${stage}`).join(', ');
  });
}

describe('stepAlertingRule', () => {
  it('fires at once without `for`', () => {
    expect(play([['a'], []])).toEqual(['a firing', 'a inactive']);
  });

  it('waits for `for` and drops a pending alert that goes silent', () => {
    expect(play([['a'], ['a'], ['a']], { forMs: 2 * MINUTE })).toEqual(['a pending', 'a pending', 'a firing']);
    expect(play([['a'], ['a'], []], { forMs: 2 * MINUTE })).toEqual(['a pending', 'a pending', '']);
  });

  it('keeps a firing alert for `keep_firing_for` after the expression goes silent', () => {
    expect(play([['a'], [], [], []], { keepFiringForMs: 2 * MINUTE })).toEqual([
      'a firing',
      'a firing',
      'a firing',
      'a inactive',
    ]);
    expect(play([['a'], [], ['a'], [], []], { keepFiringForMs: 2 * MINUTE }).at(-1)).toBe('a firing');
  });

  it('forgets a resolved alert after 15 minutes', () => {
    const timeline = [['a'], ...Array.from({ length: 17 }, () => [])];
    const stages = play(timeline);
    expect(stages[16]).toBe('a inactive');
    expect(stages[17]).toBe('');
  });

  it('begins anew when a resolved alert comes back', () => {
    expect(play([['a'], [], ['a'], ['a']], { forMs: MINUTE })).toEqual(['a pending', '', 'a pending', 'a firing']);
    expect(play([['a'], [], ['a']])).toEqual(['a firing', 'a inactive', 'a firing']);
  });

  it('refuses two series that end with the same labels and leaves the alerts as they are', () => {
    const before = stepAlertingRule(new Map(), [alert('a')], 0, NO_TIMES);
    const step = stepAlertingRule(before.state, [alert('b'), alert('b', 2)], MINUTE, NO_TIMES);
    expect(step).toEqual({
      ok: false,
      state: before.state,
      problem: 'vector contains metrics with the same labelset after applying alert labels',
    });
  });

  it('fails and drops everything when the limit is passed', () => {
    expect(play([['a'], ['a', 'b', 'c']], { limit: 2 })).toEqual([
      'a firing',
      'error: exceeded limit of 2 with 3 alerts',
    ]);
  });

  it('refreshes value and annotations while active and keeps the last ones when resolved', () => {
    const first = stepAlertingRule(new Map(), [alert('a', 1)], 0, NO_TIMES);
    const second = stepAlertingRule(first.state, [alert('a', 2)], MINUTE, NO_TIMES);
    const third = stepAlertingRule(second.state, [], 2 * MINUTE, NO_TIMES);
    expect([...third.state.values()][0]).toMatchObject({
      value: 2,
      annotations: { summary: 'value 2' },
      resolvedAt: 2 * MINUTE,
    });
  });

  it('tells each change once', () => {
    const times = { ...NO_TIMES, forMs: MINUTE };
    const first = stepAlertingRule(new Map(), [alert('a')], 0, times);
    const second = stepAlertingRule(first.state, [alert('a')], MINUTE, times);
    const third = stepAlertingRule(second.state, [], 2 * MINUTE, times);
    const told = [first, second, third].map((step) => (step.ok ? step.transitions.map(({ to }) => to) : []));
    expect(told).toEqual([['pending'], ['firing'], ['resolved']]);
  });

  it('does not count a sleep towards `for`', () => {
    const times = { ...NO_TIMES, forMs: 5 * MINUTE };
    const first = stepAlertingRule(new Map(), [alert('a')], 0, times);
    const slept = shiftWaiting(first.state, 60 * MINUTE);
    const awake = stepAlertingRule(slept, [alert('a')], 61 * MINUTE, times);
    expect([...awake.state.values()][0]?.stage).toBe('pending');
    const later = stepAlertingRule(awake.state, [alert('a')], 65 * MINUTE, times);
    expect([...later.state.values()][0]?.stage).toBe('firing');
  });
});

describe('selectSendable', () => {
  const context = {
    ruleId: 'r',
    intervalMs: 15_000,
    externalLabels: { site: 'x', alertname: 'no' },
    generatorUrl: 'g',
  };

  it('sends a firing alert at once, again when more than a minute has passed, and its end', () => {
    const firing = stepAlertingRule(new Map(), [alert('a')], 0, NO_TIMES).state;
    const first = selectSendable(firing, 0, context);
    expect(first.alerts).toMatchObject([
      { startsAt: 0, endsAt: 240_000, labels: { alertname: 'A', instance: 'a', site: 'x' } },
    ]);
    expect(selectSendable(first.state, 60_000, context).alerts).toEqual([]);
    const again = selectSendable(first.state, 75_000, context);
    expect(again.alerts).toHaveLength(1);
    const ended = stepAlertingRule(again.state, [], 90_000, NO_TIMES).state;
    const last = selectSendable(ended, 90_000, context);
    expect(last.alerts).toMatchObject([{ startsAt: 0, endsAt: 90_000 }]);
    expect(selectSendable(last.state, 105_000, context).alerts).toEqual([]);
  });

  it('never sends a pending alert', () => {
    const pending = stepAlertingRule(new Map(), [alert('a')], 0, { ...NO_TIMES, forMs: 1 }).state;
    expect(selectSendable(pending, 0, context).alerts).toEqual([]);
  });
});
