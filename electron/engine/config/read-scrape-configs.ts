import type { ScrapeConfig } from './configuration.ts';
import { DEFAULT_SCRAPE } from './default-configuration.ts';
import { resolveBeside } from './file-pattern.ts';
import type { HttpClientConfig } from './http-client.ts';
import { checkLabelNames, isLabelName } from './names.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import { readDiscoveries } from './read-discoveries.ts';
import { checkNaming, checkProtocols } from './read-global.ts';
import type { GlobalReading } from './read-global.ts';
import { readHttpClient } from './read-http-client.ts';
import { readJsonMetrics } from './read-json-metrics.ts';
import { readRelabelSteps } from './read-relabel.ts';
import { scrapeConfig } from './schema/scrape-schema.ts';
import type { RawScrapeConfig } from './schema/scrape-schema.ts';
import { checkTarget } from './target-address.ts';
import { validate } from './validate.ts';
import type { PlainValue } from './yaml-source.ts';

/** One scrape configuration; null when it is wrong, with the problems in the findings. */
export function readScrapeConfig(
  value: PlainValue,
  place: Place,
  directory: string,
  global: GlobalReading,
  findings: Findings,
): ScrapeConfig | null {
  const raw = validate(scrapeConfig, value, place, findings);
  if (raw === undefined) return null;
  const nameScheme = raw.metric_name_validation_scheme ?? global.nameScheme;
  checkNaming({ ...raw, metric_name_validation_scheme: nameScheme }, place, findings);
  checkProtocols(raw.scrape_protocols, below(place, 'scrape_protocols'), findings);
  checkFallback(raw, place, findings);
  for (const name of Object.keys(raw.params ?? {})) {
    if (!isLabelName(name, 'utf8')) {
      findings.problems.push(problemAt(below(place, 'params', name), 'A parameter has no name.', 'Name it.', 'key'));
    }
  }
  for (const [index, group] of (raw.static_configs ?? []).entries()) {
    const groupPlace = below(place, 'static_configs', index);
    checkLabelNames(group.labels ?? {}, below(groupPlace, 'labels'), nameScheme, findings);
    for (const [position, target] of (group.targets ?? []).entries()) {
      checkTarget(target, below(groupPlace, 'targets', position), findings);
    }
  }
  if (raw.json_metrics !== undefined && raw.fallback_scrape_protocol !== undefined) {
    const message = 'The answer is read as JSON, so a fallback_scrape_protocol has no meaning.';
    findings.problems.push(problemAt(below(place, 'fallback_scrape_protocol'), message, 'Remove it.', 'key'));
  }
  return {
    jobName: raw.job_name,
    ...readTiming(raw, place, global, findings),
    ...mapRest(raw, directory, global),
    ...readHttpClient(raw, place, directory, findings),
    nameScheme,
    relabelSteps: readRelabelSteps(raw.relabel_configs, nameScheme),
    metricRelabelSteps: readRelabelSteps(raw.metric_relabel_configs, nameScheme),
    jsonMetrics:
      raw.json_metrics === undefined
        ? null
        : readJsonMetrics(raw.json_metrics, below(place, 'json_metrics'), nameScheme, findings),
    discoveries: readDiscoveries(raw, place, directory, findings),
  };
}

function readTiming(
  raw: RawScrapeConfig,
  place: Place,
  global: GlobalReading,
  findings: Findings,
): Pick<ScrapeConfig, 'scrapeIntervalMs' | 'scrapeTimeoutMs'> {
  const given = raw.scrape_interval ?? 0;
  const scrapeIntervalMs = given > 0 ? given : global.config.scrapeIntervalMs;
  const timeout = raw.scrape_timeout ?? 0;
  if (timeout > scrapeIntervalMs) {
    findings.problems.push(
      problemAt(
        below(place, 'scrape_timeout'),
        `The scrape timeout of "${raw.job_name}" is longer than its scrape interval.`,
        'Make the timeout at most as long as the interval.',
      ),
    );
  }
  const inherited = Math.min(global.config.scrapeTimeoutMs, scrapeIntervalMs);
  return { scrapeIntervalMs, scrapeTimeoutMs: timeout > 0 ? timeout : inherited };
}

function mapRest(
  raw: RawScrapeConfig,
  directory: string,
  global: GlobalReading,
): Omit<ScrapeConfig, keyof HttpClientConfig | ReadElsewhere> {
  const { limits } = global;
  const failureLogFile = raw.scrape_failure_log_file ?? limits.scrape_failure_log_file ?? '';
  return {
    metricsPath: raw.metrics_path ?? DEFAULT_SCRAPE.metricsPath,
    scheme: raw.scheme?.toLowerCase() === 'https' ? 'https' : 'http',
    params: raw.params ?? {},
    honorLabels: raw.honor_labels ?? false,
    honorTimestamps: raw.honor_timestamps ?? true,
    trackTimestampsStaleness: raw.track_timestamps_staleness ?? false,
    enableCompression: raw.enable_compression ?? true,
    sampleLimit: raw.sample_limit ?? limits.sample_limit ?? 0,
    labelLimit: raw.label_limit ?? limits.label_limit ?? 0,
    labelNameLengthLimit: raw.label_name_length_limit ?? limits.label_name_length_limit ?? 0,
    labelValueLengthLimit: raw.label_value_length_limit ?? limits.label_value_length_limit ?? 0,
    bodySizeLimitBytes: raw.body_size_limit ?? limits.body_size_limit ?? 0,
    targetLimit: raw.target_limit ?? limits.target_limit ?? 0,
    keepDroppedTargets: raw.keep_dropped_targets ?? limits.keep_dropped_targets ?? 0,
    scrapeProtocols: raw.scrape_protocols ?? limits.scrape_protocols ?? DEFAULT_SCRAPE.scrapeProtocols,
    fallbackScrapeProtocol: fallbackOf(raw.fallback_scrape_protocol),
    nameEscaping: escapingOf(raw, limits),
    extraScrapeMetrics: raw.extra_scrape_metrics ?? limits.extra_scrape_metrics ?? false,
    failureLogFile: failureLogFile === '' ? null : resolveBeside(directory, failureLogFile),
    staticConfigs: (raw.static_configs ?? []).map((group) => ({
      targets: group.targets ?? [],
      labels: group.labels ?? {},
    })),
  };
}

type ReadElsewhere =
  | 'jobName'
  | 'scrapeIntervalMs'
  | 'scrapeTimeoutMs'
  | 'nameScheme'
  | 'relabelSteps'
  | 'metricRelabelSteps'
  | 'jsonMetrics'
  | 'discoveries';

/** Where only the classic alphabet is allowed, other characters become underscores unless something else is said. */
function escapingOf(raw: RawScrapeConfig, limits: GlobalReading['limits']): ScrapeConfig['nameEscaping'] {
  const given = raw.metric_name_escaping_scheme ?? limits.metric_name_escaping_scheme;
  const scheme = raw.metric_name_validation_scheme ?? limits.metric_name_validation_scheme;
  return given ?? (scheme === 'legacy' ? 'underscores' : 'allow-utf-8');
}

/** The text formats differ in their version only by what the parser reads anyway. */
function fallbackOf(protocol: RawScrapeConfig['fallback_scrape_protocol']): ScrapeConfig['fallbackScrapeProtocol'] {
  if (protocol === undefined || protocol === 'PrometheusProto') return null;
  return protocol.startsWith('OpenMetrics') ? 'OpenMetricsText1.0.0' : 'PrometheusText0.0.4';
}

function checkFallback(raw: RawScrapeConfig, place: Place, findings: Findings): void {
  if (raw.fallback_scrape_protocol !== 'PrometheusProto') return;
  findings.warnings.push(
    problemAt(
      below(place, 'fallback_scrape_protocol'),
      'The protobuf format is not read yet.',
      'An answer without a Content-Type is refused; name a text format.',
    ),
  );
}
