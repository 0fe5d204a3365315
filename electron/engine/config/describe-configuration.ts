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
} from './configuration.ts';
import { describeMatcher } from './describe-matcher.ts';
import { describeJudgement, describeMaintenance } from './describe-judgement.ts';
import { describeAs, describeHttpClient } from './describe-http-client.ts';
import { describeRelabelStep, describeScrape } from './describe-scrape.ts';
import { formatDuration } from './duration.ts';
import { probeKind } from './probe/kinds.ts';
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
