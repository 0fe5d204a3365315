import type { ScrapeConfig } from './configuration.ts';
import type { Described } from './described.ts';
import { describeHttpClient } from './describe-http-client.ts';
import type { DiscoveryConfig } from './discovery-config.ts';
import { formatDuration } from './duration.ts';
import type { JsonMetric } from './json-metric.ts';
import type { RelabelAction, RelabelStep } from './relabel-step.ts';
import { formatSize } from './size.ts';

/** A scrape configuration with the keys of the file. */
export function describeScrape(config: ScrapeConfig): Described {
  return {
    job_name: config.jobName,
    scrape_interval: formatDuration(config.scrapeIntervalMs),
    scrape_timeout: formatDuration(config.scrapeTimeoutMs),
    metrics_path: config.metricsPath,
    scheme: config.scheme,
    params: config.params,
    honor_labels: config.honorLabels,
    honor_timestamps: config.honorTimestamps,
    track_timestamps_staleness: config.trackTimestampsStaleness,
    enable_compression: config.enableCompression,
    scrape_protocols: config.scrapeProtocols,
    fallback_scrape_protocol: config.fallbackScrapeProtocol ?? undefined,
    metric_name_validation_scheme: config.nameScheme,
    metric_name_escaping_scheme: config.nameEscaping,
    extra_scrape_metrics: config.extraScrapeMetrics,
    scrape_failure_log_file: config.failureLogFile ?? undefined,
    ...describeHttpClient(config),
    body_size_limit: formatSize(config.bodySizeLimitBytes),
    sample_limit: config.sampleLimit,
    target_limit: config.targetLimit,
    label_limit: config.labelLimit,
    label_name_length_limit: config.labelNameLengthLimit,
    label_value_length_limit: config.labelValueLengthLimit,
    keep_dropped_targets: config.keepDroppedTargets,
    relabel_configs: config.relabelSteps.map(describeRelabelStep),
    metric_relabel_configs: config.metricRelabelSteps.map(describeRelabelStep),
    json_metrics: config.jsonMetrics?.map(describeJsonMetric),
    static_configs: config.staticConfigs,
    ...describeDiscoveries(config.discoveries),
  };
}

type Part = 'source_labels' | 'separator' | 'regex' | 'target_label' | 'replacement' | 'modulus';

/** The keys that an action takes; a file with others would be refused. */
const PARTS: Readonly<Record<RelabelAction, readonly Part[]>> = {
  replace: ['source_labels', 'separator', 'regex', 'target_label', 'replacement'],
  keep: ['source_labels', 'separator', 'regex'],
  drop: ['source_labels', 'separator', 'regex'],
  keepequal: ['source_labels', 'target_label'],
  dropequal: ['source_labels', 'target_label'],
  hashmod: ['source_labels', 'separator', 'target_label', 'modulus'],
  labelmap: ['regex', 'replacement'],
  labeldrop: ['regex'],
  labelkeep: ['regex'],
  lowercase: ['source_labels', 'separator', 'target_label'],
  uppercase: ['source_labels', 'separator', 'target_label'],
};

export function describeRelabelStep(step: RelabelStep): Described {
  const all: Readonly<Record<Part, Described>> = {
    source_labels: step.sourceLabels,
    separator: step.separator,
    regex: step.regex,
    target_label: step.targetLabel,
    replacement: step.replacement,
    modulus: step.modulus,
  };
  return { action: step.action, ...Object.fromEntries(PARTS[step.action].map((part) => [part, all[part]])) };
}

function describeJsonMetric(metric: JsonMetric): Described {
  return {
    name: metric.name,
    type: metric.type,
    help: metric.help === '' ? undefined : metric.help,
    unit: metric.unit === '' ? undefined : metric.unit,
    each: metric.each,
    value: metric.value,
    map: metric.map,
    scale: metric.scale,
    labels: metric.labels,
    timestamp: metric.timestamp ?? undefined,
  };
}

function describeDiscoveries(discoveries: readonly DiscoveryConfig[]): Record<string, Described> {
  const byKind = Object.groupBy(discoveries, ({ kind }) => `${kind}_sd_configs`);
  return Object.fromEntries(Object.entries(byKind).map(([key, list]) => [key, list.map(describeDiscovery)]));
}

function describeDiscovery(config: DiscoveryConfig): Described {
  const refresh_interval = formatDuration(config.refreshIntervalMs);
  switch (config.kind) {
    case 'file':
      return { files: config.files, refresh_interval };
    case 'http':
      return { url: config.url, refresh_interval, ...describeHttpClient(config.client) };
    case 'dns':
      return {
        names: config.names,
        type: config.recordType,
        ...(config.recordType === 'SRV' ? {} : { port: config.port }),
        refresh_interval,
      };
    case 'docker':
      return {
        host: config.host,
        port: config.port,
        host_networking_host: config.hostNetworkingHost,
        match_first_network: config.matchFirstNetwork,
        filters: Object.entries(config.filters).map(([name, values]) => ({ name, values })),
        refresh_interval,
        ...describeHttpClient(config.client),
      };
  }
}
