import type { GlobalConfig, ScrapeConfig } from './configuration.ts';

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

/** @param address `host:port` of the program's own metrics */
export function selfScrapeConfig(address: string, global: GlobalConfig): ScrapeConfig {
  return {
    jobName: SELF_JOB,
    scrapeIntervalMs: Math.min(global.scrapeIntervalMs, 15_000),
    scrapeTimeoutMs: Math.min(global.scrapeTimeoutMs, global.scrapeIntervalMs, 10_000),
    metricsPath: '/metrics',
    scheme: 'http',
    params: {},
    honorLabels: false,
    honorTimestamps: true,
    followRedirects: true,
    enableCompression: true,
    headers: {},
    basicAuth: null,
    authorization: null,
    tls: { caFile: null, serverName: null, insecureSkipVerify: false },
    sampleLimit: 0,
    labelLimit: 0,
    labelNameLengthLimit: 0,
    labelValueLengthLimit: 0,
    bodySizeLimitBytes: 0,
    fallbackScrapeProtocol: null,
    staticConfigs: [{ targets: [address], labels: {} }],
  };
}
