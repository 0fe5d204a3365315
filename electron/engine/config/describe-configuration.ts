import type {
  CheckConfig,
  Configuration,
  LogSourceConfig,
  RemoteQueryConfig,
  RemoteServer,
  RemoteWriteConfig,
  RetentionConfig,
} from './configuration.ts';
import { describeHttpClient } from './describe-http-client.ts';
import { describeJudgement, describeMaintenance } from './describe-judgement.ts';
import { describeNotify } from './describe-notify.ts';
import { describeRelabelStep, describeScrape } from './describe-scrape.ts';
import { prune, type Described } from './described.ts';
import { formatDuration } from './duration.ts';
import { probeKind } from './probe/kinds.ts';
import { hidden, withoutPassword } from './show-url.ts';
import { formatSize } from './size.ts';

/** The configuration as its file would say it, every default written out. Secrets appear as references or `<secret>`. */
export function describeConfiguration(config: Configuration): Described {
  return prune({
    global: {
      scrape_interval: formatDuration(config.global.scrapeIntervalMs),
      scrape_timeout: formatDuration(config.global.scrapeTimeoutMs),
      evaluation_interval: formatDuration(config.global.evaluationIntervalMs),
      external_labels: config.global.externalLabels,
    },
    host: {
      enabled: config.host.enabled,
      interval: formatDuration(config.host.intervalMs),
      processes: config.host.processes.map(({ name, pattern }) => ({ name, pattern: pattern ?? undefined })),
    },
    rule_files: config.ruleFiles,
    scrape_configs: config.scrapeConfigs.map(describeScrape),
    checks: config.checks.map(describeCheck),
    maintenance: config.maintenance.map(describeMaintenance),
    network: { anchors: config.network.anchors },
    blackbox_config_file: config.blackboxFile ?? undefined,
    logs: config.logs.map(describeLogSource),
    alertmanager: describeNotify(config.notify),
    alerting: { alert_relabel_configs: config.alertRelabelSteps.map(describeRelabelStep) },
    dashboards: config.dashboards,
    retention: describeRetention(config.retention),
    storage: {
      metrics: {
        max_series: orNone(config.storage.metrics.maxSeries),
        max_series_per_metric: orNone(config.storage.metrics.maxSeriesPerMetric),
        max_series_per_target: orNone(config.storage.metrics.maxSeriesPerTarget),
      },
    },
    promql: { enable_features: config.promqlFeatures },
    remote_write: config.remoteWrite.map(describeRemoteWrite),
    remote_query: config.remoteQuery.map(describeRemoteQuery),
  });
}

function describeCheck(config: CheckConfig): Described {
  return {
    name: config.name,
    interval: formatDuration(config.intervalMs),
    timeout: formatDuration(config.timeoutMs),
    labels: config.labels,
    ...describeJudgement(config.judgement),
    [config.probe.kind]: probeKind(config.probe.kind).describe(config.probe),
  };
}

function describeLogSource(config: LogSourceConfig): Described {
  return {
    name: config.name,
    type: config.type,
    files: config.files,
    labels: config.labels,
    ...(config.metrics.length === 0 ? {} : { metrics: config.metrics.map(describeLogMetric) }),
  };
}

function describeLogMetric({ name, pattern, levels, labels }: LogSourceConfig['metrics'][number]): Described {
  return {
    name,
    ...(pattern === null ? {} : { pattern }),
    ...(levels === null ? {} : { level: levels }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  };
}

function describeRetention(config: RetentionConfig): Described {
  const { sizeBytes, ...logs } = config.logs;
  return {
    metrics: {
      raw: formatDuration(config.metrics.rawMs),
      '5m': formatDuration(config.metrics.rollup5mMs),
      '1h': formatDuration(config.metrics.rollup1hMs),
      size: formatSize(config.metrics.sizeBytes),
    },
    logs: {
      ...Object.fromEntries(Object.entries(logs).map(([type, ms]) => [type, formatDuration(ms)])),
      size: formatSize(sizeBytes),
    },
  };
}

function describeRemoteWrite(config: RemoteWriteConfig): Described {
  return {
    name: config.name,
    ...describeServer(config),
    write_relabel_configs: config.writeRelabelSteps.map(describeRelabelStep),
    remote_timeout: formatDuration(config.timeoutMs),
    protobuf_message: config.protobufMessage,
    queue_config: {
      max_samples_per_send: config.maxSamplesPerSend,
      min_backoff: formatDuration(config.minBackoffMs),
      max_backoff: formatDuration(config.maxBackoffMs),
    },
  };
}

function describeRemoteQuery(config: RemoteQueryConfig): Described {
  return { name: config.name, ...describeServer(config), timeout: formatDuration(config.timeoutMs) };
}

function describeServer(server: RemoteServer): Record<string, Described> {
  return {
    url: withoutPassword(server.url),
    headers: hidden(server.headers),
    ...describeHttpClient(server),
  };
}

/** A limit as it is written: 0 for none. */
function orNone(limit: number): number {
  return Number.isFinite(limit) ? limit : 0;
}
