import { labelsFromRecord, type LabelRecord } from '../../../shared/model/labels.ts';
import type { DroppedTargets, TargetMetadata, TargetStatus } from '../collect/scrape/index.ts';
// Not through the index, which brings the YAML and schema libraries into this thread.
import { formatDuration } from '../config/duration.ts';
import { goTime } from './go-time.ts';
import { selectorsTest } from './match-selectors.ts';
import { limitParam, optionalText, selectorsParam, type Params } from './params.ts';

/** `data` of `/api/v1/targets`, with its filters `state` and `scrapePool`. Source: Prometheus manual, "Targets". */
export function targetsData(
  targets: readonly TargetStatus[],
  dropped: readonly DroppedTargets[],
  params: Params,
): unknown {
  const state = (optionalText(params, 'state') ?? 'any').toLowerCase();
  const pool = optionalText(params, 'scrapePool');
  const isShown = ({ scrapePool }: { readonly scrapePool: string }): boolean => pool === null || scrapePool === pool;
  const active = state === 'dropped' ? [] : targets.filter(isShown);
  if (state === 'active') return { activeTargets: active.map(targetData), droppedTargets: [] };
  return {
    activeTargets: active.map(targetData),
    droppedTargets: dropped
      .filter(isShown)
      .flatMap(({ scrapePool, discoveredLabels }) => discoveredLabels.map((labels) => droppedData(scrapePool, labels))),
    droppedTargetCounts: Object.fromEntries(dropped.map(({ scrapePool, count }) => [scrapePool, count])),
  };
}

function droppedData(scrapePool: string, discoveredLabels: LabelRecord): unknown {
  return { discoveredLabels, scrapePool };
}

function targetData(target: TargetStatus): unknown {
  return {
    discoveredLabels: target.discoveredLabels,
    labels: target.labels,
    scrapePool: target.scrapePool,
    scrapeUrl: target.scrapeUrl,
    globalUrl: target.scrapeUrl,
    lastError: target.lastError,
    lastScrape: goTime(target.lastScrapeAt),
    lastScrapeDuration: target.lastScrapeDurationMs / 1000,
    health: target.health,
    scrapeInterval: formatDuration(target.scrapeIntervalMs),
    scrapeTimeout: formatDuration(target.scrapeTimeoutMs),
  };
}

/** `data` of `/api/v1/scrape_pools`: the names of all jobs. */
export function scrapePoolsData(pools: readonly string[]): unknown {
  return { scrapePools: [...pools].sort() };
}

/** `data` of `/api/v1/targets/metadata`: what each target says about its metrics. */
export function targetMetadataData(metadata: Iterable<TargetMetadata>, params: Params): unknown[] {
  const fits = selectorsTest(selectorsParam(params, 'match_target'));
  const metric = optionalText(params, 'metric');
  const limit = limitParam(params);
  const found: unknown[] = [];
  for (const { target, metric: name, metadata: said } of metadata) {
    if (limit > 0 && found.length >= limit) break;
    if (metric !== null && metric !== name) continue;
    if (!fits(labelsFromRecord(target))) continue;
    const { type, help, unit } = said;
    found.push({ target, ...(metric === null ? { metric: name } : {}), type, help, unit });
  }
  return found;
}

/** `data` of `/api/v1/metadata`: what is known of each metric, the variants of several targets beside each other. */
export function metadataData(metadata: Iterable<TargetMetadata>, params: Params): Record<string, unknown[]> {
  const metric = optionalText(params, 'metric');
  const limit = limitParam(params);
  const perMetric = limitParam(params, 'limit_per_metric');
  const found = new Map<string, Map<string, unknown>>();
  for (const { metric: name, metadata: said } of metadata) {
    if (metric !== null && metric !== name) continue;
    if (!found.has(name) && limit > 0 && found.size >= limit) continue;
    const variants = found.get(name) ?? new Map<string, unknown>();
    found.set(name, variants);
    const { type, help, unit } = said;
    const key = JSON.stringify([type, help, unit]);
    if (perMetric === 0 || variants.size < perMetric || variants.has(key)) variants.set(key, { type, help, unit });
  }
  return Object.fromEntries([...found].map(([name, variants]) => [name, [...variants.values()]]));
}
