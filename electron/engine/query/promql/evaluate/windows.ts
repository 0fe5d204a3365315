import type { SampleUse } from '../../../store/metrics/sample-source.ts';
import type { Labels } from '../../../../../shared/model/labels.ts';
import type { Expr, MatrixSelector, Subquery, WindowEdge } from '../syntax/expr.ts';
import { countPresent, newColumn } from './column.ts';
import type { Column } from './column.ts';
import { eachColumn } from './evaluate.ts';
import { failExecution, frameEnd, frameTime } from './run.ts';
import type { Frame, Run } from './run.ts';
import type { SampleTally } from './sample-tally.ts';
import { lookFrame, resolveRange, selectSeries } from './select.ts';
import { withoutStale } from './without-stale.ts';

/** The samples of one series that windows slide over, in ascending time, stale markers taken out. */
export interface Track {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /** How many collected samples each value stands for; left out where each is one. */
  readonly weights?: Float64Array;
  readonly dropsName: boolean;
}

/** A range vector: what its windows slide over, and where they stand. A window is open on the left: `(end - range, end]`. */
export interface RangeShape {
  readonly look: Frame;
  readonly rangeMs: number;
  /** What the windows take from beyond themselves, as far as `lookbackMs` from their ends. */
  readonly edge: WindowEdge | null;
  readonly lookbackMs: number;
  /** Where the windows stand in timestamps that several series share. */
  readonly bounds: Map<Float64Array, WindowBounds>;
}

/** For each step, the places in a track where its window begins and ends (exclusive). */
interface WindowBounds {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Series that were collected together share their timestamps; of others there may be any number. */
const MOST_BOUNDS = 64;

export type TrackSink = (track: Track, shape: RangeShape) => Promise<void> | undefined;

/** The range vector below an argument of a function. */
export function rangeVector(expr: Expr): MatrixSelector | Subquery {
  if (expr.kind === 'paren') return rangeVector(expr.expr);
  if (expr.kind === 'matrix' || expr.kind === 'subquery') return expr;
  return failExecution('expected a range vector');
}

/** Give every series of a range vector to `sink`, one by one. @param use what will be looked at */
export async function eachTrack(
  expr: MatrixSelector | Subquery,
  frame: Frame,
  run: Run,
  sink: TrackSink,
  use: SampleUse = 'every',
): Promise<void> {
  const { budget, tally } = run;
  const counted: TrackSink = (track, shape) => {
    budget.passing(track.values.length);
    if (tally !== null) countWindows(tally, track, shape);
    return sink(track, shape);
  };
  if (run.trace === null) return readTracks(expr, frame, run, counted, use);
  return run.trace.measure(
    expr,
    counted,
    ({ values }) => values.length,
    (measured) => readTracks(expr, frame, run, measured, use),
  );
}

async function readTracks(
  expr: MatrixSelector | Subquery,
  frame: Frame,
  run: Run,
  sink: TrackSink,
  use: SampleUse,
): Promise<void> {
  const rangeMs = resolveRange(expr.range, run);
  const { budget } = run;
  if (expr.kind === 'matrix') {
    const look = lookFrame(expr.selector, frame, run);
    const { edge } = expr.selector;
    const { lookbackMs } = run;
    const shape = { look, rangeMs, edge, lookbackMs, bounds: new Map<Float64Array, WindowBounds>() };
    // What lies beyond a window has to be samples: a rollup answers for the window alone.
    const reach =
      edge === null
        ? { rangeMs, aheadMs: 0, use }
        : { rangeMs: rangeMs + lookbackMs, aheadMs: edge === 'smoothed' ? lookbackMs : 0, use: 'every' as const };
    for (const series of selectSeries(expr.selector, look, reach, run)) {
      await sink({ ...withoutStale(series), labels: series.labels, dropsName: false }, shape);
      await budget.breathe();
    }
    return;
  }
  const look = lookFrame(expr, frame, run);
  const inner = subqueryFrame(expr, look, rangeMs, run);
  if (inner.count <= 0) return;
  budget.refuse(inner.count);
  const shape = {
    look,
    rangeMs,
    edge: null,
    lookbackMs: run.lookbackMs,
    bounds: new Map<Float64Array, WindowBounds>(),
  };
  // What the steps of a subquery look at counts in the windows that they fill.
  const inside = { ...run, tally: null };
  await eachColumn(expr.expr, inner, inside, (column) => sink(trackOf(column, inner), shape));
}

function countWindows(tally: SampleTally, { timestamps }: Track, shape: RangeShape): void {
  const { from, to } = boundsOf(timestamps, shape);
  for (let step = 0; step < shape.look.count; step++) tally.add(step, (to[step] as number) - (from[step] as number));
}

/** The steps of a subquery are whole multiples of its step, whatever the time of the query. */
function subqueryFrame(expr: Subquery, look: Frame, rangeMs: number, run: Run): Frame {
  const stepMs = expr.step === null ? run.subqueryStepMs : resolveRange(expr.step, run);
  const afterMs = look.startMs - rangeMs;
  const startMs = (Math.floor(afterMs / stepMs) + 1) * stepMs;
  return { startMs, stepMs, count: Math.floor((frameEnd(look) - startMs) / stepMs) + 1 };
}

function trackOf(column: Column, frame: Frame): Track {
  const { labels, present, dropsName } = column;
  const count = countPresent(present);
  const timestamps = new Float64Array(count);
  const values = new Float64Array(count);
  let next = 0;
  for (let i = 0; i < frame.count; i++) {
    if (present[i] === 0) continue;
    timestamps[next] = frameTime(frame, i);
    values[next++] = column.values[i] as number;
  }
  return { labels, timestamps, values, dropsName };
}

/** Where a window stands. `from` and `to` are indexes into the track, `to` exclusive. */
export interface Window {
  from: number;
  to: number;
  startMs: number;
  endMs: number;
  /** The step of the frame, for parameters that change over time. */
  step: number;
}

/** Computes one value from the samples of a window, which holds at least the number of samples the function asks for. */
export type WindowFunction = (window: Window) => number;

/** How many samples a column's windows may take before the query looks at the clock. */
const SAMPLES_PER_CHECK = 100_000;

/** Slide over one series; `null` when no window holds `minSamples`. */
export async function slide(
  track: Track,
  shape: RangeShape,
  minSamples: number,
  compute: WindowFunction,
  run: Run,
): Promise<Column | null> {
  const { look, rangeMs } = shape;
  const { from, to } = boundsOf(track.timestamps, shape);
  const column = newColumn(track.labels, look.count, track.dropsName);
  const window: Window = { from: 0, to: 0, startMs: 0, endMs: 0, step: 0 };
  let found = false;
  let work = 0;
  for (let step = 0; step < look.count; step++) {
    window.step = step;
    window.endMs = frameTime(look, step);
    window.startMs = window.endMs - rangeMs;
    window.from = from[step] as number; // there is a place per step
    window.to = to[step] as number;
    const samples = window.to - window.from;
    if (samples < minSamples) continue;
    column.values[step] = compute(window);
    column.present[step] = 1;
    found = true;
    work += samples;
    if (work > SAMPLES_PER_CHECK) {
      work = 0;
      await run.budget.breathe();
    }
  }
  return found ? column : null;
}

function boundsOf(timestamps: Float64Array, { look, rangeMs, bounds }: RangeShape): WindowBounds {
  const known = bounds.get(timestamps);
  if (known !== undefined) return known;
  const made = { from: new Int32Array(look.count), to: new Int32Array(look.count) };
  let [from, to] = [0, 0];
  for (let step = 0; step < look.count; step++) {
    const endMs = frameTime(look, step);
    const startMs = endMs - rangeMs;
    while (to < timestamps.length && (timestamps[to] as number) <= endMs) to++;
    while (from < to && (timestamps[from] as number) <= startMs) from++;
    made.from[step] = from;
    made.to[step] = to;
  }
  if (bounds.size < MOST_BOUNDS) bounds.set(timestamps, made);
  return made;
}
