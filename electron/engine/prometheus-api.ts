import { labelsToRecord } from '../../shared/model/labels.ts';
import type { Matcher } from '../../shared/model/matcher.ts';
import type { RuleGroupStatus } from './alert/rules/index.ts';
import type { TargetMetadata, TargetStatus } from './collect/scrape/index.ts';
import type { PrometheusEndpoint, PrometheusReply, PrometheusRequest } from './prometheus-endpoint.ts';
import { BadParameter, durationParam, limitParam, optionalText, textParam, timeParam } from './prometheus-params.ts';
import { alertsData, rulesData, targetsData } from './prometheus-status.ts';
import { formatExpr, parsePromql, parseSelector, prometheusJson, type QueryOutcome } from './query/promql/index.ts';
import type { Clock } from './schedule/index.ts';
import type { SampleSource } from './store/metrics/sample-source.ts';

export interface PrometheusApiOptions {
  readonly source: SampleSource;
  readonly instant: (expr: string, timeMs: number, options: QueryLimits) => Promise<QueryOutcome>;
  readonly range: (
    expr: string,
    startMs: number,
    endMs: number,
    stepMs: number,
    options: QueryLimits,
  ) => Promise<QueryOutcome>;
  readonly targets: () => readonly TargetStatus[];
  readonly metadata: () => Iterable<TargetMetadata>;
  readonly ruleGroups: () => readonly RuleGroupStatus[];
  readonly version: string;
  readonly clock: Clock;
}

export interface QueryLimits {
  readonly timeoutMs: number;
  readonly lookbackMs: number | null;
  readonly signal: AbortSignal;
}

const MAX_TIMEOUT_MS = 120_000;
/** The ends of time for calls that name no range: everything that is stored. */
const EVER = { startMs: 0, endMs: Number.MAX_SAFE_INTEGER };

/** Prometheus's HTTP API, answered where the data is. Source: Prometheus manual, "HTTP API". */
export function createPrometheusApi(options: PrometheusApiOptions): PrometheusEndpoint {
  const { clock, source } = options;

  return async (request, signal) => {
    try {
      const answer = await route(request, signal);
      return answer ?? failure(404, 'not_found', `unknown endpoint /api/v1/${request.endpoint}`);
    } catch (error) {
      if (error instanceof BadParameter) return failure(400, 'bad_data', error.message);
      throw error;
    }
  };

  async function route({ endpoint, params }: PrometheusRequest, signal: AbortSignal): Promise<PrometheusReply | null> {
    switch (endpoint) {
      case 'query':
        return outcome(
          await options.instant(
            textParam(params, 'query'),
            timeParam(params, 'time', clock.now()),
            limits(params, signal),
          ),
        );
      case 'query_range':
        return range(params, signal);
      case 'series':
        return series(params);
      case 'labels':
        return names(params, source.labelNames(selectors(params), startMs(params), endMs(params)));
      case 'metadata':
        return success(metadata(optionalText(params, 'metric'), limitParam(params)));
      case 'targets':
        return success(targetsData(options.targets(), optionalText(params, 'state') ?? 'any'));
      case 'rules':
        return success(rulesData(options.ruleGroups(), params));
      case 'alerts':
        return success(alertsData(options.ruleGroups()));
      case 'status/buildinfo':
        return success({
          version: options.version,
          revision: '',
          branch: '',
          buildUser: '',
          buildDate: '',
          goVersion: '',
        });
      case 'format_query': {
        const parsed = parsePromql(textParam(params, 'query'));
        return parsed.ok ? success(formatExpr(parsed.value)) : failure(400, 'bad_data', parsed.problem.message);
      }
      default: {
        const label = /^label\/([^/]+)\/values$/.exec(endpoint)?.[1];
        if (label === undefined) return null;
        return names(params, source.labelValues(label, selectors(params), startMs(params), endMs(params)));
      }
    }
  }

  async function range(params: PrometheusRequest['params'], signal: AbortSignal): Promise<PrometheusReply> {
    const expr = textParam(params, 'query');
    const [start, end] = [timeParam(params, 'start', null), timeParam(params, 'end', null)];
    const stepMs = durationParam(params, 'step');
    if (end < start) throw new BadParameter('invalid parameter "end": end timestamp must not be before start time');
    if (stepMs === null) throw new BadParameter('invalid parameter "step": missing');
    if (stepMs <= 0) {
      throw new BadParameter(
        'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
      );
    }
    if ((end - start) / stepMs > 11_000) {
      throw new BadParameter(
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      );
    }
    return outcome(await options.range(expr, start, end, stepMs, limits(params, signal)));
  }

  function series(params: PrometheusRequest['params']): PrometheusReply {
    const matched = selectors(params);
    if (matched.length === 0) throw new BadParameter('no match[] parameter provided');
    return names(params, source.series(matched, startMs(params), endMs(params)).map(labelsToRecord));
  }

  function metadata(metric: string | null, limit: number): Record<string, unknown[]> {
    const found = new Map<string, Map<string, unknown>>();
    for (const one of options.metadata()) {
      if (metric !== null && one.metric !== metric) continue;
      if (!found.has(one.metric) && limit > 0 && found.size >= limit) continue;
      const { type, help, unit } = one.metadata;
      const variants = found.get(one.metric) ?? new Map<string, unknown>();
      variants.set(JSON.stringify([type, help, unit]), { type, help, unit });
      found.set(one.metric, variants);
    }
    return Object.fromEntries([...found].map(([name, variants]) => [name, [...variants.values()]]));
  }
}

function limits(params: PrometheusRequest['params'], signal: AbortSignal): QueryLimits {
  return {
    timeoutMs: Math.min(durationParam(params, 'timeout') ?? MAX_TIMEOUT_MS, MAX_TIMEOUT_MS),
    lookbackMs: durationParam(params, 'lookback_delta'),
    signal,
  };
}

function selectors(params: PrometheusRequest['params']): readonly (readonly Matcher[])[] {
  return (params['match[]'] ?? []).map((text) => {
    const parsed = parseSelector(text);
    if (!parsed.ok) throw new BadParameter(`invalid parameter "match[]": ${parsed.problem.message}`);
    return parsed.value;
  });
}

function startMs(params: PrometheusRequest['params']): number {
  return timeParam(params, 'start', EVER.startMs);
}

function endMs(params: PrometheusRequest['params']): number {
  return timeParam(params, 'end', EVER.endMs);
}

/** A list that `limit` may cut, with Prometheus's warning when it did. */
function names(params: PrometheusRequest['params'], all: readonly unknown[]): PrometheusReply {
  const limit = limitParam(params);
  if (limit === 0 || all.length <= limit) return success(all);
  return success(all.slice(0, limit), ['results truncated due to limit']);
}

function outcome(result: QueryOutcome): PrometheusReply {
  if (result.ok) return reply(200, `{"status":"success","data":${prometheusJson(result.value)}${notes(result)}}`);
  const { kind, message } = result.problem;
  return failure(STATUS_OF[kind], kind, message);
}

const STATUS_OF = { bad_data: 400, execution: 422, timeout: 503, canceled: 503 } as const;

function notes({ warnings, infos }: { warnings: readonly string[]; infos: readonly string[] }): string {
  const part = (name: string, list: readonly string[]): string =>
    list.length === 0 ? '' : `,"${name}":${JSON.stringify(list)}`;
  return part('warnings', warnings) + part('infos', infos);
}

function success(data: unknown, warnings: readonly string[] = []): PrometheusReply {
  return reply(200, `{"status":"success","data":${JSON.stringify(data)}${notes({ warnings, infos: [] })}}`);
}

function failure(status: number, errorType: string, error: string): PrometheusReply {
  return reply(status, JSON.stringify({ status: 'error', errorType, error }));
}

function reply(status: number, text: string): PrometheusReply {
  return { status, body: new TextEncoder().encode(text) };
}
