import { useQueries, useQueryClient, type QueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { errorText } from '../api/error-text.ts';
import { useApp, type App } from '../app/app-context.ts';
import { useText, type Translate } from '../i18n/use-text.ts';
import { resolveRange, type RangeText, type TimeSpan } from '../range/time-range.ts';
import { useRangeControl } from '../range/use-time-range.ts';
import { useDataSource } from './data-source.ts';
import { seriesName } from './palette.ts';
import { decodeAnswer, gapOf, mergeTail, tailStart, type RangeAnswer } from './range-answer.ts';
import type { ChartSeries, ChartState } from './series.ts';

/** A PromQL expression, and how its lines are called; without a name by the labels in which they differ. */
export interface RangeExpression {
  readonly expr: string;
  readonly name?: string;
}

export interface RangeOptions {
  /** Points per line at most: the width of the chart in CSS pixels. */
  readonly maxPoints?: number;
  readonly maxSeries?: number;
  readonly enabled?: boolean;
}

/** Everything that a `TimeSeriesChart` needs. */
export interface RangeResult {
  readonly series: readonly ChartSeries[];
  /** The span that the series were asked for. */
  readonly range: TimeSpan;
  readonly gapMs: number;
  readonly stepMs: number;
  readonly state: ChartState;
  readonly warnings: readonly string[];
  readonly totalSeries: number;
  readonly refetch: () => void;
}

/** One expression over the range of the application; see {@link useRangeQueries}. */
export function useRangeQuery(expr: string, options: RangeOptions = {}): RangeResult {
  const expressions = useMemo(() => [{ expr }], [expr]);
  return useRangeQueries(expressions, options);
}

/**
 * Expressions over the range of the application, as the lines of one chart. While live, each step of the clock asks only
 * for what is new and puts it at the end; what is in view stays until the answer is there. Keep `expressions` the same
 * array from render to render.
 */
export function useRangeQueries(
  expressions: readonly RangeExpression[],
  { maxPoints = 600, maxSeries = 100, enabled = true }: RangeOptions = {},
): RangeResult {
  const t = useText();
  const app = useApp();
  const queries = useQueryClient();
  const { range, live } = useRangeControl();
  const now = useStore(app.clock, (state) => state.now);
  const { source } = useDataSource();
  const requests = useMemo(
    () =>
      expressions.map(({ expr }): RangeRequest => ({
        key: ['range', expr, range.from, range.to, maxPoints, maxSeries, source ?? null],
        expr,
        ...(source === undefined ? {} : { source }),
        range,
        maxPoints,
        maxSeries,
      })),
    [expressions, range, maxPoints, maxSeries, source],
  );
  const asked = useQueries({
    queries: requests.map((request) => ({
      queryKey: request.key,
      queryFn: async ({ signal }: { signal: AbortSignal }) => fetchRange(app, queries, request, signal),
      enabled: enabled && request.expr.trim() !== '',
      // The columns are new with each answer; comparing thousands of numbers would gain nothing.
      structuralSharing: false,
      staleTime: Infinity,
      gcTime: 60_000,
      placeholderData: keepPrevious,
    })),
    combine: gather,
  });

  const refetch = useCallback(() => {
    for (const { key } of requests)
      void queries.refetchQueries({ queryKey: key, exact: true }, { cancelRefetch: false });
  }, [queries, requests]);
  useEffect(() => {
    if (live && enabled) refetch();
  }, [live, enabled, refetch, now]);

  const content = useMemo(() => present(expressions, asked, maxPoints, t), [expressions, asked, maxPoints, t]);
  // While an answer of another range stands in, the axis already shows the new one.
  const answered = asked.placeholder ? undefined : asked.answers[0]?.span;
  const wanted = useMemo(() => resolveRange(range, now), [range, now]);
  const span = answered ?? wanted;
  return useMemo(() => ({ ...content, range: span, refetch }), [content, span, refetch]);
}

interface RangeRequest {
  readonly key: readonly unknown[];
  readonly expr: string;
  readonly source?: string;
  readonly range: RangeText;
  readonly maxPoints: number;
  readonly maxSeries: number;
}

async function fetchRange(
  app: App,
  queries: QueryClient,
  { key, expr, source, range, maxPoints, maxSeries }: RangeRequest,
  signal: AbortSignal,
): Promise<RangeAnswer> {
  const span = resolveRange(range, app.clock.getState().now);
  const previous = queries.getQueryData<RangeAnswer>(key);
  const tail = previous === undefined ? null : tailStart(previous, span);
  const input = { expr, end: span.end, maxPoints, maxSeries, ...(source === undefined ? {} : { source }) };
  if (previous === undefined || tail === null) {
    return decodeAnswer(await app.client.metrics.queryRange({ ...input, start: span.start }, { signal }), span);
  }
  const answer = await app.client.metrics.queryRange({ ...input, start: tail, stepMs: previous.stepMs }, { signal });
  return mergeTail(previous, decodeAnswer(answer, span), span);
}

interface Gathered {
  readonly answers: readonly (RangeAnswer | undefined)[];
  readonly error: Error | null;
  readonly placeholder: boolean;
}

function gather(results: UseQueryResult<RangeAnswer>[]): Gathered {
  return {
    answers: results.map(({ data }) => data),
    error: results.find(({ error }) => error !== null)?.error ?? null,
    placeholder: results.some(({ isPlaceholderData }) => isPlaceholderData),
  };
}

function keepPrevious(previous: RangeAnswer | undefined): RangeAnswer | undefined {
  return previous;
}

function present(
  expressions: readonly RangeExpression[],
  { answers, error }: Gathered,
  maxPoints: number,
  t: Translate,
): Omit<RangeResult, 'range' | 'refetch'> {
  const series = answers.flatMap((answer, index) => name(answer, expressions[index], expressions.length > 1));
  const known = answers.filter((answer) => answer !== undefined);
  const totalSeries = known.reduce((sum, answer) => sum + answer.totalSeries, 0);
  const warnings = known.flatMap((answer) => answer.warnings);
  return {
    series,
    gapMs: Math.max(0, ...known.map((answer) => gapOf(answer, maxPoints))),
    stepMs: Math.max(0, ...known.map(({ stepMs }) => stepMs)),
    warnings,
    totalSeries,
    state: stateOf(),
  };

  function stateOf(): ChartState {
    if (error !== null && series.length === 0) return { kind: 'error', error };
    if (known.length < answers.length && series.length === 0) return { kind: 'loading' };
    if (series.length === 0) return { kind: 'empty', text: t('chart.emptyText') };
    const notes = [
      ...(error !== null ? [errorText(error, t)] : []),
      ...(totalSeries > series.length ? [t('chart.someSeries', { shown: series.length, total: totalSeries })] : []),
      ...warnings,
    ];
    return notes.length > 0 ? { kind: 'ready', note: notes.join(' ') } : { kind: 'ready' };
  }
}

function name(
  answer: RangeAnswer | undefined,
  expression: RangeExpression | undefined,
  several: boolean,
): ChartSeries[] {
  if (answer === undefined) return [];
  const neighbours = answer.series.map(({ labels }) => labels);
  return answer.series.map(({ key, labels, columns }) => {
    const own = seriesName(labels, neighbours);
    const given = expression?.name;
    return {
      key: several ? `${given ?? expression?.expr ?? ''}\u0002${key}` : key,
      name: given === undefined ? own : neighbours.length > 1 ? `${given} ${own}` : given,
      labels,
      columns,
    };
  });
}
