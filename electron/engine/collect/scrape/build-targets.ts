import { createHash } from 'node:crypto';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { ScrapeConfig } from '../../config/configuration.ts';
// Not through the index, which brings the YAML and schema libraries into this thread.
import { formatDuration, parseDuration } from '../../config/duration.ts';
import { packSecrets } from '../../config/secret.ts';
import { complaintAbout } from '../../config/target-address.ts';
import { compileRelabel } from '../relabel/index.ts';
import type { TargetGroup } from '../targets/index.ts';

/** One endpoint to scrape, with everything that its configuration says. */
export interface ScrapeTarget {
  readonly config: ScrapeConfig;
  readonly url: string;
  /** As its labels say it; the configuration's own where relabelling left it alone. */
  readonly scrapeIntervalMs: number;
  readonly scrapeTimeoutMs: number;
  /** Labels of every series of the target; `job` and `instance` are among them. */
  readonly labels: LabelRecord;
  /** Labels before relabelling, `__address__` and the like included. */
  readonly discoveredLabels: LabelRecord;
  /** Equal for the same endpoint with the same labels, whatever else changed. */
  readonly identity: string;
  /** Equal when nothing about the target changed, secrets included; a digest, so that it holds none. */
  readonly digest: string;
}

export interface BuiltTargets {
  readonly targets: readonly ScrapeTarget[];
  /** Discovered labels of what relabelling dropped, up to the limit of the job. */
  readonly dropped: readonly LabelRecord[];
  readonly droppedCount: number;
  /** One sentence for each address that is no target. */
  readonly problems: readonly string[];
}

/** Builds the targets of one job from what is listed and what was found, again and again. */
export type TargetBuilder = (found: readonly TargetGroup[]) => BuiltTargets;

/**
 * The targets of a job. An address given twice with the same labels is one target.
 *
 * `instance` is the address as relabelled: since version 3 Prometheus adds no default port to it.
 * Source: Prometheus, scrape/target.go, `PopulateLabels`.
 */
export function createTargetBuilder(config: ScrapeConfig): TargetBuilder {
  const settings = digestOf(config);
  const relabel = compileRelabel(config.relabelSteps);
  const listed = config.staticConfigs.map(({ targets, labels }): TargetGroup => ({
    targets: targets.map((address) => ({ __address__: address })),
    labels,
  }));
  return (found) => {
    const targets = new Map<string, ScrapeTarget>();
    const problems: string[] = [];
    const dropped: LabelRecord[] = [];
    let droppedCount = 0;
    for (const group of [...listed, ...found]) {
      for (const own of group.targets) {
        const discovered = discoveredLabels(config, own, group.labels);
        const labels = new Map(Object.entries(discovered).filter(([, value]) => value !== ''));
        if (relabel !== null && !relabel(labels)) {
          droppedCount++;
          if (config.keepDroppedTargets === 0 || dropped.length < config.keepDroppedTargets) dropped.push(discovered);
          continue;
        }
        const built = finishTarget(config, labels, discovered, settings);
        if (built.ok) targets.set(built.target.identity, built.target);
        else problems.push(`Job "${config.jobName}": ${built.message}, so it is not scraped.`);
      }
    }
    return { targets: [...targets.values()], dropped, droppedCount, problems };
  };
}

function discoveredLabels(config: ScrapeConfig, own: LabelRecord, group: LabelRecord): LabelRecord {
  const discovered: Record<string, string> = { ...group, ...own };
  const defaults: Record<string, string> = {
    job: config.jobName,
    __scheme__: config.scheme,
    __metrics_path__: config.metricsPath,
    __scrape_interval__: formatDuration(config.scrapeIntervalMs),
    __scrape_timeout__: formatDuration(config.scrapeTimeoutMs),
  };
  for (const [name, [first]] of Object.entries(config.params)) {
    if (first !== undefined) defaults[`__param_${name}`] = first;
  }
  for (const [name, value] of Object.entries(defaults)) {
    if ((discovered[name] ?? '') === '') discovered[name] = value;
  }
  return discovered;
}

type Finished = { readonly ok: true; readonly target: ScrapeTarget } | { readonly ok: false; readonly message: string };

function finishTarget(
  config: ScrapeConfig,
  labels: ReadonlyMap<string, string>,
  discovered: LabelRecord,
  settings: string,
): Finished {
  const fail = (message: string): Finished => ({ ok: false, message });
  const address = labels.get('__address__') ?? '';
  if (address === '') return fail('a target has no __address__ after relabelling');
  const url = targetUrl(labels, config);
  if (url === null) return fail(`"${address}" is no host:port`);
  const scrapeIntervalMs = parseDuration(labels.get('__scrape_interval__') ?? '') ?? 0;
  const scrapeTimeoutMs = parseDuration(labels.get('__scrape_timeout__') ?? '') ?? 0;
  if (scrapeIntervalMs === 0) return fail(`the __scrape_interval__ of ${address} is no duration above 0`);
  if (scrapeTimeoutMs === 0) return fail(`the __scrape_timeout__ of ${address} is no duration above 0`);
  if (scrapeTimeoutMs > scrapeIntervalMs) return fail(`the timeout of ${address} is longer than its interval`);
  const final: Record<string, string> = { instance: address };
  for (const [name, value] of labels) if (!name.startsWith('__')) final[name] = value;
  const identity = JSON.stringify([config.jobName, url, Object.entries(final).sort()]);
  const digest = `${settings} ${String(scrapeIntervalMs)} ${String(scrapeTimeoutMs)} ${identity}`;
  const target = {
    config,
    url,
    scrapeIntervalMs,
    scrapeTimeoutMs,
    labels: final,
    discoveredLabels: discovered,
    identity,
    digest,
  };
  return { ok: true, target };
}

/** The labels `__param_…` win over the first value of a parameter. Source: Prometheus, scrape/target.go, `URL`. */
function targetUrl(labels: ReadonlyMap<string, string>, config: ScrapeConfig): string | null {
  const address = labels.get('__address__') ?? '';
  const scheme = labels.get('__scheme__') ?? 'http';
  const path = labels.get('__metrics_path__') ?? '';
  if (complaintAbout(address) !== null || !['http', 'https'].includes(scheme)) return null;
  const text = `${scheme}://${address}${path.startsWith('/') ? '' : '/'}${path}`;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const params = new Map(Object.entries(config.params).map(([name, values]) => [name, [...values]]));
  for (const [name, value] of labels) {
    if (!name.startsWith(PARAM)) continue;
    const [, ...others] = params.get(name.slice(PARAM.length)) ?? [];
    params.set(name.slice(PARAM.length), [value, ...others]);
  }
  for (const [name, values] of params) for (const value of values) url.searchParams.append(name, value);
  return url.href;
}

const PARAM = '__param_';

/** Everything but where targets come from: a new neighbour changes nothing for a target. */
function digestOf({ staticConfigs: _, discoveries: __, ...settings }: ScrapeConfig): string {
  return createHash('sha256')
    .update(JSON.stringify(packSecrets(settings)))
    .digest('hex');
}
