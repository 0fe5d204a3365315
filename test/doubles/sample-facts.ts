import type { Handling } from '../../shared/contract/alert-care.ts';
import type { Alert, RuleGroup } from '../../shared/contract/alerts.ts';
import type { Finding } from '../../shared/contract/config.ts';
import type { HostGpu, HostProcess, HostReading, HostTemperature } from '../../shared/contract/host.ts';
import { wave } from './sample-random.ts';

const GIB = 2 ** 30;

const RULES = [
  ['ServiceDown', 'critical', 'up == 0', 'checkout-api', 'checkout-api does not answer', 0],
  ['HighLatency', 'warning', 'probe_duration_seconds > 1', 'catalogue', 'catalogue answers in 2.4 s', 2.4],
  [
    'DiskAlmostFull',
    'warning',
    'node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1',
    'workstation',
    '/ has 8.1 % left',
    0.081,
  ],
  [
    'HighCPUUsage',
    'critical',
    '1 - avg(rate(node_cpu_seconds_total{mode="idle"}[1m])) > 0.8',
    'workstation',
    'CPU above 80 % for 5 minutes',
    0.874,
  ],
  [
    'CertificateExpires',
    'info',
    'probe_ssl_earliest_cert_expiry - time() < 1209600',
    'payments',
    'The certificate expires in 9 days',
    777_600,
  ],
  [
    'ErrorBurst',
    'error',
    'rate(log_entries_total{level="error"}[5m]) > 1',
    'checkout-api',
    '订单服务出现大量错误',
    1.7,
  ],
] as const;

const SUMMARIES_ZH: Readonly<Record<string, string>> = {
  ServiceDown: 'checkout-api 没有响应',
  HighLatency: 'catalogue 的响应时间为 2.4 秒',
  HighCPUUsage: 'CPU 使用率超过 80 % 已持续 5 分钟',
};

/** The text of the rule file that `sampleGroups` tells of. */
export function sampleRuleText(): string {
  const rules = RULES.map(
    ([name, severity, expr, , summary]) =>
      `      - alert: ${name}\n        expr: ${expr}\n        for: 5m\n        labels: {severity: ${severity}}\n        annotations:\n          summary: ${summary}\n`,
  );
  return `groups:\n  - name: host\n    interval: 15s\n    rules:\n${rules.join('')}`;
}

/** The second alert is acknowledged, the third held back; the others are as they fired. */
function sampleHandling(index: number, now: number): Handling {
  return {
    acknowledged: index === 1 ? { at: now - 120_000, by: 'kim', note: 'restarting the cache' } : null,
    snoozed: null,
    escalated: index === 0 ? [{ receiver: 'boss', at: now - 60_000 }] : [],
    inhibitedBy: index === 2 ? [{ id: 'alert-0', name: 'ServiceDown' }] : [],
    silencedBy: index === 2 ? [{ id: 'silence-1', comment: 'disk is being replaced', endsAt: now + 3_600_000 }] : [],
    mutedBy: [],
    quiet: 'no',
    receivers: ['desk'],
  };
}

/** Alerts, the last of which is pending when there are more than two. */
export function sampleAlerts(count: number, now: number): Alert[] {
  return Array.from({ length: count }, (_, index): Alert => {
    const [name, severity, expr, instance, summary, value] = RULES[index % RULES.length] ?? RULES[0];
    const activeAt = now - 252_000 - index * 611_000;
    const pending = index === count - 1 && count > 2;
    return {
      id: `alert-${String(index)}`,
      name,
      state: pending ? 'pending' : 'firing',
      severity,
      labels: { alertname: name, instance, severity, job: 'host' },
      annotations: {
        summary,
        ...(SUMMARIES_ZH[name] !== undefined && { summary_zh: SUMMARIES_ZH[name] }),
        description: `${summary}. Look at the service's log first.`,
        runbook_url: 'https://runbooks.example/service-down',
      },
      value,
      expr,
      activeAt,
      firedAt: pending ? null : activeAt + 60_000,
      resolvedAt: null,
      handling: pending ? null : sampleHandling(index, now),
    };
  });
}

export function sampleGroups(now: number): RuleGroup[] {
  return [
    {
      name: 'host',
      file: '/home/kim/.config/vedette/rules.yml',
      intervalMs: 15_000,
      rules: RULES.map(([name, severity, expr, , summary], index) => ({
        id: `rules.yml/host/${String(index)}`,
        kind: 'alerting' as const,
        name,
        expr,
        forMs: 300_000,
        labels: { severity },
        annotations: { summary },
        state: index < 2 ? ('firing' as const) : index === 2 ? ('pending' as const) : ('inactive' as const),
        health: index === 5 ? ('err' as const) : ('ok' as const),
        lastError: index === 5 ? 'unknown metric' : null,
        lastEvaluatedAt: now - 4000,
        evaluationMs: 0.8,
        line: 5 + index * 6,
      })),
    },
  ];
}

export function sampleHost(now: number): HostReading {
  return {
    at: now,
    cpuRatio: wave('cpu', now) * 0.5,
    load1: 1.42,
    cores: 16,
    memory: { usedBytes: 19.4 * GIB, totalBytes: 32 * GIB },
    swap: { usedBytes: 0, totalBytes: 2 * GIB },
    fullestFilesystem: { mountpoint: '/home', usedBytes: 812 * GIB, totalBytes: 884 * GIB },
    networkReceiveBytesPerSecond: wave('rx', now) * 2e6,
    networkTransmitBytesPerSecond: wave('tx', now) * 4e5,
    diskReadBytesPerSecond: wave('read', now) * 3e6,
    diskWriteBytesPerSecond: wave('write', now) * 5e6,
    temperatureCelsius: 54,
    uptimeSeconds: 93_600,
  };
}

export function sampleProcesses(by: 'cpu' | 'memory' | 'io', limit: number): HostProcess[] {
  const processes = [
    { pid: 4211, name: 'firefox', cpuRatio: 0.42, memoryBytes: 2.1 * GIB, threads: 112 },
    { pid: 1733, name: 'postgres', cpuRatio: 0.21, memoryBytes: 0.9 * GIB, threads: 1 },
    { pid: 998, name: 'Xorg', cpuRatio: 0.06, memoryBytes: 0.2 * GIB, threads: 12 },
    { pid: 5120, name: 'java', cpuRatio: 0.04, memoryBytes: 3.4 * GIB, threads: 64 },
  ].map((process, index) => ({
    ...process,
    ioBytesPerSecond: index === 2 ? null : 2 ** (12 + 2 * index),
    user: 'kim',
    startedAt: null,
  }));
  const key = ({ cpu: 'cpuRatio', memory: 'memoryBytes', io: 'ioBytesPerSecond' } as const)[by];
  return processes.sort((a, b) => (b[key] ?? -1) - (a[key] ?? -1)).slice(0, limit);
}

export function sampleHardware(): { gpus: HostGpu[]; temperatures: HostTemperature[] } {
  return {
    gpus: [
      {
        name: 'NVIDIA RTX 4000 Ada',
        utilizationRatio: 0.64,
        memoryUsedBytes: 7.4 * GIB,
        memoryTotalBytes: 20 * GIB,
        temperatureCelsius: 66,
        powerWatts: 98.4,
        fanRatio: 0.41,
        processes: [{ pid: 4711, name: '/usr/bin/python3', memoryBytes: 6.9 * GIB }],
      },
    ],
    temperatures: [
      { title: 'k10temp: Tctl', celsius: 71.4, criticalCelsius: 95 },
      { title: 'nvme: Composite', celsius: 48.9, criticalCelsius: 84.8 },
      { title: 'acpitz (zone 0)', celsius: 44, criticalCelsius: null },
    ],
  };
}

export function sampleFindings(): Finding[] {
  return [
    {
      id: 'listen:9100',
      kind: 'exporter',
      title: 'node_exporter',
      address: '127.0.0.1:9100',
      owner: 'prometheus',
      evidence: '/metrics answers with node_ metrics',
      adds: 'scrape',
      watched: false,
    },
    {
      id: 'listen:9090',
      kind: 'exporter',
      title: 'Prometheus',
      address: '127.0.0.1:9090',
      owner: 'prometheus',
      evidence: '/metrics answers with prometheus_ metrics',
      adds: 'scrape',
      watched: true,
    },
    {
      id: 'listen:8080',
      kind: 'health',
      title: 'checkout-api',
      address: '127.0.0.1:8080',
      owner: 'java',
      evidence: '/actuator/health answers UP',
      adds: 'check',
      watched: false,
    },
    {
      id: 'listen:5432',
      kind: 'database',
      title: 'PostgreSQL',
      address: '127.0.0.1:5432',
      owner: 'postgres',
      evidence: 'port 5432 and the owner',
      adds: 'check',
      watched: false,
    },
    {
      id: 'log:nginx',
      kind: 'log',
      title: 'nginx',
      address: '/var/log/nginx/access.log',
      owner: null,
      evidence: 'the usual place',
      adds: 'log',
      watched: false,
    },
    {
      id: 'listen:631',
      kind: 'other',
      title: 'cupsd',
      address: '127.0.0.1:631',
      owner: 'cupsd',
      evidence: 'listens',
      adds: 'none',
      watched: false,
    },
  ];
}
