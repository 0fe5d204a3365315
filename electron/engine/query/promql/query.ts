import { createBreather } from '../../schedule/breather.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { SampleSource } from '../../store/metrics/sample-source.ts';
import { countPresent, mergeColumns, withoutName } from './evaluate/column.ts';
import type { Column } from './evaluate/column.ts';
import { repeatedSelectors } from './evaluate/repeated-selectors.ts';
import { allColumns, scalars, stringOf } from './evaluate/evaluate.ts';
import { Budget, Notes, QueryFailure } from './evaluate/run.ts';
import type { Cancellation, FailureKind, Frame, Run } from './evaluate/run.ts';
import { extendedTrack } from './evaluate/extended-windows.ts';
import { frameTime } from './evaluate/run.ts';
import { SampleTally } from './evaluate/sample-tally.ts';
import { Trace } from './evaluate/trace.ts';
import { eachTrack, rangeVector } from './evaluate/windows.ts';
import { explain } from './output/explain.ts';
import type { ExplainedNode } from './output/explain.ts';
import { compareLabels } from './output/result.ts';
import type { QueryResult, ResultSeries } from './output/result.ts';
import { typeOf } from './syntax/check-expr.ts';
import type { Expr } from './syntax/expr.ts';
import type { PromqlFeature } from './syntax/features.ts';
import { formatExpr } from './syntax/format-expr.ts';
import { parsePromql } from './syntax/parse-promql.ts';
import type { ParseResult } from './syntax/parse-promql.ts';

/** What every query needs, and the rules it may change. */
export interface QueryOptions {
  readonly clock: Clock;
  /** How old the newest sample of a series may be. Default 5 minutes. */
  readonly lookbackMs?: number;
  /** The step of a subquery that names none: the global evaluation interval. Default 1 minute. */
  readonly subqueryStepMs?: number;
  /** Default 2 minutes. */
  readonly timeoutMs?: number;
  /** How many samples the query may hold at once. Default 50 million. */
  readonly maxSamples?: number;
  /** Keep metric names until the end, as Prometheus does behind `promql-delayed-name-removal`. Default false. */
  readonly delaysNameRemoval?: boolean;
  /** Reads the query; default {@link parsePromql}. One that remembers must know the same features. */
  readonly parse?: (text: string) => ParseResult<Expr>;
  /** Parts of the language that are experimental. None by default. */
  readonly features?: ReadonlySet<PromqlFeature>;
  /** Note what each node costs. Default false. */
  readonly explains?: boolean;
  /** Count the samples that each step looks at. Default false. */
  readonly countsSamples?: boolean;
  readonly signal?: Cancellation;
}

export interface InstantOptions extends QueryOptions {
  readonly timeMs: number;
}

/** Both ends are inclusive. */
export interface RangeOptions extends QueryOptions {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** What a query read from the store. */
export interface QueryStats {
  readonly samples: number;
  readonly series: number;
  /** What the evaluation looked at and held. Present where it was asked for. */
  readonly queryable?: QueryableSamples;
}

/** See `SampleTally`. */
export interface QueryableSamples {
  readonly total: number;
  /** One number for each step. */
  readonly perStep: Float64Array;
  readonly stepTimesMs: Float64Array;
  /** The most samples held at a time. */
  readonly peak: number;
}

export interface QueryProblem {
  readonly kind: FailureKind;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export type QueryOutcome =
  | {
      readonly ok: true;
      readonly value: QueryResult;
      readonly warnings: readonly string[];
      readonly infos: readonly string[];
      readonly stats: QueryStats;
      /** Present where it was asked for. */
      readonly explanation?: ExplainedNode;
    }
  | { readonly ok: false; readonly problem: QueryProblem };

/** Prometheus refuses to give more points than a screen has room for, so that a typo in the step costs nothing. */
const MAX_POINTS = 11_000;
const MAX_SAMPLES = 50_000_000;
const LOOKBACK_MS = 5 * 60_000;
const SUBQUERY_STEP_MS = 60_000;
const TIMEOUT_MS = 2 * 60_000;

/** Evaluate an expression at one moment. Works in slices, so that other work of the thread goes on in between. */
export async function queryInstant(
  source: SampleSource,
  query: string | Expr,
  options: InstantOptions,
): Promise<QueryOutcome> {
  const frame: Frame = { startMs: options.timeMs, stepMs: 0, count: 1 };
  return evaluate(source, query, frame, options, instantResult);
}

/** Evaluate an expression at every step of a range; gives a matrix sorted by labels. */
export async function queryRange(
  source: SampleSource,
  query: string | Expr,
  options: RangeOptions,
): Promise<QueryOutcome> {
  const { startMs, endMs, stepMs } = options;
  if (!(stepMs > 0))
    return badData('zero or negative query resolution step widths are not accepted. Try a positive integer');
  if (endMs < startMs) return badData('end timestamp must not be before start time');
  const count = Math.floor((endMs - startMs) / stepMs) + 1;
  if (count > MAX_POINTS + 1) {
    return badData(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  return evaluate(source, query, { startMs, stepMs, count }, options, rangeResult);
}

function badData(message: string): QueryOutcome {
  return { ok: false, problem: { kind: 'bad_data', message } };
}

async function evaluate(
  source: SampleSource,
  query: string | Expr,
  frame: Frame,
  options: QueryOptions,
  read: (expr: Expr, frame: Frame, run: Run) => Promise<QueryResult> | QueryResult,
): Promise<QueryOutcome> {
  const parse = options.parse ?? ((text: string) => parsePromql(text, options.features));
  const parsed = typeof query === 'string' ? parse(query) : ({ ok: true, value: query } as const);
  if (!parsed.ok) {
    const { message, line, column } = parsed.problem;
    return { ok: false, problem: { kind: 'bad_data', message, line, column } };
  }
  const notes = new Notes(typeof query === 'string' ? query : formatExpr(query));
  const run: Run = {
    source,
    outer: frame,
    lookbackMs: options.lookbackMs ?? LOOKBACK_MS,
    subqueryStepMs: options.subqueryStepMs ?? SUBQUERY_STEP_MS,
    delaysNameRemoval: options.delaysNameRemoval ?? false,
    budget: new Budget({
      breather: createBreather(options.clock),
      clock: options.clock,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      maxSamples: options.maxSamples ?? MAX_SAMPLES,
      signal: options.signal,
    }),
    notes,
    selected: new Map(),
    repeated: repeatedSelectors(parsed.value),
    read: { samples: 0, series: 0 },
    tally: options.countsSamples === true ? new SampleTally(frame.count) : null,
    trace: options.explains === true ? new Trace(options.clock) : null,
  };
  try {
    run.budget.check();
    const value = await read(parsed.value, frame, run);
    const { trace } = run;
    const stats = { ...run.read, ...queryable(run, frame) };
    const explanation = trace === null ? {} : { explanation: explain(parsed.value, trace) };
    return { ok: true, value, warnings: notes.warnings, infos: notes.infos, stats, ...explanation };
  } catch (error) {
    if (!(error instanceof QueryFailure)) throw error;
    return { ok: false, problem: { kind: error.kind, message: error.message } };
  }
}

function queryable({ tally, budget }: Run, frame: Frame): Pick<QueryStats, 'queryable'> {
  if (tally === null) return {};
  const stepTimesMs = tally.steps.map((_, step) => frameTime(frame, step));
  return { queryable: { total: tally.total, perStep: tally.steps, stepTimesMs, peak: budget.peak } };
}

async function instantResult(expr: Expr, frame: Frame, run: Run): Promise<QueryResult> {
  const timestampMs = frame.startMs;
  switch (typeOf(expr)) {
    case 'scalar': {
      const [value = NaN] = await scalars(expr, frame, run);
      return { type: 'scalar', timestampMs, value };
    }
    case 'string':
      return { type: 'string', timestampMs, value: stringOf(expr) };
    case 'matrix':
      return { type: 'matrix', series: await rangeVectorSeries(expr, frame, run) };
    case 'vector': {
      const columns = finalColumns(await allColumns(expr, frame, run));
      const samples = columns
        .filter(({ present }) => present[0] === 1)
        .map(({ labels, values }) => ({ labels, timestampMs, value: values[0] as number }));
      return { type: 'vector', samples };
    }
  }
}

async function rangeResult(expr: Expr, frame: Frame, run: Run): Promise<QueryResult> {
  const type = typeOf(expr);
  if (type === 'matrix' || type === 'string') {
    const given = type === 'matrix' ? 'range vector' : 'string';
    throw new QueryFailure(
      'bad_data',
      `invalid expression type "${given}" for range query, must be Scalar or instant Vector`,
    );
  }
  if (type === 'scalar') {
    const values = await scalars(expr, frame, run);
    return { type: 'matrix', series: [{ labels: [], timestamps: stepTimes(frame), values }] };
  }
  const columns = finalColumns(await allColumns(expr, frame, run));
  const series: ResultSeries[] = [];
  const everyStep = stepTimes(frame);
  for (const column of columns) {
    const points = seriesOf(column, frame, everyStep);
    if (points.values.length > 0) series.push(points);
    await run.budget.breathe();
  }
  return { type: 'matrix', series: series.sort((a, b) => compareLabels(a.labels, b.labels)) };
}

function stepTimes(frame: Frame): Float64Array {
  const times = new Float64Array(frame.count);
  for (let step = 0; step < frame.count; step++) times[step] = frameTime(frame, step);
  return times;
}

/** Take away the names whose removal was put off. */
function finalColumns(columns: Column[]): Column[] {
  if (!columns.some(({ dropsName }) => dropsName)) return columns;
  return mergeColumns(
    columns.map((column) => (column.dropsName ? { ...column, labels: withoutName(column.labels) } : column)),
  );
}

function seriesOf({ labels, values, present }: Column, frame: Frame, everyStep: Float64Array): ResultSeries {
  const count = countPresent(present);
  if (count === frame.count) return { labels, timestamps: everyStep, values };
  const timestamps = new Float64Array(count);
  const points = new Float64Array(count);
  let next = 0;
  for (let step = 0; step < frame.count; step++) {
    if (present[step] === 0) continue;
    timestamps[next] = frameTime(frame, step);
    points[next++] = values[step] as number;
  }
  return { labels, timestamps, values: points };
}

async function rangeVectorSeries(expr: Expr, frame: Frame, run: Run): Promise<ResultSeries[]> {
  const series: ResultSeries[] = [];
  await eachTrack(rangeVector(expr), frame, run, (track, { look, rangeMs, edge }) => {
    const window = { from: 0, to: track.values.length, startMs: look.startMs - rangeMs, endMs: look.startMs };
    const extended = edge === null ? track : window.to === 0 ? null : extendedTrack(track, edge, window);
    if (extended === null) return undefined;
    const { labels, timestamps, values, dropsName } = extended;
    // A source may give more than was asked for, and a view would take all of it along to another thread.
    const afterMs = window.startMs - (edge === null ? 0 : 1);
    const from = timestamps.findIndex((timestampMs) => timestampMs > afterMs);
    const to = timestamps.findLastIndex((timestampMs) => timestampMs <= look.startMs) + 1;
    if (from < 0 || from >= to) return undefined;
    run.budget.samples += to - from;
    series.push({
      labels: dropsName ? withoutName(labels) : labels,
      timestamps: timestamps.slice(from, to),
      values: values.slice(from, to),
    });
    return undefined;
  });
  return series.sort((a, b) => compareLabels(a.labels, b.labels));
}
