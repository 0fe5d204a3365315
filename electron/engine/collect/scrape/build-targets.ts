import { createHash } from 'node:crypto';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { ScrapeConfig } from '../../config/configuration.ts';
import { packSecrets } from '../../config/secret.ts';
import { complaintAbout } from '../../config/target-address.ts';

/** One endpoint to scrape, with everything that its configuration says. */
export interface ScrapeTarget {
  readonly config: ScrapeConfig;
  readonly url: string;
  /** Labels of every series of the target; `job` and `instance` are among them. */
  readonly labels: LabelRecord;
  /** Labels before they were cleaned, `__address__` and the like included. */
  readonly discoveredLabels: LabelRecord;
  /** Equal for the same endpoint with the same labels, whatever else changed. */
  readonly identity: string;
  /** Equal when nothing about the target changed, secrets included; a digest, so that it holds none. */
  readonly digest: string;
}

export interface BuiltTargets {
  readonly targets: readonly ScrapeTarget[];
  /** One sentence for each address that is no target. */
  readonly problems: readonly string[];
}

/**
 * The targets of the static configurations. An address given twice with the same labels is one target.
 *
 * `instance` is the address as written: since version 3 Prometheus adds no default port to it.
 * Source: Prometheus, scrape/target.go, `PopulateLabels`.
 */
export function buildTargets(configs: readonly ScrapeConfig[]): BuiltTargets {
  const targets = new Map<string, ScrapeTarget>();
  const problems: string[] = [];
  for (const config of configs) {
    const settings = digestOf(config);
    for (const group of config.staticConfigs) {
      for (const address of group.targets) {
        const target = buildTarget(config, address, group.labels, settings);
        if (target) targets.set(target.identity, target);
        else problems.push(`Job "${config.jobName}": "${address}" is no host:port, so it is not scraped.`);
      }
    }
  }
  return { targets: [...targets.values()], problems };
}

function buildTarget(
  config: ScrapeConfig,
  address: string,
  groupLabels: LabelRecord,
  settings: string,
): ScrapeTarget | null {
  const discovered: Record<string, string> = {
    job: config.jobName,
    __scheme__: config.scheme,
    __metrics_path__: config.metricsPath,
    __scrape_interval__: `${String(config.scrapeIntervalMs / 1000)}s`,
    __scrape_timeout__: `${String(config.scrapeTimeoutMs / 1000)}s`,
  };
  for (const [name, [first]] of Object.entries(config.params)) {
    if (first !== undefined) discovered[`__param_${name}`] = first;
  }
  Object.assign(discovered, groupLabels, { __address__: address });
  const url = targetUrl(discovered, config);
  if (url === null) return null;
  const labels: Record<string, string> = { instance: address };
  for (const [name, value] of Object.entries(discovered)) {
    if (!name.startsWith('__') && value !== '') labels[name] = value;
  }
  const identity = JSON.stringify([config.jobName, url, Object.entries(labels).sort()]);
  return { config, url, labels, discoveredLabels: discovered, identity, digest: `${settings} ${identity}` };
}

function targetUrl(discovered: Readonly<Record<string, string>>, config: ScrapeConfig): string | null {
  const { __address__: address = '', __scheme__: scheme = 'http', __metrics_path__: path = '/metrics' } = discovered;
  if (complaintAbout(address) !== null || !['http', 'https'].includes(scheme)) return null;
  const text = `${scheme}://${address}${path.startsWith('/') ? '' : '/'}${path}`;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  for (const [name, values] of Object.entries(config.params)) {
    const [, ...others] = values;
    for (const value of [discovered[`__param_${name}`] ?? '', ...others]) url.searchParams.append(name, value);
  }
  for (const [name, value] of Object.entries(discovered)) {
    const parameter = /^__param_(.+)$/.exec(name)?.[1];
    if (parameter !== undefined && !(parameter in config.params)) url.searchParams.append(parameter, value);
  }
  return url.href;
}

/** Everything but the list of targets: a new neighbour changes nothing for a target. */
function digestOf({ staticConfigs: _, ...settings }: ScrapeConfig): string {
  return createHash('sha256')
    .update(JSON.stringify(packSecrets(settings)))
    .digest('hex');
}
