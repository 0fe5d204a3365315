import type {
  ChannelConfig,
  CheckConfig,
  Configuration,
  LogSourceConfig,
  NotifyConfig,
  RemoteQueryConfig,
  RemoteServer,
  RemoteWriteConfig,
  RetentionConfig,
  RouteConfig,
  ScrapeConfig,
  Secret,
} from './configuration.ts';
import type { Matcher } from '../../../shared/model/matcher.ts';
import { formatDuration } from './duration.ts';
import { probeKind } from './probe/kinds.ts';
import { describeSecret } from './secret.ts';
import { hidden, withoutPassword } from './show-url.ts';
import { formatSize } from './size.ts';

/** Plain data in the shape and with the keys of the main file. Absent parts are undefined. */
export type Described =
  string | number | boolean | undefined | readonly Described[] | { readonly [key: string]: Described };

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
    blackbox_config_file: config.blackboxFile ?? undefined,
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
  return {
    name: config.name,
    interval: formatDuration(config.intervalMs),
    timeout: formatDuration(config.timeoutMs),
    labels: config.labels,
    [config.probe.kind]: probeKind(config.probe.kind).describe(config.probe),
  };
}

function describeLogSource(config: LogSourceConfig): Described {
  return { name: config.name, type: config.type, files: config.files, labels: config.labels };
}

function describeNotify(config: NotifyConfig): Described {
  return {
    global: { resolve_timeout: formatDuration(config.resolveTimeoutMs) },
    route: describeRoute(config.route),
    receivers: config.receivers.map((receiver) => ({
      name: receiver.name,
      ...describeChannels(receiver.channels),
    })),
    inhibit_rules: config.inhibitRules.map((rule) => ({
      source_matchers: rule.sourceMatchers.map(describeMatcher),
      target_matchers: rule.targetMatchers.map(describeMatcher),
      equal: rule.equal,
    })),
  };
}

function describeRoute(route: RouteConfig): Described {
  return {
    receiver: route.receiver,
    group_by: route.groupBy,
    group_wait: formatDuration(route.groupWaitMs),
    group_interval: formatDuration(route.groupIntervalMs),
    repeat_interval: formatDuration(route.repeatIntervalMs),
    matchers: route.matchers.map(describeMatcher),
    continue: route.continue ? true : undefined,
    routes: route.routes.map(describeRoute),
  };
}

function describeMatcher(matcher: Matcher): string {
  return `${matcher.name}${matcher.operator}${JSON.stringify(matcher.value)}`;
}

function describeChannels(channels: readonly ChannelConfig[]): Record<string, Described> {
  const byKind = Object.groupBy(
    channels,
    (channel) => `${channel.kind === 'unsupported' ? channel.name : channel.kind}_configs`,
  );
  return Object.fromEntries(Object.entries(byKind).map(([key, list]) => [key, (list ?? []).map(describeChannel)]));
}

function describeChannel(channel: ChannelConfig): Described {
  switch (channel.kind) {
    case 'desktop':
      return { send_resolved: channel.sendResolved };
    case 'webhook':
      return {
        ...describeAs('url', channel.url),
        send_resolved: channel.sendResolved,
        max_alerts: channel.maxAlerts,
        headers: hidden(channel.headers),
      };
    case 'unsupported':
      return { send_resolved: '<not supported>' };
  }
}

/** A limit as it is written: 0 for none. */
function orNone(limit: number): number {
  return Number.isFinite(limit) ? limit : 0;
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
    ...describeCredentials({ basicAuth, authorization }),
    tls_config: {
      ca_file: tls.caFile ?? undefined,
      server_name: tls.serverName ?? undefined,
      insecure_skip_verify: tls.insecureSkipVerify,
    },
  };
}

/** Who asks, with secrets as references. */
export function describeCredentials({
  basicAuth,
  authorization,
}: Pick<ScrapeConfig, 'basicAuth' | 'authorization'>): Record<string, Described> {
  return {
    basic_auth:
      basicAuth === null ? undefined : { username: basicAuth.username, ...describeAs('password', basicAuth.password) },
    authorization:
      authorization === null
        ? undefined
        : { type: authorization.type, ...describeAs('credentials', authorization.credentials) },
  };
}

function describeAs(key: string, secret: Secret): Record<string, Described> {
  return { [secret.kind === 'file' ? `${key}_file` : key]: describeSecret(secret) };
}

/** Without what is absent or empty: nothing is said about it in a file either. */
function prune(value: Described): Described {
  if (Array.isArray(value)) return (value as readonly Described[]).map(prune);
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, prune(entry)] as const);
  return Object.fromEntries(entries.filter(([, entry]) => !isEmpty(entry)));
}

function isEmpty(value: Described): boolean {
  return value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}
