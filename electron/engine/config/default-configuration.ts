import type { GlobalConfig, ScrapeConfig, ScrapeProtocol } from './configuration.ts';
import { DEFAULT_HTTP_CLIENT } from './http-client.ts';

/** The section `global` where no file of Prometheus is in play: a desktop is looked at more often than once a minute. */
export const DEFAULT_GLOBAL = { scrape_interval: '15s', evaluation_interval: '15s' } as const;

/** The job that watches the program itself. */
export const SELF_JOB = 'vedette';

/** Add the scrape of the program's own metrics, unless a job of that name is configured or they are not served. */
export function withSelfScrape(
  configs: readonly ScrapeConfig[],
  address: string | undefined,
  global: GlobalConfig,
): readonly ScrapeConfig[] {
  if (address === undefined || configs.some((config) => config.jobName === SELF_JOB)) return configs;
  return [...configs, selfScrapeConfig(address, global)];
}

/** In the order of our wish. Source: Prometheus 3, `DefaultScrapeProtocols`. */
export const DEFAULT_SCRAPE_PROTOCOLS: readonly ScrapeProtocol[] = [
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText1.0.0',
  'PrometheusText0.0.4',
];

/** A scrape configuration that says nothing but its name. Source: Prometheus manual, `<scrape_config>`. */
export const DEFAULT_SCRAPE: Omit<ScrapeConfig, 'jobName' | 'scrapeIntervalMs' | 'scrapeTimeoutMs'> = {
  ...DEFAULT_HTTP_CLIENT,
  metricsPath: '/metrics',
  scheme: 'http',
  params: {},
  honorLabels: false,
  honorTimestamps: true,
  trackTimestampsStaleness: false,
  enableCompression: true,
  sampleLimit: 0,
  labelLimit: 0,
  labelNameLengthLimit: 0,
  labelValueLengthLimit: 0,
  bodySizeLimitBytes: 0,
  targetLimit: 0,
  keepDroppedTargets: 0,
  scrapeProtocols: DEFAULT_SCRAPE_PROTOCOLS,
  fallbackScrapeProtocol: null,
  nameScheme: 'utf8',
  nameEscaping: 'allow-utf-8',
  extraScrapeMetrics: false,
  failureLogFile: null,
  relabelSteps: [],
  metricRelabelSteps: [],
  jsonMetrics: null,
  staticConfigs: [],
  discoveries: [],
};

/** @param address `host:port` of the program's own metrics */
export function selfScrapeConfig(address: string, global: GlobalConfig): ScrapeConfig {
  return {
    ...DEFAULT_SCRAPE,
    jobName: SELF_JOB,
    scrapeIntervalMs: Math.min(global.scrapeIntervalMs, 15_000),
    scrapeTimeoutMs: Math.min(global.scrapeTimeoutMs, global.scrapeIntervalMs, 10_000),
    staticConfigs: [{ targets: [address], labels: {} }],
  };
}
