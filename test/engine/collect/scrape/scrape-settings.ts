import type { ScrapeConfig } from '../../../../electron/engine/config/configuration.ts';

/** A scrape configuration with Prometheus's defaults for one target. */
export function scrapeConfig(address: string, changes: Partial<ScrapeConfig> = {}): ScrapeConfig {
  return {
    jobName: 'app',
    scrapeIntervalMs: 15_000,
    scrapeTimeoutMs: 10_000,
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
    ...changes,
  };
}
