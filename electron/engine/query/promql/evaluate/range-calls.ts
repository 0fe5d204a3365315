import { labelValue, METRIC_NAME } from '../../../../../shared/model/labels.ts';
import type { SampleUse } from '../../../store/metrics/sample-source.ts';
import { withoutParens } from '../syntax/expr.ts';
import type { Call, Expr, WindowEdge } from '../syntax/expr.ts';
import { mergeColumns, unnamed } from './column.ts';
import type { Column, Sink } from './column.ts';
import { hasOneName, scalars } from './evaluate.ts';
import { extendedGrowth, extendedTrack, slideExtended } from './extended-windows.ts';
import type { ExtendedFunction } from './extended-windows.ts';
import { noteQuantiles } from './note-quantiles.ts';
import { GROWTH, growthOver } from './rate.ts';
import { failExecution, frameTime } from './run.ts';
import type { Frame, Run } from './run.ts';
import { smoothDouble } from './smooth-double.ts';
import { predictLinear, WINDOW_FUNCTIONS, windowQuantile } from './window-functions.ts';
import { eachTrack, rangeVector, slide } from './windows.ts';
import type { RangeShape, Track, TrackSink, WindowFunction } from './windows.ts';

/** Functions that a rollup can answer exactly, and what of the samples they look at. */
const USES: ReadonlyMap<string, SampleUse> = new Map<string, SampleUse>([
  ['rate', 'growth'],
  ['increase', 'growth'],
  ['delta', 'growth'],
  ['first_over_time', 'growth'],
  ['last_over_time', 'newest'],
  ['avg_over_time', 'mean'],
  ['sum_over_time', 'mean'],
  ['count_over_time', 'mean'],
  ['min_over_time', 'min'],
  ['max_over_time', 'max'],
  ['present_over_time', 'max'],
]);

interface Windowed {
  readonly minSamples: number;
  readonly keepsName: boolean;
  readonly over: (track: Track, shape: RangeShape) => WindowFunction;
}

/** Functions of a range vector other than `absent_over_time`. */
export async function rangeCall(call: Call, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const range = call.args[call.name === 'quantile_over_time' ? 1 : 0] as Expr;
  refuseEdge(call, range);
  const { minSamples, keepsName, over } = await windowed(call, frame, run);
  const waiting: Column[] = [];
  const streams = keepsName || run.delaysNameRemoval || hasOneName(range);
  const each: TrackSink = async (track, shape) => {
    const column =
      shape.edge === null
        ? await slide(track, shape, minSamples, over(track, shape), run)
        : await slideExtended(track, shape, overExtended(call.name, track, shape, shape.edge), run);
    if (column === null) return;
    noteNonCounter(call, range, column, run);
    const named = keepsName ? column : unnamed(column, run);
    if (streams) await sink(named);
    else waiting.push(named);
  };
  await eachTrack(rangeVector(range), frame, run, each, USES.get(call.name) ?? 'every');
  for (const column of mergeColumns(waiting)) await sink(column);
}

/** Functions that know what to do with samples beyond the window. Source: Prometheus, promql/functions.go. */
const EDGE_FUNCTIONS: Readonly<Record<WindowEdge, readonly string[]>> = {
  anchored: ['changes', 'delta', 'increase', 'rate', 'resets'],
  smoothed: ['delta', 'increase', 'rate'],
};

function refuseEdge({ name }: Call, range: Expr): void {
  const selector = withoutParens(range);
  const edge = selector.kind === 'matrix' ? selector.selector.edge : null;
  if (edge === null || EDGE_FUNCTIONS[edge].includes(name)) return;
  failExecution(`${edge} modifier can only be used with: ${EDGE_FUNCTIONS[edge].join(', ')} - not with ${name}`);
}

function overExtended(name: string, track: Track, { rangeMs }: RangeShape, edge: WindowEdge): ExtendedFunction {
  const growth = GROWTH.get(name);
  if (growth !== undefined) return extendedGrowth(track, edge, growth, rangeMs);
  const plain = WINDOW_FUNCTIONS.get(name);
  if (plain === undefined) throw new Error(`no implementation of ${name}`);
  return (window) => {
    const extended = extendedTrack(track, edge, window);
    if (extended === null) return null;
    const { startMs, endMs } = window;
    return plain.over(extended)({ from: 0, to: extended.values.length, startMs, endMs, step: 0 });
  };
}

async function windowed({ name, args }: Call, frame: Frame, run: Run): Promise<Windowed> {
  const growth = GROWTH.get(name);
  if (growth !== undefined) {
    return { minSamples: 2, keepsName: false, over: (track, { rangeMs }) => growthOver(track, growth, rangeMs) };
  }
  if (name === 'quantile_over_time') {
    const quantiles = await scalars(args[0] as Expr, frame, run);
    noteQuantiles(quantiles, args[0] as Expr, run);
    const over = (track: Track): WindowFunction => {
      return ({ from, to, step }) => windowQuantile(track, from, to, quantiles[step] as number);
    };
    return { minSamples: 1, keepsName: false, over };
  }
  if (name === 'predict_linear') {
    const ahead = await scalars(args[1] as Expr, frame, run);
    const over = (track: Track): WindowFunction => {
      return ({ from, to, step }) => predictLinear(track, from, to, frameTime(frame, step), ahead[step] as number);
    };
    return { minSamples: 2, keepsName: false, over };
  }
  if (name === 'double_exponential_smoothing') {
    const smoothing = await scalars(args[1] as Expr, frame, run);
    const trend = await scalars(args[2] as Expr, frame, run);
    const over = (track: Track): WindowFunction => {
      return ({ from, to, step }) =>
        smoothDouble(
          track,
          from,
          to,
          factorAt(smoothing, step, 'smoothing', 'sf'),
          factorAt(trend, step, 'trend', 'tf'),
        );
    };
    return { minSamples: 2, keepsName: false, over };
  }
  const plain = WINDOW_FUNCTIONS.get(name);
  if (plain === undefined) throw new Error(`no implementation of ${name}`);
  return { minSamples: plain.minSamples, keepsName: plain.keepsName === true, over: (track) => plain.over(track) };
}

function factorAt(factors: Float64Array, step: number, name: string, short: string): number {
  const factor = factors[step] as number;
  if (factor > 0 && factor < 1) return factor;
  return failExecution(`invalid ${name} factor. Expected: 0 < ${short} < 1, got: ${factor.toFixed(6)}`);
}

const COUNTER_NAME = /_(?:total|sum|count|bucket)$/;

function noteNonCounter({ name }: Call, range: Expr, { labels }: Column, run: Run): void {
  if (name !== 'rate' && name !== 'increase') return;
  const metric = labelValue(labels, METRIC_NAME);
  if (metric === '' || COUNTER_NAME.test(metric)) return;
  run.notes.inform(
    `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${JSON.stringify(metric)}`,
    range.span,
  );
}
