import type { ScrapeConfig } from '../../../../electron/engine/config/configuration.ts';
import { DEFAULT_SCRAPE } from '../../../../electron/engine/config/default-configuration.ts';

/** A scrape configuration with Prometheus's defaults for one target. */
export function scrapeConfig(address: string, changes: Partial<ScrapeConfig> = {}): ScrapeConfig {
  return {
    ...DEFAULT_SCRAPE,
    jobName: 'app',
    scrapeIntervalMs: 15_000,
    scrapeTimeoutMs: 10_000,
    staticConfigs: [{ targets: [address], labels: {} }],
    ...changes,
  };
}
