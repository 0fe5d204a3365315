import type {
  CheckConfig,
  Configuration,
  LogSourceConfig,
  RemoteQueryConfig,
  RemoteServer,
  RemoteWriteConfig,
  RetentionConfig,
  ScrapeConfig,
} from './configuration.ts';
import { formatDuration } from './duration.ts';
import { describeAs, hidden, prune, type Described } from './described.ts';
import { describeNotify } from './describe-notify.ts';
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
    host: { enabled: config.host.enabled, interval: formatDuration(config.host.intervalMs) },
    rule_files: config.ruleFiles,
    scrape_configs: config.scrapeConfigs.map(describeScrape),
    checks: config.checks.map(describeCheck),
    logs: config.logs.map(describeLogSource),
    alertmanager: describeNotify(config.notify),
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

function describeScrape(config: ScrapeConfig): Described {
  return {
    job_name: config.jobName,
    scrape_interval: formatDuration(config.scrapeIntervalMs),
    scrape_timeout: formatDuration(config.scrapeTimeoutMs),
    metrics_path: config.metricsPath,
    scheme: config.scheme,
    params: config.params,
    honor_labels: config.honorLabels,
    honor_timestamps: config.honorTimestamps,
    follow_redirects: config.followRedirects,
    enable_compression: config.enableCompression,
    fallback_scrape_protocol: config.fallbackScrapeProtocol ?? undefined,
    ...describeClient(config),
    // A header may carry a token, so that its name alone is shown.
    http_headers: Object.fromEntries(Object.keys(config.headers).map((name) => [name, { values: ['<secret>'] }])),
    body_size_limit: formatSize(config.bodySizeLimitBytes),
    sample_limit: config.sampleLimit,
    label_limit: config.labelLimit,
    label_name_length_limit: config.labelNameLengthLimit,
    label_value_length_limit: config.labelValueLengthLimit,
    static_configs: config.staticConfigs,
  };
}

function describeCheck(config: CheckConfig): Described {
  const { http } = config;
  return {
    name: config.name,
    interval: formatDuration(config.intervalMs),
    timeout: formatDuration(config.timeoutMs),
    labels: config.labels,
    http: {
      url: withoutPassword(http.url),
      method: http.method,
      headers: hidden(http.headers),
      body: http.body ?? undefined,
      status: http.status,
      keyword: http.keyword ?? undefined,
      json: http.json,
      follow_redirects: http.followRedirects,
      insecure_skip_verify: http.insecureSkipVerify,
    },
  };
}

function describeLogSource(config: LogSourceConfig): Described {
  return { name: config.name, type: config.type, files: config.files, labels: config.labels };
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
    follow_redirects: server.followRedirects,
    ...describeClient(server),
  };
}

/** The keys by which a server is reached: who asks, and whom it trusts. */
function describeClient({
  basicAuth,
  authorization,
  tls,
}: Pick<ScrapeConfig, 'basicAuth' | 'authorization' | 'tls'>): Record<string, Described> {
  return {
    basic_auth:
      basicAuth === null ? undefined : { username: basicAuth.username, ...describeAs('password', basicAuth.password) },
    authorization:
      authorization === null
        ? undefined
        : { type: authorization.type, ...describeAs('credentials', authorization.credentials) },
    tls_config: {
      ca_file: tls.caFile ?? undefined,
      server_name: tls.serverName ?? undefined,
      insecure_skip_verify: tls.insecureSkipVerify,
    },
  };
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  if (url.password === '') return text;
  url.password = '';
  return url.href.replace('@', ':<secret>@');
}

/** A limit as it is written: 0 for none. */
function orNone(limit: number): number {
  return Number.isFinite(limit) ? limit : 0;
}
