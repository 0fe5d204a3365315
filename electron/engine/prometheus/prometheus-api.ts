import { labelsToRecord, type LabelRecord } from '../../../shared/model/labels.ts';
import type { RuleGroupStatus } from '../alert/rules/index.ts';
import type { DroppedTargets, TargetMetadata, TargetStatus } from '../collect/scrape/index.ts';
import { formatExpr, parsePromql, type Cancellation, type Expr, type PromqlFeature } from '../query/promql/index.ts';
import type { MetricStore } from '../store/metrics/index.ts';
import { featuresData } from './features.ts';
import { federate } from './federate.ts';
import { labelNameOfPath } from './label-name.ts';
import { BadParameter, limitParam, selectorsParam, textParam, timeParam, type Params } from './params.ts';
import { createQueryAnswers, type QueryPorts } from './query-answers.ts';
import { queryTree } from './query-tree.ts';
import { failure, success, successList, type TextReply } from './reply.ts';
import { alertsData, rulesData } from './rules-data.ts';
import { metadataData, scrapePoolsData, targetMetadataData, targetsData } from './targets-data.ts';
import { tsdbStatusData } from './tsdb-status.ts';

export interface PrometheusApiOptions extends QueryPorts {
  readonly store: Pick<MetricStore, 'select' | 'series' | 'labelNames' | 'labelValues' | 'stats'>;
  readonly targets: () => readonly TargetStatus[];
  readonly droppedTargets: () => readonly DroppedTargets[];
  readonly scrapePools: () => readonly string[];
  readonly metadata: () => Iterable<TargetMetadata>;
  readonly ruleGroups: () => readonly RuleGroupStatus[];
  readonly externalLabels: () => LabelRecord;
  /** Experimental parts of PromQL that are switched on. */
  readonly promqlFeatures: () => ReadonlySet<PromqlFeature>;
}

/** @param path without the leading slash: `api/v1/query` */
export type PrometheusApi = (path: string, params: Params, signal: Cancellation) => Promise<TextReply>;

/** The ends of time for calls that name no range: everything that is stored. */
const EVER = { startMs: Number.MIN_SAFE_INTEGER, endMs: Number.MAX_SAFE_INTEGER };
const TRUNCATED = 'results truncated due to limit';

/** Prometheus's HTTP API, answered where the data is. Source: Prometheus manual, "HTTP API". */
export function createPrometheusApi(options: PrometheusApiOptions): PrometheusApi {
  const { store, clock } = options;
  const queries = createQueryAnswers(options);

  return async (path, params, signal) => {
    try {
      return await route(path, params, signal);
    } catch (error) {
      if (error instanceof BadParameter) return failure('bad_data', error.message);
      throw error;
    }
  };

  async function route(path: string, params: Params, signal: Cancellation): Promise<TextReply> {
    switch (path) {
      case 'api/v1/query':
        return queries.instant(params, signal);
      case 'api/v1/query_range':
        return queries.range(params, signal);
      case 'api/v1/query_exemplars':
        readQuery(params);
        return success([]);
      case 'api/v1/format_query':
        return success(formatExpr(readQuery(params)));
      case 'api/v1/parse_query':
        return success(queryTree(readQuery(params)));
      case 'api/v1/series':
        return series(params);
      case 'api/v1/labels':
        return list(params, store.labelNames(selectorsParam(params), startMs(params), endMs(params)));
      case 'api/v1/metadata':
        return success(metadataData(options.metadata(), params));
      case 'api/v1/targets':
        return success(targetsData(options.targets(), options.droppedTargets(), params));
      case 'api/v1/targets/metadata':
        return successList(targetMetadataData(options.metadata(), params));
      case 'api/v1/scrape_pools':
        return success(scrapePoolsData(options.scrapePools()));
      case 'api/v1/rules':
        return success(rulesData(options.ruleGroups(), params));
      case 'api/v1/alerts':
        return success(alertsData(options.ruleGroups()));
      case 'api/v1/alertmanagers':
        // Alerts are routed by this program itself.
        return success({ activeAlertmanagers: [], droppedAlertmanagers: [] });
      case 'api/v1/status/tsdb':
        return success(tsdbStatusData(store, params));
      case 'api/v1/features':
        return success(featuresData(options.promqlFeatures()));
      case 'federate':
        return federate(params, { source: store, nowMs: clock.now(), externalLabels: options.externalLabels() });
      default:
        return other(path, params);
    }
  }

  function other(path: string, params: Params): TextReply {
    const label = /^api\/v1\/label\/([^/]+)\/values$/.exec(path)?.[1];
    if (label === undefined) return failure('not_found', `unknown endpoint /${path}`);
    const name = labelNameOfPath(label);
    if (!name.isWellFormed()) throw new BadParameter(`invalid label name: ${JSON.stringify(name)}`);
    return list(params, store.labelValues(name, selectorsParam(params), startMs(params), endMs(params)));
  }

  function readQuery(params: Params): Expr {
    const parsed = parsePromql(textParam(params, 'query'), options.promqlFeatures());
    if (!parsed.ok) throw new BadParameter(`invalid parameter "query": ${parsed.problem.message}`);
    return parsed.value;
  }

  function series(params: Params): TextReply {
    const selectors = selectorsParam(params);
    if (selectors.length === 0) throw new BadParameter('no match[] parameter provided');
    const limit = limitParam(params);
    const found = store.series(selectors, startMs(params), endMs(params));
    const isCut = limit > 0 && found.length > limit;
    const shown = isCut ? found.slice(0, limit) : found;
    return successList(records(shown), { warnings: isCut ? [TRUNCATED] : [] });
  }
}

function* records(found: readonly (readonly string[])[]): Generator<LabelRecord> {
  for (const labels of found) yield labelsToRecord(labels);
}

/** A list of names that `limit` may cut, with Prometheus's warning when it did. */
function list(params: Params, all: readonly string[]): TextReply {
  const limit = limitParam(params);
  if (limit === 0 || all.length <= limit) return successList(all);
  return successList(all.slice(0, limit), { warnings: [TRUNCATED] });
}

function startMs(params: Params): number {
  return timeParam(params, 'start', EVER.startMs);
}

function endMs(params: Params): number {
  return timeParam(params, 'end', EVER.endMs);
}
