import { NO_LABELS } from '../../../../../shared/model/labels.ts';
import { withoutParens } from '../syntax/expr.ts';
import type { Call, Expr } from '../syntax/expr.ts';
import { absentCall } from './absent.ts';
import { mergeColumns, unnamed } from './column.ts';
import type { Column, Sink } from './column.ts';
import { allColumns, eachColumn, eachRenamed, scalars } from './evaluate.ts';
import { goMax, goMin } from './go-extremes.ts';
import { histogramFraction, histogramQuantile, histogramQuantiles } from './histogram-calls.ts';
import { infoCall } from './info-call.ts';
import { labelCall } from './label-calls.ts';
import { DATE, MATH } from './math-functions.ts';
import { rangeCall } from './range-calls.ts';
import { failExecution, frameEnd, frameTime } from './run.ts';
import type { Frame, Run } from './run.ts';
import { eachSelected } from './select.ts';
import { sortByLabel } from './sort-by-label.ts';

/** A function that gives an instant vector. */
export async function callColumns(call: Call, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const { name, args } = call;
  const [first, second, third] = args as [Expr, Expr | undefined, Expr | undefined];
  const math = MATH.get(name);
  if (math !== undefined) return eachMapped(first, frame, run, sink, math);
  const date = DATE.get(name);
  if (date !== undefined) {
    if (args.length > 0) return eachMapped(first, frame, run, sink, date);
    await sink(columnOf(times(frame).map(date)));
    return;
  }
  switch (name) {
    case 'absent':
      return absentCall(first, false, frame, run, sink);
    case 'absent_over_time':
      return absentCall(first, true, frame, run, sink);
    case 'clamp':
      return clamp(first, frame, run, sink, await scalars(second as Expr, frame, run), third);
    case 'clamp_max': {
      const limit = await scalars(second as Expr, frame, run);
      return eachMapped(first, frame, run, sink, (value, step) => goMin(limit[step] as number, value));
    }
    case 'clamp_min': {
      const limit = await scalars(second as Expr, frame, run);
      return eachMapped(first, frame, run, sink, (value, step) => goMax(limit[step] as number, value));
    }
    case 'histogram_avg':
    case 'histogram_count':
    case 'histogram_stddev':
    case 'histogram_stdvar':
    case 'histogram_sum':
      // These read native histograms, which no float sample is; the argument is evaluated for its errors.
      return eachColumn(first, frame, run, () => undefined);
    case 'start_timestamp':
      // No start is stored with a sample, and without one Prometheus gives nothing either.
      return eachColumn(first, frame, run, () => undefined);
    case 'histogram_fraction':
      return histogramFraction(call, frame, run, sink);
    case 'histogram_quantile':
      return histogramQuantile(call, frame, run, sink);
    case 'histogram_quantiles':
      return histogramQuantiles(call, frame, run, sink);
    case 'info':
      return infoCall(call, frame, run, sink);
    case 'label_join':
    case 'label_replace':
      return labelCall(call, frame, run, sink);
    case 'round':
      return round(first, frame, run, sink, second);
    case 'sort':
    case 'sort_desc':
      return sortColumns(first, name === 'sort' ? 1 : -1, frame, run, sink);
    case 'sort_by_label':
    case 'sort_by_label_desc':
      return sortByLabel(call, frame, run, sink);
    case 'timestamp':
      return timestamp(first, frame, run, sink);
    case 'vector':
      await sink(columnOf(await scalars(first, frame, run)));
      return;
    default:
      return rangeCall(call, frame, run, sink);
  }
}

/** A function that gives a scalar. */
export async function callScalars({ name, args }: Call, frame: Frame, run: Run): Promise<Float64Array> {
  const constant = (value: number): Float64Array => new Float64Array(frame.count).fill(value);
  switch (name) {
    case 'pi':
      return constant(Math.PI);
    case 'start':
      return constant(run.outer.startMs / 1000);
    case 'end':
      return constant(frameEnd(run.outer) / 1000);
    case 'step':
      return constant(run.outer.stepMs / 1000);
    case 'range':
      return constant((frameEnd(run.outer) - run.outer.startMs) / 1000);
    case 'min_of':
    case 'max_of': {
      const [left, right] = [await scalars(args[0] as Expr, frame, run), await scalars(args[1] as Expr, frame, run)];
      const pick = name === 'min_of' ? goMin : goMax;
      return left.map((value, step) => pick(value, right[step] as number));
    }
    case 'time':
      return times(frame);
    case 'scalar':
      return scalarOf(args[0] as Expr, frame, run);
    default:
      return failExecution(`function ${name} gives no scalar`);
  }
}

function times(frame: Frame): Float64Array {
  return Float64Array.from({ length: frame.count }, (_, step) => frameTime(frame, step) / 1000);
}

function columnOf(values: Float64Array): Column {
  return { labels: NO_LABELS, values, present: new Uint8Array(values.length).fill(1), dropsName: false };
}

async function eachMapped(
  expr: Expr,
  frame: Frame,
  run: Run,
  sink: Sink,
  compute: (value: number, step: number) => number,
): Promise<void> {
  await eachRenamed(expr, frame, run, sink, (column) => {
    const { values } = column;
    for (let i = 0; i < values.length; i++) values[i] = compute(values[i] as number, i);
    return unnamed(column, run);
  });
}

async function clamp(
  vector: Expr,
  frame: Frame,
  run: Run,
  sink: Sink,
  lowest: Float64Array,
  upper: Expr | undefined,
): Promise<void> {
  const highest = await scalars(upper as Expr, frame, run);
  await eachRenamed(vector, frame, run, sink, (column) => {
    const { values, present } = column;
    for (let i = 0; i < values.length; i++) {
      const [low, high] = [lowest[i] as number, highest[i] as number];
      if (high < low) present[i] = 0;
      values[i] = goMax(low, goMin(high, values[i] as number));
    }
    return unnamed(column, run);
  });
}

async function round(vector: Expr, frame: Frame, run: Run, sink: Sink, nearest: Expr | undefined): Promise<void> {
  const to = nearest === undefined ? new Float64Array(frame.count).fill(1) : await scalars(nearest, frame, run);
  // Dividing by the inverse keeps `round(x, 0.1)` exact where multiplying would not.
  await eachMapped(vector, frame, run, sink, (value, step) => {
    const inverse = 1 / (to[step] as number);
    return Math.floor(value * inverse + 0.5) / inverse;
  });
}

/** Order means something in an instant query only; NaN comes last both ways. */
async function sortColumns(vector: Expr, sign: 1 | -1, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const held = run.budget.samples;
  const columns = await allColumns(vector, frame, run);
  run.budget.samples = held;
  if (frame.count === 1) {
    columns.sort((a, b) => {
      const [left, right] = [a.values[0] as number, b.values[0] as number];
      if (left !== left) return right !== right ? 0 : 1;
      if (right !== right) return -1;
      return left === right ? 0 : left < right ? -sign : sign;
    });
  }
  for (const column of columns) await sink(column);
}

async function timestamp(vector: Expr, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const inner = withoutParens(vector);
  if (inner.kind !== 'selector' || inner.edge !== null) {
    return eachMapped(vector, frame, run, sink, (_, step) => frameTime(frame, step) / 1000);
  }
  // Of a bare selector: the time at which the sample was taken.
  const columns: Column[] = [];
  await eachSelected(inner, frame, run, (column) => void columns.push(unnamed(column, run)), true);
  for (const column of run.delaysNameRemoval ? columns : mergeColumns(columns)) await sink(column);
}

async function scalarOf(vector: Expr, frame: Frame, run: Run): Promise<Float64Array> {
  const values = new Float64Array(frame.count).fill(NaN);
  const counts = new Uint32Array(frame.count);
  await eachColumn(vector, frame, run, (column) => {
    for (let i = 0; i < frame.count; i++) {
      if (column.present[i] === 0) continue;
      counts[i] = (counts[i] as number) + 1;
      values[i] = counts[i] === 1 ? (column.values[i] as number) : NaN;
    }
    return undefined;
  });
  return values;
}
