import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { defaultConfigFile, initConfiguration, loadConfiguration, type Configuration } from './config/index.ts';
import type { EngineOptions } from './engine-options.ts';
import { languageChecks } from './language-checks.ts';
import type { StoreRules } from './store/metrics/index.ts';

/** Reads the configuration; where the options name no file, the default one, which is written first if need be. */
export async function configurationLoader(options: EngineOptions): Promise<() => ReturnType<typeof loadConfiguration>> {
  let file = options.configFile;
  if (file === null) {
    file = defaultConfigFile(process.env, process.platform, homedir());
    const { created } = await initConfiguration(dirname(file));
    for (const path of created) options.log('info', `Wrote ${path}; edit it, or use the interface.`);
  }
  return () => loadConfiguration({ file, overrides: options.overrides, environment: process.env, ...languageChecks });
}

/** How long samples are kept and how many series are taken, in the terms of the store of metrics. */
export function storeRules({ retention, storage }: Configuration): StoreRules {
  const { rawMs, rollup5mMs, rollup1hMs, sizeBytes } = retention.metrics;
  const { maxSeries, maxSeriesPerMetric, maxSeriesPerTarget } = storage.metrics;
  return {
    retention: {
      maxAgeMs: rawMs,
      maxSizeBytes: sizeBytes,
      rollupAgeMs: { 300_000: rollup5mMs, 3_600_000: rollup1hMs },
    },
    limits: { total: maxSeries, metric: maxSeriesPerMetric, target: maxSeriesPerTarget },
  };
}

/** Hosts of configured targets and checks, without port, each once. */
export function watchedHosts({ scrapeConfigs, checks }: Configuration): string[] {
  const targets = scrapeConfigs.flatMap((job) => job.staticConfigs.flatMap((group) => group.targets));
  const hosts = [
    ...targets.map((target) => URL.parse(`http://${target}`)?.hostname ?? ''),
    ...checks.map((check) => URL.parse(check.http.url)?.hostname ?? ''),
  ];
  return [...new Set(hosts.filter((host) => host !== ''))];
}
