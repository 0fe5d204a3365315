import { afterEach, describe, expect, it } from 'vitest';
import { createAlertCares } from '../../../../electron/engine/alert/care/index.ts';
import { createQuiet } from '../../../../electron/engine/alert/create-quiet.ts';
import {
  createDispatcher,
  createSilences,
  fingerprint,
  type IncomingAlert,
  type NotificationRequest,
} from '../../../../electron/engine/alert/route/index.ts';
import type { ChannelConfig, NotifyConfig, RouteConfig } from '../../../../electron/engine/config/configuration.ts';
import { openStateStore, type StateStore } from '../../../../electron/engine/store/state/index.ts';
import { NO_QUIET_HOURS, type QuietHours } from '../../../../shared/model/quiet-hours.ts';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import { createManualClock, type ManualClock } from '../../../doubles/manual-clock.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const desktop: ChannelConfig = { kind: 'desktop', sendResolved: true };

function config(route: Partial<RouteConfig> = {}, channels: readonly ChannelConfig[] = [desktop]): NotifyConfig {
  return {
    resolveTimeoutMs: 5 * MINUTE,
    route: {
      receiver: 'desk',
      groupBy: ['alertname'],
      groupWaitMs: 10 * SECOND,
      groupIntervalMs: MINUTE,
      repeatIntervalMs: 30 * MINUTE,
      matchers: [],
      muteTimeIntervals: [],
      activeTimeIntervals: [],
      continue: false,
      routes: [],
      ...route,
    },
    receivers: [
      { name: 'desk', channels },
      { name: 'boss', channels: [desktop] },
    ],
    inhibitRules: [],
    timeIntervals: {},
    templates: [],
  };
}

const disposers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const dispose of disposers.splice(0)) await dispose();
});

/** A dispatcher with everything that people can do about its alerts; its channels note what they are told. */
function start(given: NotifyConfig, kept: { clock?: ManualClock; state?: StateStore } = {}) {
  const clock = kept.clock ?? createManualClock(Date.UTC(2026, 0, 5, 12));
  const state = kept.state ?? openStateStore({ file: ':memory:', clock, log: () => undefined });
  const startedAt = clock.now();
  const told: string[] = [];
  const pause = { until: null as number | null };
  const hours: { quiet: QuietHours } = { quiet: NO_QUIET_HOURS };
  const send = ({ notification, channelName, firing, resolved }: NotificationRequest): Promise<{ isTold: boolean }> => {
    const { receiver, groupKey, status, alerts } = notification;
    const about = { at: clock.now(), receiver, channel: channelName, groupKey, status, alerts: [], firing, resolved };
    const id = state.deliveries.begin(about);
    state.deliveries.finish(id, { at: clock.now(), outcome: 'delivered', words: null, isTold: true });
    const list = alerts.map((one) => `${one.labels['instance'] ?? ''}${one.status === 'firing' ? '!' : '-'}`);
    told.push(`${String(Math.round((clock.now() - startedAt) / MINUTE))}m ${receiver} ${list.join(' ')}`);
    return Promise.resolve({ isTold: true });
  };
  const cares = createAlertCares({ table: state.cares, clock });
  const quiet = createQuiet({
    mutedUntil: () => (pause.until !== null && pause.until > clock.now() ? pause.until : null),
    hours: () => hours.quiet,
    clock,
  });
  const silences = createSilences({ table: state.silences, clock, onChange: () => undefined });
  const dispatcher = createDispatcher({
    config: given,
    state,
    silences,
    cares,
    quiet,
    clock,
    send,
    log: () => undefined,
    externalUrl: () => '',
  });
  disposers.push(() => dispatcher.stop());
  const post = (labels: LabelRecord, changed: Partial<IncomingAlert> = {}): string => {
    const all = { alertname: 'A', ...labels };
    const times = { startsAt: startedAt, endsAt: clock.now() + 4 * MINUTE };
    dispatcher.receive([
      { ruleId: 'r', labels: all, annotations: {}, value: 1, generatorUrl: '', ...times, ...changed },
    ]);
    return fingerprint(all);
  };
  const end = (labels: LabelRecord): string => post(labels, { endsAt: clock.now() });
  const hold = async (ms: number, ...alerts: LabelRecord[]): Promise<void> => {
    for (let passed = 0; passed < ms; passed += MINUTE) {
      for (const labels of alerts) post(labels);
      await clock.run(MINUTE);
    }
  };
  return { clock, state, dispatcher, cares, pause, hours, told, post, end, hold };
}

const A = { instance: 'a' };

describe('an acknowledged alert', () => {
  it('is not repeated, its end is told, and the next time it fires is new', async () => {
    const { told, post, end, hold, cares, clock } = start(config());
    const id = post(A);
    await hold(MINUTE, A);
    cares.acknowledge([id], 'kim', 'on it');
    await hold(2 * HOUR, A);
    expect(told).toEqual(['0m desk a!']);
    end(A);
    await clock.run(2 * MINUTE);
    expect(told).toEqual(['0m desk a!', '121m desk a-']);
    post(A, { startsAt: clock.now() });
    expect(cares.get(id).acknowledged).toBeNull();
  });

  it('does not keep another one of its group from being repeated', async () => {
    const { told, post, hold, cares } = start(config());
    const id = post(A);
    await hold(MINUTE, A, { instance: 'b' });
    cares.acknowledge([id], 'kim', '');
    await hold(40 * MINUTE, A, { instance: 'b' });
    expect(told.map((line) => line.replace(/^\d+m /, ''))).toEqual(['desk a! b!', 'desk a! b!']);
  });

  it('stays acknowledged over a restart, and nothing is told again', async () => {
    const first = start(config());
    const id = first.post(A);
    await first.hold(MINUTE, A);
    first.cares.acknowledge([id], 'kim', 'on it');
    await first.dispatcher.stop();
    const second = start(config(), { clock: first.clock, state: first.state });
    await second.hold(2 * HOUR, A);
    expect(second.cares.get(id).acknowledged).toMatchObject({ by: 'kim', note: 'on it' });
    expect(second.told).toEqual([]);
  });
});

describe('a snoozed alert', () => {
  it('is quiet until the time, then told again by itself', async () => {
    const { told, post, hold, cares, clock, dispatcher } = start(config({ groupIntervalMs: HOUR }));
    const id = post(A);
    await hold(MINUTE, A);
    cares.snooze([id], { until: clock.now() + 20 * MINUTE, by: 'kim', note: '' });
    dispatcher.review([id]);
    await hold(19 * MINUTE, A);
    expect(told).toEqual(['0m desk a!']);
    await hold(2 * MINUTE, A);
    expect(told).toEqual(['0m desk a!', '21m desk a!']);
  });

  it('that ends meanwhile is told as over', async () => {
    const { told, post, end, hold, cares, clock } = start(config());
    const id = post(A);
    await hold(MINUTE, A);
    cares.snooze([id], { until: clock.now() + HOUR, by: 'kim', note: '' });
    await hold(5 * MINUTE, A);
    end(A);
    await clock.run(2 * MINUTE);
    expect(told).toEqual(['0m desk a!', '6m desk a-']);
  });
});

describe('an alert that nobody acknowledges', () => {
  const escalating = config({ escalate: [{ afterMs: 10 * MINUTE, receiver: 'boss' }] });

  it('is told to the next receiver after the time, and its end to both', async () => {
    const { told, post, end, hold, clock, cares } = start(escalating);
    const id = post(A);
    await hold(12 * MINUTE, A);
    expect(told).toEqual(['0m desk a!', '10m boss a!']);
    expect(cares.get(id).escalated).toMatchObject([{ receiver: 'boss' }]);
    end(A);
    await clock.run(2 * MINUTE);
    expect(told.slice(2).sort()).toEqual(['12m boss a-', '12m desk a-']);
  });

  it('is told to nobody else once someone has acknowledged it', async () => {
    const { told, post, hold, cares } = start(escalating);
    const id = post(A);
    await hold(5 * MINUTE, A);
    cares.acknowledge([id], 'kim', '');
    await hold(HOUR, A);
    expect(told).toEqual(['0m desk a!']);
  });

  it('is escalated once over a restart in the middle', async () => {
    const first = start(escalating);
    first.post(A);
    await first.hold(5 * MINUTE, A);
    await first.dispatcher.stop();
    const second = start(escalating, { clock: first.clock, state: first.state });
    await second.hold(15 * MINUTE, A);
    await second.dispatcher.stop();
    const third = start(escalating, { clock: first.clock, state: first.state });
    await third.hold(5 * MINUTE, A);
    expect([...second.told, ...third.told]).toEqual(['5m boss a!']);
  });
});

describe('what is held back', () => {
  it('by a least severity never reaches the channel; an alert without one counts as a warning', async () => {
    const { told, hold } = start(config({}, [{ ...desktop, minSeverity: 'warning' }]));
    await hold(2 * MINUTE, { instance: 'a', severity: 'info' }, { instance: 'b' }, { instance: 'c', severity: 'page' });
    expect(told).toEqual(['0m desk b! c!']);
  });

  it('by a pause is told after it: what still fires, and the end of what was told', async () => {
    const { told, hold, post, end, pause, clock, dispatcher } = start(config());
    post(A);
    await hold(MINUTE, A);
    pause.until = clock.now() + 30 * MINUTE;
    end(A);
    await hold(30 * MINUTE, { instance: 'b' });
    expect(told).toEqual(['0m desk a!']);
    pause.until = null;
    dispatcher.review(null);
    await hold(MINUTE, { instance: 'b' });
    expect(told).toEqual(['0m desk a!', '31m desk a- b!']);
  });

  it('by quiet hours comes when they are over; what is bad enough gets through', async () => {
    const { told, hold, hours } = start(config());
    hours.quiet = { ...NO_QUIET_HOURS, enabled: true, start: '00:00', end: '00:00', letThrough: 'critical' };
    await hold(5 * MINUTE, A, { instance: 'b', severity: 'critical' });
    expect(told).toEqual(['0m desk b!']);
    hours.quiet = NO_QUIET_HOURS;
    await hold(2 * MINUTE, A, { instance: 'b', severity: 'critical' });
    expect(told).toEqual(['0m desk b!', '5m desk a! b!']);
  });
});
