import { describe, expect, it } from 'vitest';
import { startRuleGroups, type RuleQuery, type SentAlert } from '../../../../electron/engine/alert/rules/index.ts';
import type { SampleSink } from '../../../../electron/engine/collect/sample-sink.ts';
import type {
  AlertingRuleConfig,
  RuleConfig,
  RuleGroupConfig,
} from '../../../../electron/engine/config/configuration.ts';
import { createScheduler } from '../../../../electron/engine/schedule/index.ts';
import type { SampleSource, SeriesColumns } from '../../../../electron/engine/store/metrics/sample-source.ts';
import { formatLabels, labelsFromRecord, labelsKey, labelValue, type Labels } from '../../../../shared/model/labels.ts';
import { bitsOf, isStaleAt, markStaleAt } from '../../../../shared/model/stale-marker.ts';
import { createManualClock, type ManualClock } from '../../../doubles/manual-clock.ts';

const MINUTE = 60_000;

/** Keeps what rules write and gives it back, as the store does. */
function createMemory(): SampleSink &
  SampleSource & { latest(): string[]; all: { labels: Labels; times: number[]; values: Float64Array }[] } {
  const all: { labels: Labels; times: number[]; values: Float64Array }[] = [];
  const byKey = new Map<string, number>();
  const push = (ref: number, timestampMs: number, value: number | null): void => {
    const series = all[ref];
    if (series === undefined) throw new Error(`no series ${String(ref)}`);
    series.times.push(timestampMs);
    const values = new Float64Array(series.times.length);
    values.set(series.values);
    if (value === null) markStaleAt(bitsOf(values), series.times.length - 1);
    else values[series.times.length - 1] = value;
    series.values = values;
  };
  return {
    all,
    ref(labels) {
      const key = labelsKey(labels);
      const known = byKey.get(key);
      if (known !== undefined) return known;
      byKey.set(key, all.length);
      return all.push({ labels, times: [], values: new Float64Array(0) }) - 1;
    },
    append: push,
    appendStale(ref, timestampMs) {
      push(ref, timestampMs, null);
    },
    select(matchers, startMs, endMs): SeriesColumns[] {
      return all.flatMap(({ labels, times, values }) => {
        const isWanted = matchers.every(({ name, value }) => labelValue(labels, name) === value);
        const from = times.findIndex((time) => time >= startMs);
        const to = times.filter((time) => time <= endMs).length;
        if (!isWanted || from < 0 || to <= from) return [];
        return [{ labels, timestamps: Float64Array.from(times.slice(from, to)), values: values.slice(from, to) }];
      });
    },
    series: () => [],
    labelNames: () => [],
    labelValues: () => [],
    latest() {
      return all
        .map(({ labels, values }) => {
          const last = values.length - 1;
          return `${formatLabels(labels)} ${isStaleAt(bitsOf(values), last) ? 'stale' : String(values[last])}`;
        })
        .sort();
    },
  };
}

const cpuRule: AlertingRuleConfig = {
  kind: 'alerting',
  alert: 'HighCPUUsage',
  expr: '100 - (avg by (instance) (irate(node_cpu_seconds_total{mode="idle"}[5m])) * 100) > 80',
  forMs: 5 * MINUTE,
  keepFiringForMs: 0,
  labels: { severity: 'warning' },
  annotations: { summary: 'High CPU usage on {{ $labels.instance }}', description: 'CPU is {{ $value }}' },
  line: 6,
};

function group(rules: readonly RuleConfig[], changes: Partial<RuleGroupConfig> = {}): RuleGroupConfig {
  return {
    name: 'system_alerts',
    file: '/etc/rules.yml',
    intervalMs: MINUTE,
    limit: 0,
    queryOffsetMs: 0,
    labels: {},
    rules,
    ...changes,
  };
}

function start(
  rules: readonly RuleGroupConfig[],
  answer: (expression: string, timeMs: number) => Record<string, number> | string,
  kept: { clock?: ManualClock; memory?: ReturnType<typeof createMemory> } = {},
) {
  const clock = kept.clock ?? createManualClock(1_700_000_000_000);
  const memory = kept.memory ?? createMemory();
  const sent: SentAlert[] = [];
  const logged: string[] = [];
  const query: RuleQuery = (expression, timeMs) => {
    const result = answer(expression, timeMs);
    if (typeof result === 'string') return Promise.resolve({ ok: false, problem: { message: result } });
    const samples = Object.entries(result).map(([instance, value]) => ({
      labels: labelsFromRecord({ __name__: 'cpu', instance }),
      value,
    }));
    return Promise.resolve({ ok: true, value: { type: 'vector', samples } });
  };
  const log = (_level: string, message: string): void => void logged.push(message);
  const scheduler = createScheduler({
    clock,
    log,
    limits: { global: 10, perHost: 10 },
    onGap: () => undefined,
  });
  const running = startRuleGroups({
    groups: rules,
    query,
    sink: memory,
    source: memory,
    clock,
    log,
    scheduler,
    externalLabels: { site: 'office' },
    externalUrl: 'http://127.0.0.1:9777',
    onAlerts: (alerts) => sent.push(...alerts),
  });
  const stop = (): void => {
    running.stop();
    scheduler.stop();
  };
  return { clock, memory, sent, logged, running, stop };
}

describe('startRuleGroups', () => {
  it('takes HighCPUUsage of the example rules from pending to firing to resolved', async () => {
    let cpu: Record<string, number> = { 'web:9100': 93.5 };
    const { clock, memory, sent, running, stop } = start([group([cpuRule])], () => cpu);
    await clock.run(3 * MINUTE);
    expect(running.alerts()).toMatchObject([
      {
        state: 'pending',
        value: 93.5,
        labels: { alertname: 'HighCPUUsage', instance: 'web:9100', severity: 'warning' },
      },
    ]);
    expect(memory.latest()).toContain(
      'ALERTS{alertname="HighCPUUsage", alertstate="pending", instance="web:9100", severity="warning"} 1',
    );
    expect(sent).toEqual([]);
    await clock.run(4 * MINUTE);
    expect(running.alerts()).toMatchObject([{ state: 'firing' }]);
    expect(sent[0]).toMatchObject({
      labels: { alertname: 'HighCPUUsage', instance: 'web:9100', severity: 'warning', site: 'office' },
      annotations: { summary: 'High CPU usage on web:9100', description: 'CPU is 93.5' },
      value: 93.5,
    });
    expect(sent[0]?.generatorUrl).toContain('http://127.0.0.1:9777/graph?g0.expr=100+-+%28avg+by');
    expect(memory.latest()).toContain(
      'ALERTS{alertname="HighCPUUsage", alertstate="pending", instance="web:9100", severity="warning"} stale',
    );
    cpu = {};
    await clock.run(2 * MINUTE);
    const last = sent.at(-1);
    expect(running.alerts()).toEqual([]);
    expect(last?.endsAt).toBeLessThanOrEqual(clock.now());
    expect(last?.startsAt).toBe(sent[0]?.startsAt);
    expect(
      memory
        .latest()
        .filter((line) => line.startsWith('ALERTS'))
        .every((line) => line.endsWith('stale')),
    ).toBe(true);
    stop();
  });

  it('evaluates the rules of a group in order and writes recorded series with the labels of group and rule', async () => {
    const order: string[] = [];
    const record: RuleConfig = { kind: 'recording', record: 'job:cpu', expr: 'cpu', labels: { rule: 'r' }, line: 1 };
    const { clock, memory, running, stop } = start(
      [group([record, cpuRule], { labels: { team: 'a' } })],
      (expression) => {
        order.push(expression);
        return { a: 5 };
      },
    );
    await clock.run(MINUTE);
    expect(order).toEqual(['cpu', cpuRule.expr]);
    expect(memory.latest()).toContain('job:cpu{instance="a", rule="r", team="a"} 5');
    expect(running.groups()[0]?.rules.map(({ health }) => health)).toEqual(['ok', 'ok']);
    stop();
  });

  it('keeps its alerts when a query fails and says so in the health of the rule', async () => {
    let answer: Record<string, number> | string = { a: 90 };
    const { clock, running, logged, stop } = start([group([{ ...cpuRule, forMs: 0 }])], () => answer);
    await clock.run(MINUTE);
    answer = 'query timed out';
    await clock.run(2 * MINUTE);
    expect(running.alerts()).toMatchObject([{ state: 'firing' }]);
    expect(running.groups()[0]?.rules[0]).toMatchObject({ health: 'err', lastError: 'query timed out' });
    expect(logged.filter((line) => line.includes('query timed out'))).toHaveLength(1);
    stop();
  });

  it('asks, and writes what it was told, as far back as the offset of the group says', async () => {
    const record: RuleConfig = { kind: 'recording', record: 'job:cpu', expr: 'cpu', labels: {}, line: 1 };
    const asked: number[] = [];
    const rules = [record, { ...cpuRule, forMs: 0 }];
    const { clock, memory, running, stop } = start([group(rules, { queryOffsetMs: 30_000 })], (_, timeMs) => {
      asked.push(timeMs);
      return { a: 5 };
    });
    await clock.run(MINUTE);
    const evaluatedAt = running.groups()[0]?.lastEvaluation ?? 0;
    expect(asked).toEqual([evaluatedAt - 30_000, evaluatedAt - 30_000]);
    expect(memory.all.map(({ times }) => times)).toEqual(memory.all.map(() => [evaluatedAt - 30_000]));
    // The alert itself stands now.
    expect(running.alerts()[0]?.activeAt).toBe(evaluatedAt);
    stop();
  });

  it('records nothing where the limit is passed, and goes on when it no longer is', async () => {
    let answer: Record<string, number> = { a: 1, b: 2, c: 3 };
    const record: RuleConfig = { kind: 'recording', record: 'job:cpu', expr: 'cpu', labels: {}, line: 1 };
    const { clock, memory, running, stop } = start([group([record], { limit: 2 })], () => answer);
    await clock.run(MINUTE);
    expect(memory.latest()).toEqual([]);
    expect(running.groups()[0]?.rules[0]).toMatchObject({
      health: 'err',
      lastError: 'exceeded limit of 2 with 3 series',
    });
    answer = { a: 1, b: 2 };
    await clock.run(MINUTE);
    expect(running.groups()[0]?.rules[0]).toMatchObject({ health: 'ok', lastError: '' });
    expect(memory.latest()).toHaveLength(2);
    stop();
  });

  it('does not make up for evaluations that were missed', async () => {
    const asked: number[] = [];
    const { clock, running, stop } = start([group([cpuRule])], (_, timeMs) => {
      asked.push(timeMs);
      return {};
    });
    await clock.run(2 * MINUTE);
    const before = asked.length;
    clock.freeze(10 * MINUTE);
    await clock.run(0);
    expect(asked.length - before).toBeLessThanOrEqual(1);
    await clock.run(MINUTE);
    expect(running.groups()[0]?.lastEvaluation).toBeGreaterThan(clock.now() - MINUTE);
    stop();
  });

  it('fires with the failure as text when a template fails', async () => {
    const broken = { ...cpuRule, forMs: 0, annotations: { summary: '{{ humanize "one" }}' } };
    const { clock, sent, stop } = start([group([broken])], () => ({ a: 1 }));
    await clock.run(MINUTE);
    expect(sent[0]?.annotations['summary']).toBe(
      '<error expanding template: error executing template __alert_HighCPUUsage: template: __alert_HighCPUUsage:1:115: ' +
        'executing "__alert_HighCPUUsage" at <humanize "one">: error calling humanize: strconv.ParseFloat: parsing "one": invalid syntax>',
    );
    stop();
  });

  it('goes on firing after a restart instead of waiting for `for` again', async () => {
    const first = start([group([cpuRule])], () => ({ a: 90 }));
    await first.clock.run(7 * MINUTE);
    const before = first.running.alerts()[0];
    expect(before?.state).toBe('firing');
    first.stop();
    first.clock.advance(2 * MINUTE);
    const second = start([group([cpuRule])], () => ({ a: 90 }), first);
    await second.clock.run(MINUTE);
    expect(second.running.alerts()).toMatchObject([{ state: 'firing' }]);
    const toSecond = (timeMs = 0): number => Math.floor(timeMs / 1000);
    expect(toSecond(second.running.alerts()[0]?.activeAt)).toBe(toSecond(before?.activeAt));
    second.stop();
  });

  it('goes on firing after a restart although its data comes back late', async () => {
    const fast = group([cpuRule], { intervalMs: 15_000 });
    const first = start([fast], () => ({ a: 90 }));
    await first.clock.run(7 * MINUTE);
    first.stop();
    first.clock.advance(20 * MINUTE);
    const upAt = first.clock.now() + MINUTE;
    const second = start([fast], (_expression, timeMs) => (timeMs < upAt ? {} : { a: 90 }), first);
    await second.clock.run(90_000);
    expect(second.running.alerts()).toMatchObject([{ state: 'firing' }]);
    second.stop();
  });

  it('takes up a long `for` after a restart, the outage left out', async () => {
    const slow = { ...cpuRule, forMs: 60 * MINUTE };
    const first = start([group([slow])], () => ({ a: 90 }));
    await first.clock.run(31 * MINUTE);
    first.stop();
    first.clock.advance(20 * MINUTE);
    const second = start([group([slow])], () => ({ a: 90 }), first);
    await second.clock.run(28 * MINUTE);
    expect(second.running.alerts()).toMatchObject([{ state: 'pending' }]);
    await second.clock.run(4 * MINUTE);
    expect(second.running.alerts()).toMatchObject([{ state: 'firing' }]);
    second.stop();
  });

  it('keeps the alerts of unchanged rules over a reload and ends those of removed ones', async () => {
    const other = { ...cpuRule, alert: 'Other', forMs: 0 };
    const { clock, running, sent, memory, stop } = start([group([{ ...cpuRule, forMs: 0 }, other])], () => ({ a: 90 }));
    await clock.run(MINUTE);
    const activeAt = running.alerts()[0]?.activeAt;
    running.update([group([{ ...cpuRule, forMs: 0, annotations: { summary: 'new' } }])]);
    await clock.run(MINUTE);
    expect(running.alerts()).toMatchObject([{ state: 'firing', activeAt, annotations: { summary: 'new' } }]);
    const ended = sent.filter(
      ({ labels, endsAt }) => labels['alertname'] === 'Other' && (endsAt ?? Infinity) <= clock.now(),
    );
    expect(ended).toHaveLength(1);
    expect(memory.latest()).toContain(
      'ALERTS{alertname="Other", alertstate="firing", instance="a", severity="warning"} stale',
    );
    stop();
  });

  it('lets a gap not count towards `for`', async () => {
    const { clock, running, stop } = start([group([cpuRule])], () => ({ a: 90 }));
    await clock.run(2 * MINUTE);
    const now = clock.now();
    running.gap(now, now + 60 * MINUTE);
    expect(running.alerts()[0]?.activeAt).toBeGreaterThan(now);
    stop();
  });
});
