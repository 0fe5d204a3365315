import { createSlots } from '../schedule/slots.ts';
import type { Clock } from '../schedule/index.ts';
import {
  prometheusJsonPieces,
  type Cancellation,
  type QueryableSamples,
  type QueryOutcome,
  type QueryResult,
} from '../query/promql/index.ts';
import {
  BadParameter,
  durationParam,
  limitParam,
  optionalText,
  requiredDuration,
  textParam,
  timeParam,
  type Params,
} from './params.ts';
import { failure, successInPieces, type TextReply } from './reply.ts';

export interface QueryLimits {
  readonly timeoutMs: number;
  readonly lookbackMs: number | null;
  readonly countsSamples: boolean;
  readonly signal: Cancellation;
}

export interface QueryPorts {
  readonly instant: (expr: string, timeMs: number, limits: QueryLimits) => Promise<QueryOutcome>;
  readonly range: (
    expr: string,
    startMs: number,
    endMs: number,
    stepMs: number,
    limits: QueryLimits,
  ) => Promise<QueryOutcome>;
  readonly clock: Clock;
}

export interface QueryAnswers {
  instant(params: Params, signal: Cancellation): Promise<TextReply>;
  range(params: Params, signal: Cancellation): Promise<TextReply>;
}

/** Source: Prometheus, the flags `--query.timeout` and `--query.max-concurrency`. */
export const QUERY_TIMEOUT_MS = 120_000;
export const MOST_QUERIES_AT_ONCE = 20;
const MOST_POINTS = 11_000;
const TRUNCATED = 'results truncated due to limit';

/** `/api/v1/query` and `/api/v1/query_range`. Only so many queries run at once; the others wait for their turn. */
export function createQueryAnswers({ instant, range, clock }: QueryPorts): QueryAnswers {
  const slots = createSlots({ global: MOST_QUERIES_AT_ONCE, perHost: MOST_QUERIES_AT_ONCE });

  async function answer(params: Params, run: () => Promise<QueryOutcome>): Promise<TextReply> {
    const limit = limitParam(params);
    const askedAt = clock.monotonic();
    const release = await new Promise<() => void>((resolve) => {
      slots.take('queries', resolve);
    });
    const startedAt = clock.monotonic();
    const outcome = await run().finally(release);
    if (!outcome.ok) {
      const { kind, message } = outcome.problem;
      return failure(kind, kind === 'bad_data' ? `invalid parameter "query": ${message}` : message);
    }
    const { value, isTruncated } = limited(outcome.value, limit);
    const warnings = isTruncated ? [...outcome.warnings, TRUNCATED] : outcome.warnings;
    const { queryable } = outcome.stats;
    const withSteps = optionalText(params, 'stats') === 'all';
    const stats =
      queryable === undefined
        ? null
        : statistics(startedAt - askedAt, clock.monotonic() - startedAt, queryable, withSteps);
    return successInPieces(prometheusJsonPieces(value, stats), { warnings, infos: outcome.infos });
  }

  return {
    async instant(params, signal) {
      const timeMs = timeParam(params, 'time', clock.now());
      const limits = limitsOf(params, signal);
      return answer(params, () => instant(textParam(params, 'query'), timeMs, limits));
    },
    async range(params, signal) {
      const startMs = timeParam(params, 'start', null);
      const endMs = timeParam(params, 'end', null);
      if (endMs < startMs) {
        throw new BadParameter('invalid parameter "end": end timestamp must not be before start time');
      }
      const stepMs = requiredDuration(params, 'step');
      if (stepMs <= 0) {
        throw new BadParameter(
          'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
        );
      }
      if (Math.floor((endMs - startMs) / stepMs) > MOST_POINTS) {
        throw new BadParameter(
          'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
        );
      }
      const limits = limitsOf(params, signal);
      return answer(params, () => range(textParam(params, 'query'), startMs, endMs, stepMs, limits));
    },
  };
}

function limitsOf(params: Params, signal: Cancellation): QueryLimits {
  return {
    timeoutMs: Math.min(durationParam(params, 'timeout') ?? QUERY_TIMEOUT_MS, QUERY_TIMEOUT_MS),
    lookbackMs: durationParam(params, 'lookback_delta'),
    countsSamples: optionalText(params, 'stats') !== null,
    signal,
  };
}

/** A result of at most `limit` series; 0 is no limit. */
function limited(result: QueryResult, limit: number): { readonly value: QueryResult; readonly isTruncated: boolean } {
  if (limit > 0 && result.type === 'vector' && result.samples.length > limit) {
    return { value: { ...result, samples: result.samples.slice(0, limit) }, isTruncated: true };
  }
  if (limit > 0 && result.type === 'matrix' && result.series.length > limit) {
    return { value: { ...result, series: result.series.slice(0, limit) }, isTruncated: true };
  }
  return { value: result, isTruncated: false };
}

/**
 * Seconds, as Prometheus counts them; parsing and sorting are part of the evaluation here. Steps are listed where all is
 * asked for, without the flag `promql-per-step-stats`. Source: Prometheus, util/stats, `BuiltinStats`.
 */
function statistics(queueMs: number, evaluationMs: number, counted: QueryableSamples, withSteps: boolean): string {
  const { total, perStep, stepTimesMs, peak } = counted;
  const steps = withSteps
    ? { totalQueryableSamplesPerStep: Array.from(perStep, (samples, i) => [(stepTimesMs[i] ?? 0) / 1000, samples]) }
    : {};
  return JSON.stringify({
    timings: {
      evalTotalTime: evaluationMs / 1000,
      resultSortTime: 0,
      queryPreparationTime: 0,
      innerEvalTime: evaluationMs / 1000,
      execQueueTime: queueMs / 1000,
      execTotalTime: (queueMs + evaluationMs) / 1000,
    },
    samples: { ...steps, totalQueryableSamples: total, peakSamples: peak },
  });
}
