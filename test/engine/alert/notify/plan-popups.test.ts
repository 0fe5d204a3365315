import { describe, expect, it } from 'vitest';
import { NO_POPUPS, planPopups, type PopupMemory } from '../../../../electron/engine/alert/notify/plan-popups.ts';
import type { Notification } from '../../../../electron/engine/alert/route/notification.ts';
import { alertOf, notificationOf, STARTED_AT } from './examples.ts';

const context = { language: 'en' as const, timeZone: 'UTC' };
const cpu = (severity = 'warning', changes = {}) =>
  alertOf({ alertname: 'HighCPUUsage', instance: 'web:9100', severity }, changes);

/** Plans one message after another and gives the popups of each. */
function play(messages: readonly (readonly [atMs: number, notification: Notification])[]) {
  let memory: PopupMemory = NO_POPUPS;
  return messages.map(([atMs, notification]) => {
    const plan = planPopups(memory, notification, { ...context, nowMs: STARTED_AT + atMs });
    memory = plan.memory;
    return plan;
  });
}
const titles = (plans: ReturnType<typeof play>): string[][] =>
  plans.map(({ popups }) => popups.map(({ title }) => title));

describe('planPopups', () => {
  it('says what fires, since when and at what value', () => {
    const [plan] = play([[5000, notificationOf([cpu('critical')])]]);
    expect(plan?.popups).toMatchObject([
      {
        title: 'Critical: HighCPUUsage',
        body: 'High CPU usage on web:9100 · value 93.46 · since 22:13:20',
        urgency: 'critical',
        isSticky: true,
        alert: { at: STARTED_AT },
      },
    ]);
  });

  it('speaks Chinese', () => {
    const plan = planPopups(NO_POPUPS, notificationOf([cpu('critical')]), {
      language: 'zh-CN',
      timeZone: 'UTC',
      nowMs: STARTED_AT,
    });
    expect(plan.popups[0]).toMatchObject({
      title: '严重：HighCPUUsage',
      body: 'High CPU usage on web:9100 · 当前值 93.46 · 自 22:13:20 起',
    });
    const ended = planPopups(NO_POPUPS, notificationOf([cpu('critical', { endsAt: STARTED_AT + 252_000 })]), {
      language: 'zh-CN',
      timeZone: 'UTC',
      nowMs: STARTED_AT,
    });
    expect(ended.popups[0]).toMatchObject({
      title: '已恢复：HighCPUUsage',
      body: '持续 4 分 12 秒 后恢复 · High CPU usage on web:9100',
    });
  });

  it('takes the Chinese words of a rule where it has them', () => {
    const alert = cpu('warning', { annotations: { summary: 'CPU is busy', summary_zh: 'CPU 繁忙' } });
    const plan = (language: 'en' | 'zh-CN') =>
      planPopups(NO_POPUPS, notificationOf([alert]), { language, timeZone: 'UTC', nowMs: STARTED_AT }).popups[0]?.body;
    expect(plan('en')).toMatch(/^CPU is busy/);
    expect(plan('zh-CN')).toMatch(/^CPU 繁忙/);
  });

  it('replaces a popup by a quiet note when the alert is over', () => {
    const [first, second] = play([
      [0, notificationOf([cpu()])],
      [252_000, notificationOf([cpu('warning', { endsAt: STARTED_AT + 252_000 })])],
    ]);
    expect(second?.popups).toMatchObject([
      { id: first?.popups[0]?.id, kind: 'resolved', title: 'Resolved: HighCPUUsage', isSilent: true, urgency: 'low' },
    ]);
    expect(second?.popups[0]?.body).toBe('Resolved after 4 min 12 s · High CPU usage on web:9100');
    expect(second?.closed).toEqual([first?.popups[0]?.id]);
  });

  it('does not show the same alert again within 15 minutes, nor the end that belongs to it', () => {
    const plans = play([
      [0, notificationOf([cpu()])],
      [60_000, notificationOf([cpu('warning', { endsAt: STARTED_AT + 60_000 })])],
      [120_000, notificationOf([cpu()])],
      [180_000, notificationOf([cpu('warning', { endsAt: STARTED_AT + 180_000 })])],
      [900_000, notificationOf([cpu()])],
    ]);
    expect(titles(plans)).toEqual([
      ['Warning: HighCPUUsage'],
      ['Resolved: HighCPUUsage'],
      [],
      [],
      ['Warning: HighCPUUsage'],
    ]);
  });

  it('shows an alert that got worse at once, in the place of the milder one', () => {
    const plans = play([
      [0, notificationOf([cpu('warning')])],
      [60_000, notificationOf([cpu('critical')])],
      [90_000, notificationOf([cpu('warning', { endsAt: STARTED_AT + 90_000 })])],
    ]);
    expect(titles(plans)).toEqual([['Warning: HighCPUUsage'], ['Critical: HighCPUUsage'], []]);
    expect(plans[1]?.popups[0]?.id).toBe(plans[0]?.popups[0]?.id);
  });

  it('shows only what is news in a group, and everything that fires in a reminder', () => {
    const old = alertOf({ alertname: 'A', instance: 'old' }, { isNews: false });
    const fresh = alertOf({ alertname: 'A', instance: 'new' });
    const plans = play([
      [0, notificationOf([old, fresh])],
      [3_600_000, notificationOf([old, { ...fresh, isNews: false }], { reason: 'repeat' })],
    ]);
    expect(titles(plans)).toEqual([['Alert: A'], ['Alert: A', 'Alert: A']]);
  });

  it('makes one popup of more than five in ten seconds, which grows', () => {
    const many = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) =>
        alertOf({ alertname: `Rule${String(from + index)}`, severity: 'warning' }),
      );
    const plans = play([
      [0, notificationOf(many(0, 4))],
      [1000, notificationOf(many(4, 7))],
      [2000, notificationOf(many(7, 8))],
      [60_000, notificationOf(many(8, 9))],
    ]);
    expect(titles(plans)).toEqual([
      ['Warning: Rule0', 'Warning: Rule1', 'Warning: Rule2', 'Warning: Rule3'],
      ['Warning: 3 alerts firing'],
      ['Warning: 4 alerts firing'],
      ['Warning: Rule8'],
    ]);
    expect(plans[2]?.popups[0]?.body).toBe('Rule4 · Rule5 · Rule6 · Rule7');
    expect(plans[2]?.popups[0]?.id).toBe(plans[1]?.popups[0]?.id);
  });

  it('strips control characters and direction marks from what rules say', () => {
    const alert = alertOf({ alertname: 'A\u0007\u202eB' }, { annotations: { summary: 'one\ntwo\u001b[31m' } });
    const [plan] = play([[0, notificationOf([alert])]]);
    expect(plan?.popups[0]?.title).toBe('Alert: A B');
    expect(plan?.popups[0]?.body).toContain('one two [31m');
  });
});
