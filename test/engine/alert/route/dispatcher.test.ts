import { afterEach, describe, expect, it } from 'vitest';
import {
  createDispatcher,
  createSilences,
  type IncomingAlert,
  type NotificationRequest,
} from '../../../../electron/engine/alert/route/index.ts';
import type { ChannelConfig, NotifyConfig, RouteConfig } from '../../../../electron/engine/config/configuration.ts';
import { openStateStore, type StateStore } from '../../../../electron/engine/store/state/index.ts';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import { createManualClock, type ManualClock } from '../../../doubles/manual-clock.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const desktop: ChannelConfig = { kind: 'desktop', sendResolved: true };

function route(changes: Partial<RouteConfig> = {}): RouteConfig {
  return {
    receiver: 'desk',
    groupBy: ['alertname'],
    groupWaitMs: 30 * SECOND,
    groupIntervalMs: 5 * MINUTE,
    repeatIntervalMs: 4 * 60 * MINUTE,
    matchers: [],
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    continue: false,
    routes: [],
    ...changes,
  };
}

function config(changes: Partial<NotifyConfig> = {}): NotifyConfig {
  return {
    resolveTimeoutMs: 5 * MINUTE,
    route: route(),
    receivers: [{ name: 'desk', channels: [desktop] }],
    inhibitRules: [],
    timeIntervals: {},
    templates: [],
    ...changes,
  };
}

const disposers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const dispose of disposers.splice(0)) await dispose();
});

/** A dispatcher whose channels note what they are told. `isUp` says whether they can be reached. */
function start(given: NotifyConfig, kept: { clock?: ManualClock; state?: StateStore } = {}) {
  const clock = kept.clock ?? createManualClock();
  const state = kept.state ?? openStateStore({ file: ':memory:', clock, log: () => undefined });
  const startedAt = clock.now();
  const told: string[] = [];
  const changes: string[] = [];
  const link = { isUp: true };
  const send = ({ notification, channelName, firing, resolved }: NotificationRequest): Promise<{ isTold: boolean }> => {
    const { receiver, groupKey, status, alerts } = notification;
    const about = { at: clock.now(), receiver, channel: channelName, groupKey, status, alerts: [], firing, resolved };
    const id = state.deliveries.begin(about);
    const outcome = link.isUp ? 'delivered' : 'failed';
    state.deliveries.finish(id, { at: clock.now(), outcome, words: null, isTold: link.isUp });
    const list = alerts.map(
      ({ labels, status: one, isNews }) =>
        `${labels['instance'] ?? labels['alertname'] ?? '?'}${one === 'firing' ? '!' : '-'}${isNews ? '' : '(old)'}`,
    );
    told.push(
      `${String((clock.now() - startedAt) / SECOND)}s ${receiver} ${status} ${list.join(' ')}${link.isUp ? '' : ' FAILED'}`,
    );
    return Promise.resolve({ isTold: link.isUp });
  };
  const onChange = ({ kind, alert }: { kind: string; alert: { labels: LabelRecord } }): void =>
    void changes.push(`${kind} ${alert.labels['instance'] ?? ''}`);
  const silences = createSilences({ table: state.silences, clock, onChange: () => undefined });
  const dispatcher = createDispatcher({
    config: given,
    state,
    silences,
    clock,
    send,
    log: () => undefined,
    externalUrl: () => '',
    onChange,
  });
  disposers.push(() => dispatcher.stop());
  const post = (labels: LabelRecord, changed: Partial<IncomingAlert> = {}): void => {
    dispatcher.receive([
      {
        ruleId: 'r',
        labels: { alertname: 'A', ...labels },
        annotations: {},
        startsAt: clock.now(),
        endsAt: clock.now() + 4 * MINUTE,
        value: 1,
        generatorUrl: '',
        ...changed,
      },
    ]);
  };
  const end = (labels: LabelRecord, startsAt = startedAt): void => post(labels, { startsAt, endsAt: clock.now() });
  /** Let time pass while the given alerts go on firing, as rules say each minute. */
  const hold = async (ms: number, ...alerts: LabelRecord[]): Promise<void> => {
    for (let passed = 0; passed < ms; passed += MINUTE) {
      for (const labels of alerts) post(labels, { startsAt: startedAt });
      await clock.run(Math.min(MINUTE, ms - passed));
    }
  };
  return { clock, state, dispatcher, silences, told, changes, link, post, end, hold };
}

describe('the dispatcher', () => {
  it('waits group_wait, then tells what is new each group_interval and nothing when nothing is', async () => {
    const { told, hold, post } = start(config());
    await hold(MINUTE, { instance: 'a' });
    expect(told).toEqual(['30s desk firing a!']);
    post({ instance: 'b' });
    await hold(14 * MINUTE, { instance: 'a' }, { instance: 'b' });
    expect(told).toEqual(['30s desk firing a!', '330s desk firing a!(old) b!']);
  });

  it('tells the end once, and never that of an alert that was not told', async () => {
    const { told, hold, end, clock } = start(config());
    await hold(10 * SECOND, { instance: 'short' });
    end({ instance: 'short' });
    await clock.run(MINUTE);
    expect(told).toEqual([]);
    await hold(10 * MINUTE, { instance: 'a' });
    end({ instance: 'a' });
    await clock.run(20 * MINUTE);
    expect(told.slice(1)).toEqual([expect.stringMatching(/desk resolved a-$/)]);
  });

  it('holds back what a silence covers, and tells it when the silence ends', async () => {
    const { told, hold, silences, clock } = start(config());
    const id = silences.set({
      id: null,
      matchers: [{ name: 'instance', operator: '=', value: 'a' }],
      startsAt: clock.now(),
      endsAt: clock.now() + 60 * MINUTE,
      createdBy: 'kim',
      comment: 'new disk',
    });
    await hold(10 * MINUTE, { instance: 'a' }, { instance: 'b' });
    expect(told).toEqual(['30s desk firing b!']);
    if (id.ok) silences.expire(id.value);
    await hold(5 * MINUTE, { instance: 'a' }, { instance: 'b' });
    expect(told.slice(1)).toEqual(['630s desk firing a! b!(old)']);
  });

  it('keeps a route quiet in its mute intervals, and outside of its active ones', async () => {
    const always = { times: [], weekdays: [], daysOfMonth: [], months: [], years: [], location: 'UTC' };
    const timeIntervals = { always: [always], never: [{ ...always, years: [{ begin: 1999, end: 1999 }] }] };
    const child = (instance: string, changes: Partial<RouteConfig>): RouteConfig =>
      route({ matchers: [{ name: 'instance', operator: '=', value: instance }], ...changes });
    const routes = [
      child('a', { muteTimeIntervals: ['never', 'always'] }),
      child('b', { activeTimeIntervals: ['never'] }),
      child('c', { muteTimeIntervals: ['never'], activeTimeIntervals: ['never', 'always'] }),
    ];
    const { told, hold, dispatcher } = start(config({ route: route({ routes }), timeIntervals }));
    await hold(MINUTE, { instance: 'a' }, { instance: 'b' }, { instance: 'c' });
    expect(told).toEqual(['30s desk firing c!']);
    const muted = dispatcher.alerts().map(({ alert, mutedBy }) => [alert.labels['instance'], mutedBy]);
    expect(muted).toEqual([
      ['a', ['always']],
      ['b', ['never']],
      ['c', []],
    ]);
  });

  it('reminds after repeat_interval', async () => {
    const { told, hold } = start(config({ route: route({ repeatIntervalMs: 12 * MINUTE }) }));
    await hold(34 * MINUTE, { instance: 'a' });
    expect(told).toEqual(['30s desk firing a!', '930s desk firing a!(old)', '1830s desk firing a!(old)']);
  });

  it('takes an alert for ended when its sender falls silent', async () => {
    const { told, hold, clock, changes } = start(config());
    await hold(MINUTE, { instance: 'a' });
    await clock.run(10 * MINUTE);
    expect(told).toEqual(['30s desk firing a!', '330s desk resolved a-']);
    expect(changes).toEqual(['firing a', 'resolved a']);
  });

  it('believes an alert through a sleep', async () => {
    const { told, hold, clock, dispatcher } = start(config());
    await hold(MINUTE, { instance: 'a' });
    const from = clock.now();
    clock.sleep(60 * MINUTE);
    dispatcher.gap(from, clock.now());
    await hold(10 * MINUTE, { instance: 'a' });
    expect(told).toHaveLength(1);
  });

  it('goes to the first route that takes an alert, and on where it says continue', async () => {
    const severity = (value: string, changes: Partial<RouteConfig> = {}) =>
      route({ matchers: [{ name: 'severity', operator: '=', value }], ...changes });
    const routes = [
      severity('critical', { receiver: 'pager', continue: true }),
      severity('critical', { receiver: 'hook' }),
      severity('warning', { receiver: 'hook' }),
    ];
    const receivers = ['desk', 'pager', 'hook'].map((name) => ({ name, channels: [desktop] }));
    const { told, hold } = start(config({ route: route({ routes }), receivers }));
    await hold(
      MINUTE,
      { instance: 'a', severity: 'critical' },
      { instance: 'b', severity: 'warning' },
      { instance: 'c' },
    );
    expect(told.sort()).toEqual([
      '30s desk firing c!',
      '30s hook firing a!',
      '30s hook firing b!',
      '30s pager firing a!',
    ]);
  });

  it('holds back what a worse alert explains, and tells it when that is over', async () => {
    const is = (value: string) => [{ name: 'severity', operator: '=' as const, value }];
    const inhibitRules = [{ sourceMatchers: is('critical'), targetMatchers: is('warning'), equal: ['instance'] }];
    const { told, hold, end } = start(config({ inhibitRules, route: route({ groupBy: ['alertname', 'severity'] }) }));
    const [critical, warning] = [
      { instance: 'a', severity: 'critical' },
      { instance: 'a', severity: 'warning' },
    ];
    await hold(6 * MINUTE, critical, warning);
    expect(told).toEqual(['30s desk firing a!']);
    end(critical);
    await hold(6 * MINUTE, warning);
    expect(told.slice(1).sort()).toEqual(['630s desk firing a!', '630s desk resolved a-']);
  });

  it('tries again at the next interval when a channel could not be told', async () => {
    const { told, hold, link } = start(config());
    link.isUp = false;
    await hold(2 * MINUTE, { instance: 'a' });
    link.isUp = true;
    await hold(10 * MINUTE, { instance: 'a' });
    expect(told).toEqual(['30s desk firing a! FAILED', '330s desk firing a!']);
  });

  it('tells the next firing even on a channel that does not want ends', async () => {
    const receivers = [{ name: 'desk', channels: [{ ...desktop, sendResolved: false }] }];
    const { told, hold, end, clock } = start(config({ receivers }));
    await hold(MINUTE, { instance: 'a' });
    end({ instance: 'a' });
    await clock.run(11 * MINUTE);
    expect(told).toEqual(['30s desk firing a!']);
    await hold(MINUTE, { instance: 'a' });
    expect(told).toHaveLength(2);
  });

  it('tells nothing twice after a restart, and the end of what ended meanwhile', async () => {
    const first = start(config());
    await first.hold(2 * MINUTE, { instance: 'a' }, { instance: 'b' });
    expect(first.told).toEqual(['30s desk firing a! b!']);
    await first.dispatcher.stop();
    first.clock.advance(20 * MINUTE);
    const second = start(config(), first);
    expect(second.dispatcher.groups()[0]?.alerts.map(({ isFiring }) => isFiring)).toEqual([true, true]);
    await second.hold(6 * MINUTE, { instance: 'a' });
    expect(second.told).toEqual([expect.stringMatching(/desk firing a!\(old\) b-$/)]);
    expect(second.changes).toEqual(['resolved b']);
  });

  it('tells an end after a restart that came before it could be told', async () => {
    const first = start(config());
    await first.hold(2 * MINUTE, { instance: 'a' });
    first.end({ instance: 'a' });
    await first.dispatcher.stop();
    const second = start(config(), first);
    await second.clock.run(MINUTE);
    expect(second.told).toEqual([expect.stringMatching(/desk resolved a-$/)]);
  });

  it('keeps what was told over a new configuration', async () => {
    const { told, hold, dispatcher } = start(config());
    await hold(MINUTE, { instance: 'a' });
    dispatcher.update(config({ route: route({ groupIntervalMs: MINUTE }) }));
    await hold(5 * MINUTE, { instance: 'a' });
    expect(told).toEqual(['30s desk firing a!']);
    dispatcher.update(config({ route: route({ receiver: 'new' }), receivers: [{ name: 'new', channels: [desktop] }] }));
    await hold(MINUTE, { instance: 'a' });
    expect(told.at(-1)).toMatch(/ new firing a!$/);
  });

  it('writes the history of each alert', async () => {
    const { state, hold, end, clock } = start(config());
    const from = clock.now();
    await hold(3 * MINUTE, { instance: 'a' });
    end({ instance: 'a' });
    expect(state.episodes.list({ fromMs: from, toMs: clock.now(), limit: 10 })).toMatchObject([
      { firedAt: from, resolvedAt: clock.now(), labels: { alertname: 'A', instance: 'a' }, value: 1 },
    ]);
  });

  it('leaves no timer behind', async () => {
    const { clock, hold, dispatcher } = start(config());
    await hold(MINUTE, { instance: 'a' });
    await dispatcher.stop();
    expect(clock.pendingTimers()).toBe(0);
  });
});
