import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNotifier, PLAIN_TEMPLATES } from '../../../electron/engine/alert/notify/index.ts';
import { createDispatcher, createSilences } from '../../../electron/engine/alert/route/index.ts';
import { startRuleGroups } from '../../../electron/engine/alert/rules/index.ts';
import type { NotifyConfig, RuleGroupConfig } from '../../../electron/engine/config/configuration.ts';
import { queryInstant } from '../../../electron/engine/query/promql/index.ts';
import { createScheduler } from '../../../electron/engine/schedule/index.ts';
import { openMetricStore } from '../../../electron/engine/store/metrics/metric-store.ts';
import { openStateStore } from '../../../electron/engine/store/state/index.ts';
import { labelsFromRecord } from '../../../shared/model/labels.ts';
import { createManualClock, type ManualClock } from '../../doubles/manual-clock.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const RULES: RuleGroupConfig = {
  name: 'system_alerts',
  file: 'alert_rules.yml',
  intervalMs: MINUTE,
  limit: 0,
  queryOffsetMs: 0,
  labels: {},
  rules: [
    {
      kind: 'alerting',
      alert: 'HighCPUUsage',
      expr: '100 - (avg by (instance) (irate(node_cpu_seconds_total{mode="idle"}[5m])) * 100) > 80',
      forMs: 5 * MINUTE,
      keepFiringForMs: 0,
      labels: { severity: 'critical' },
      annotations: { summary: 'High CPU usage on {{ $labels.instance }}: {{ printf "%.1f" $value }}%' },
      line: 1,
    },
  ],
};

const NOTIFY: NotifyConfig = {
  resolveTimeoutMs: 5 * MINUTE,
  inhibitRules: [],
  timeIntervals: {},
  templates: [],
  receivers: [{ name: 'desk', channels: [{ kind: 'desktop', sendResolved: true }] }],
  route: {
    receiver: 'desk',
    groupBy: ['alertname'],
    groupWaitMs: 10 * SECOND,
    groupIntervalMs: 10 * SECOND,
    repeatIntervalMs: 60 * MINUTE,
    matchers: [],
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    continue: false,
    routes: [],
  },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-alert-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The rooms from sample to popup, on the files in the folder. `cpu.busy` is the share of time that two cores are busy. */
function startProgram(clock: ManualClock, cpu: { busy: number; idleSeconds: number }) {
  const log = (): void => undefined;
  const metrics = openMetricStore({
    file: join(folder, 'metrics.db'),
    log,
    clock,
    retention: { maxAgeMs: 15 * 86_400_000, maxSizeBytes: 1e9 },
  });
  const state = openStateStore({ file: join(folder, 'state.db'), clock, log });
  const shown: { title: string; body: string }[] = [];
  const notifier = createNotifier({
    deliveries: state.deliveries,
    popups: {
      show({ title, body }) {
        shown.push({ title, body });
        return Promise.resolve({ delivered: true });
      },
      close: () => undefined,
    },
    revealSecret: () => Promise.resolve({ ok: false, message: 'no secrets here' }),
    clock,
    log,
    templates: () => PLAIN_TEMPLATES,
    language: () => 'en',
    userAgent: 'Vedette/test',
  });
  const silences = createSilences({ table: state.silences, clock, onChange: () => undefined });
  const dispatcher = createDispatcher({
    config: NOTIFY,
    state,
    silences,
    clock,
    send: notifier.send,
    log,
    externalUrl: () => '',
  });
  const scheduler = createScheduler({ clock, log, limits: { global: 10, perHost: 10 }, onGap: () => undefined });
  scheduler.every({
    key: 'scrape',
    intervalMs: 15 * SECOND,
    run({ scheduledAt }) {
      cpu.idleSeconds += 15 * (1 - cpu.busy);
      for (const core of ['0', '1']) {
        const labels = labelsFromRecord({
          __name__: 'node_cpu_seconds_total',
          cpu: core,
          mode: 'idle',
          instance: 'web:9100',
        });
        metrics.append(metrics.ref(labels), scheduledAt, cpu.idleSeconds);
      }
    },
  });
  scheduler.every({ key: 'commit', intervalMs: SECOND, run: () => metrics.commit() });
  const rules = startRuleGroups({
    groups: [RULES],
    scheduler,
    query: (expression, timeMs, signal) => queryInstant(metrics, expression, { clock, timeMs, signal }),
    sink: metrics,
    source: metrics,
    clock,
    log,
    externalLabels: {},
    externalUrl: 'http://127.0.0.1:9777',
    onAlerts: (alerts) => {
      dispatcher.receive(alerts);
    },
  });
  return {
    shown,
    state,
    metrics,
    rules,
    /** As by kill -9: nothing is closed, stored or told any more. */
    kill() {
      rules.stop();
      scheduler.stop();
      void dispatcher.stop();
    },
    close() {
      metrics.close();
      state.close();
    },
  };
}

describe('from a busy processor to a popup', () => {
  it('tells of it once, over a kill in the middle, and of its end once', async () => {
    const clock = createManualClock(1_700_000_000_000);
    const cpu = { busy: 0.1, idleSeconds: 0 };
    const first = startProgram(clock, cpu);
    await clock.run(5 * MINUTE);
    expect(first.rules.alerts()).toEqual([]);
    cpu.busy = 0.95;
    await clock.run(4 * MINUTE);
    expect(first.rules.alerts()).toMatchObject([{ state: 'pending' }]);
    expect(first.shown).toEqual([]);
    await clock.run(4 * MINUTE);
    expect(first.shown).toEqual([
      {
        title: 'Critical: HighCPUUsage',
        body: expect.stringMatching(/^High CPU usage on web:9100: 95\.0% · value 95 · since \d\d:\d\d:\d\d$/) as string,
      },
    ]);
    first.kill();
    clock.advance(90 * SECOND);

    const second = startProgram(clock, cpu);
    await clock.run(15 * MINUTE);
    expect(second.rules.alerts()).toMatchObject([{ state: 'firing' }]);
    expect(second.shown).toEqual([]);
    cpu.busy = 0.1;
    await clock.run(3 * MINUTE);
    expect(second.shown).toMatchObject([{ title: 'Resolved: HighCPUUsage' }]);
    expect(second.state.episodes.list({ fromMs: 0, toMs: clock.now(), limit: 10 })).toHaveLength(1);
    await clock.run(20 * MINUTE);
    expect(second.shown).toHaveLength(1);
    second.kill();
    for (const program of [first, second]) program.close();
  });
});
