import type { NoiseReport, ReadyRules, TriedRule } from '../../shared/contract/rules.ts';

const HOUR_MS = 3_600_000;

/** One alert that would have fired each day, and one that would have fired once. */
export function sampleTrial(name: string, from: number, to: number): TriedRule {
  const daily = Array.from({ length: Math.floor((to - from) / (24 * HOUR_MS)) }, (_, day) => {
    const activeAt = from + day * 24 * HOUR_MS + 9 * HOUR_MS;
    return { activeAt, firedAt: activeAt + 300_000, resolvedAt: activeAt + 40 * 60_000 };
  });
  return {
    from,
    to,
    stepMs: 60_000,
    complete: true,
    alerts: [
      { labels: { alertname: name, instance: 'workstation', job: 'node' }, firings: daily },
      { labels: { alertname: name, instance: '数据库', job: 'node' }, firings: daily.slice(0, 1) },
    ],
    hidden: 0,
    onlyPending: 2,
    firings: daily.length + 1,
    firingMs: daily.length * 35 * 60_000,
  };
}

export function sampleReadyRules(added: ReadonlySet<string>): ReadyRules[] {
  const rule = (name: string, expr: string, summary: string, summaryZh: string): ReadyRules['rules'][number] => ({
    name,
    expr,
    forMs: 300_000,
    keepFiringForMs: 0,
    labels: { severity: 'warning' },
    annotations: { summary, summary_zh: summaryZh },
    severity: 'warning',
    isUsed: added.has(name),
    hasMetrics: name !== 'InodesRunOut',
  });
  return [
    {
      exporter: 'node',
      title: 'node_exporter',
      found: true,
      rules: [
        rule(
          'DiskFullWithinADay',
          'predict_linear(node_filesystem_avail_bytes[6h], 24 * 3600) < 0',
          '{{ $labels.mountpoint }} is full within a day',
          '{{ $labels.mountpoint }} 将在一天内写满',
        ),
        rule('InodesRunOut', 'node_filesystem_files_free / node_filesystem_files < 0.05', 'Few inodes', 'inode 不足'),
      ],
    },
    {
      exporter: 'redis',
      title: 'Redis',
      found: false,
      rules: [
        rule('RedisDown', 'redis_up == 0', '{{ $labels.instance }}: no answer', '{{ $labels.instance }} 没有响应'),
      ],
    },
  ];
}

export function sampleNoise(from: number, to: number, isNoisy: boolean): NoiseReport {
  if (!isNoisy) return { from, to, fired: 0, rules: [], truncated: false };
  const file = '/home/kim/.config/vedette/rules.yml';
  const common = { severity: 'warning' as const, file, forMs: 60_000, keepFiringForMs: 0 };
  return {
    from,
    to,
    fired: 44,
    truncated: false,
    rules: [
      {
        ...common,
        ruleId: 'a',
        name: 'HighLatency',
        line: 12,
        expr: 'probe_duration_seconds > 1',
        fired: 41,
        alerts: 3,
        endedSoon: 38,
        flaps: 22,
        medianMs: 95_000,
        messages: 40,
        acknowledged: 0,
        reasons: ['flaps', 'short', 'ignored'],
        proposals: [
          { kind: 'limit', limit: 2.4, left: 6 },
          { kind: 'for', ms: 300_000, left: 3 },
          { kind: 'keepFiringFor', ms: 900_000, left: 19 },
          { kind: 'severity', severity: 'info' },
          { kind: 'silence', labels: { alertname: 'HighLatency', instance: 'catalogue' }, left: 4 },
        ],
      },
      {
        ...common,
        ruleId: 'b',
        name: 'ServiceDown',
        line: 3,
        expr: 'up == 0',
        fired: 3,
        alerts: 3,
        endedSoon: 0,
        flaps: 0,
        medianMs: 1_900_000,
        messages: 3,
        acknowledged: null,
        reasons: [],
        proposals: [],
      },
    ],
  };
}
