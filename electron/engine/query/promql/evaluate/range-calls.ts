import { labelValue, METRIC_NAME } from '../../../../../shared/model/labels.ts';
import type { SampleUse } from '../../../store/metrics/sample-source.ts';
import type { Call, Expr } from '../syntax/expr.ts';
import { mergeColumns, unnamed } from './column.ts';
import type { Column, Sink } from './column.ts';
import { hasOneName, scalars } from './evaluate.ts';
import { noteQuantiles } from './note-quantiles.ts';
import { GROWTH, growthOver } from './rate.ts';
import { frameTime } from './run.ts';
import type { Frame, Run } from './run.ts';
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
  const { minSamples, keepsName, over } = await windowed(call, frame, run);
  const waiting: Column[] = [];
  const streams = keepsName || run.delaysNameRemoval || hasOneName(range);
  const each: TrackSink = async (track, shape) => {
    const column = await slide(track, shape, minSamples, over(track, shape), run);
    if (column === null) return;
    noteNonCounter(call, range, column, run);
    const named = keepsName ? column : unnamed(column, run);
    if (streams) await sink(named);
    else waiting.push(named);
  };
  await eachTrack(rangeVector(range), frame, run, each, USES.get(call.name) ?? 'every');
  for (const column of mergeColumns(waiting)) await sink(column);
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
  const plain = WINDOW_FUNCTIONS.get(name);
  if (plain === undefined) throw new Error(`no implementation of ${name}`);
  return { minSamples: plain.minSamples, keepsName: plain.keepsName === true, over: (track) => plain.over(track) };
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
