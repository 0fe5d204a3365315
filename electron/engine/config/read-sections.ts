import type { HostConfig, LogSourceConfig, LogType, RetentionConfig, StorageConfig } from './configuration.ts';
import type { PromqlFeatureName } from './promql-features.ts';
import { resolveBeside } from './file-pattern.ts';
import { LOG_ENTRIES_METRIC } from '../../../shared/model/log-entries-metric.ts';
import { checkLabelNames, isMetricName } from './names.ts';
import type { NameScheme } from './names.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import type { RawStorage } from './schema/prometheus-schema.ts';
import { hostSection, logEntry, promqlSection, retentionSection } from './schema/vedette-schema.ts';
import type { RawRetention } from './schema/vedette-schema.ts';
import { validate } from './validate.ts';
import type { PlainValue } from './yaml-source.ts';

const DAY_MS = 86_400_000;
const GB = 1024 ** 3;

export const HOST_DEFAULTS: HostConfig = { enabled: true, intervalMs: 15_000, processes: [] };
export const RETENTION_DEFAULTS: RetentionConfig = {
  metrics: { rawMs: 15 * DAY_MS, rollup5mMs: 90 * DAY_MS, rollup1hMs: 2 * 365 * DAY_MS, sizeBytes: 10 * GB },
  logs: {
    application: 30 * DAY_MS,
    error: 60 * DAY_MS,
    business: 90 * DAY_MS,
    access: 30 * DAY_MS,
    sizeBytes: 20 * GB,
  },
};

export const STORAGE_DEFAULTS: StorageConfig = {
  metrics: { maxSeries: 1_000_000, maxSeriesPerMetric: 250_000, maxSeriesPerTarget: 250_000 },
};

export function readHost(value: PlainValue | undefined, place: Place, findings: Findings): HostConfig {
  const raw = validate(hostSection, value ?? {}, place, findings) ?? {};
  if (raw.interval !== undefined && raw.interval < 1000) {
    findings.problems.push(
      problemAt(
        below(place, 'interval'),
        'The host cannot be sampled more often than once a second.',
        'Write 1s or more.',
      ),
    );
  }
  const processes = (raw.processes ?? []).map(({ name, pattern }) => ({ name, pattern: pattern ?? null }));
  for (const [index, { name }] of processes.entries()) {
    if (processes.findIndex((other) => other.name === name) === index) continue;
    const message = `There already is a watched process "${name}".`;
    findings.problems.push(
      problemAt(below(place, 'processes', index, 'name'), message, 'Give each a name of its own.'),
    );
  }
  return {
    enabled: raw.enabled ?? HOST_DEFAULTS.enabled,
    intervalMs: raw.interval ?? HOST_DEFAULTS.intervalMs,
    processes,
  };
}

export function readLogSource(
  value: PlainValue,
  place: Place,
  directory: string,
  nameScheme: NameScheme,
  findings: Findings,
): LogSourceConfig | null {
  const raw = validate(logEntry, value, place, findings);
  if (raw === undefined) return null;
  checkLabelNames(raw.labels ?? {}, below(place, 'labels'), nameScheme, findings);
  for (const [index, file] of raw.files.entries()) {
    if (file !== '') continue;
    findings.problems.push(problemAt(below(place, 'files', index), 'The path is empty.', 'Write a path or a pattern.'));
  }
  for (const [index, metric] of (raw.metrics ?? []).entries()) {
    const at = below(place, 'metrics', index);
    checkLabelNames(metric.labels ?? {}, below(at, 'labels'), nameScheme, findings);
    const fault = logMetricFault(metric.name, nameScheme);
    if (fault !== null)
      findings.problems.push(problemAt(below(at, 'name'), fault, 'Write it like payment_failures_total.'));
  }
  return {
    name: raw.name,
    type: raw.type ?? 'application',
    files: raw.files.map((file) => resolveBeside(directory, file)),
    labels: raw.labels ?? {},
    metrics: (raw.metrics ?? []).map(({ name, pattern, level, labels }) => ({
      name,
      pattern: pattern ?? null,
      levels: level ?? null,
      labels: labels ?? {},
    })),
  };
}

function logMetricFault(name: string, scheme: NameScheme): string | null {
  if (!isMetricName(name, scheme)) return `"${name}" is not a name of a metric.`;
  return name === LOG_ENTRIES_METRIC ? `"${name}" is counted for every log already.` : null;
}

/** `retention`, over what Prometheus's own `storage.tsdb.retention` says (where 0 is "not set"), over the defaults. */
export function readRetention(
  value: PlainValue | undefined,
  place: Place,
  storage: RawStorage | undefined,
  findings: Findings,
): RetentionConfig {
  const raw: RawRetention = validate(retentionSection, value ?? {}, place, findings) ?? {};
  const ofPrometheus = storage?.tsdb?.retention;
  for (const [section, entries] of Object.entries(raw)) {
    for (const [key, amount] of Object.entries(entries ?? {})) {
      if (amount !== 0) continue;
      findings.problems.push(
        problemAt(below(place, section, key), 'Nothing would be kept.', 'Write more than 0, or remove the key.'),
      );
    }
  }
  const logMs = (type: LogType): number => raw.logs?.[type] ?? RETENTION_DEFAULTS.logs[type];
  const rawMs = raw.metrics?.raw ?? positive(ofPrometheus?.time) ?? RETENTION_DEFAULTS.metrics.rawMs;
  return {
    metrics: {
      rawMs,
      rollup5mMs: Math.max(rawMs, raw.metrics?.['5m'] ?? RETENTION_DEFAULTS.metrics.rollup5mMs),
      rollup1hMs: Math.max(rawMs, raw.metrics?.['1h'] ?? RETENTION_DEFAULTS.metrics.rollup1hMs),
      sizeBytes: raw.metrics?.size ?? positive(ofPrometheus?.size) ?? RETENTION_DEFAULTS.metrics.sizeBytes,
    },
    logs: {
      application: logMs('application'),
      error: logMs('error'),
      business: logMs('business'),
      access: logMs('access'),
      sizeBytes: raw.logs?.size ?? RETENTION_DEFAULTS.logs.sizeBytes,
    },
  };
}

/** `storage.metrics`; 0 is no limit, as with the limits of a scrape. */
export function readStorage(storage: RawStorage | undefined): StorageConfig {
  const { max_series, max_series_per_metric, max_series_per_target } = storage?.metrics ?? {};
  const limit = (amount: number | undefined, otherwise: number): number =>
    amount === 0 ? Infinity : (amount ?? otherwise);
  const { maxSeries, maxSeriesPerMetric, maxSeriesPerTarget } = STORAGE_DEFAULTS.metrics;
  return {
    metrics: {
      maxSeries: limit(max_series, maxSeries),
      maxSeriesPerMetric: limit(max_series_per_metric, maxSeriesPerMetric),
      maxSeriesPerTarget: limit(max_series_per_target, maxSeriesPerTarget),
    },
  };
}

/** `promql.enable_features`. */
export function readPromqlFeatures(
  value: PlainValue | undefined,
  place: Place,
  findings: Findings,
): readonly PromqlFeatureName[] {
  return [...new Set(validate(promqlSection, value ?? {}, place, findings)?.enable_features)];
}

function positive(amount: number | undefined): number | undefined {
  return amount === 0 ? undefined : amount;
}
