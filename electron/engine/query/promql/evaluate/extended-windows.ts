import type { WindowEdge } from '../syntax/expr.ts';
import { newColumn } from './column.ts';
import type { Column } from './column.ts';
import type { GrowthKind } from './rate.ts';
import { frameTime } from './run.ts';
import type { Frame, Run } from './run.ts';
import type { RangeShape, Track } from './windows.ts';

/** The samples that a window with an extended edge may use: those of the lookback before it too, and after it where smoothed. */
export interface ExtendedWindow {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Computes one value, `null` for none, from a window with at least one sample. */
export type ExtendedFunction = (window: ExtendedWindow) => number | null;

/** Slide over one series whose samples reach as far as the edge may look; `null` when no window gives a value. */
export async function slideExtended(
  track: Track,
  { look, rangeMs, edge, lookbackMs }: RangeShape,
  compute: ExtendedFunction,
  run: Run,
): Promise<Column | null> {
  const { timestamps } = track;
  const column = newColumn(track.labels, look.count, track.dropsName);
  const aheadMs = edge === 'smoothed' ? lookbackMs : 0;
  let [from, to, found] = [0, 0, false];
  for (let step = 0; step < look.count; step++) {
    const endMs = frameTime(look, step);
    const startMs = endMs - rangeMs;
    while (to < timestamps.length && (timestamps[to] as number) <= endMs + aheadMs) to++;
    while (from < to && (timestamps[from] as number) <= startMs - lookbackMs) from++;
    const value = from === to ? null : compute({ from, to, startMs, endMs });
    if (value === null) continue;
    column.values[step] = value;
    column.present[step] = 1;
    found = true;
    await run.budget.breathe();
  }
  return found ? column : null;
}

/** Growth between the values at the edges of the window, nothing extrapolated. Source: Prometheus, extendedRate. */
export function extendedGrowth(
  track: Track,
  edge: WindowEdge,
  { isCounter, isRate }: GrowthKind,
  rangeMs: number,
): ExtendedFunction {
  const { values } = track;
  return (window) => {
    const ends = endsOf(track, edge, window, isCounter);
    if (ends === null) return null;
    const { left, right, inner } = ends;
    let growth = right - left;
    if (isCounter) {
      let before = left;
      for (let i = inner.from; i < inner.to; i++) {
        const value = values[i] as number;
        if (value < before) growth += before;
        before = value;
      }
      if (right < before) growth += before;
    }
    return isRate ? growth / (rangeMs / 1000) : growth;
  };
}

/** The window as a series of its own that begins and ends at the edges; `null` where nothing is known of it. */
export function extendedTrack(track: Track, edge: WindowEdge, window: ExtendedWindow): Track | null {
  const ends = endsOf(track, edge, window, false);
  if (ends === null) return null;
  const { from, to } = ends.inner;
  const timestamps = Float64Array.of(window.startMs, ...track.timestamps.subarray(from, to), window.endMs);
  const values = Float64Array.of(ends.left, ...track.values.subarray(from, to), ends.right);
  return { labels: track.labels, timestamps, values, dropsName: track.dropsName };
}

interface Ends {
  readonly left: number;
  readonly right: number;
  /** The samples between the edges, `to` exclusive. */
  readonly inner: { readonly from: number; readonly to: number };
}

function endsOf(
  { timestamps, values }: Track,
  edge: WindowEdge,
  { from, to, startMs, endMs }: ExtendedWindow,
  isCounter: boolean,
): Ends | null {
  let last = to - 1;
  const first = Math.max(from, search(timestamps, from, last, (timestampMs) => timestampMs > startMs) - 1);
  if (edge === 'smoothed') last = search(timestamps, from, last, (timestampMs) => timestampMs >= endMs);
  const [firstMs, lastMs] = [timestamps[first] as number, timestamps[last] as number];
  if (lastMs <= startMs) return null;
  const between = (at: number, timeMs: number, side: 'left' | 'right'): number => {
    const reset = isCounter ? side : null;
    return interpolate(timestamps, values, at, timeMs, reset);
  };
  const left = edge === 'smoothed' && firstMs < startMs ? between(first, startMs, 'left') : (values[first] as number);
  const right =
    edge === 'smoothed' && last > from && lastMs > endMs ? between(last - 1, endMs, 'right') : (values[last] as number);
  const inner = { from: firstMs <= startMs ? first + 1 : first, to: lastMs >= endMs ? last : last + 1 };
  return { left, right, inner };
}

/** The first index in `[from, to)` that satisfies a condition which all later ones do too, or `to`. */
function search(timestamps: Float64Array, from: number, to: number, holds: (timestampMs: number) => boolean): number {
  let at = from;
  while (at < to && !holds(timestamps[at] as number)) at++;
  return at;
}

/** The value on the line from sample `at` to the next. A counter that was reset between them started at 0 again. */
function interpolate(
  timestamps: Float64Array,
  values: Float64Array,
  at: number,
  timeMs: number,
  reset: 'left' | 'right' | null,
): number {
  let [before, after] = [values[at] as number, values[at + 1] as number];
  if (reset !== null && after < before) {
    if (reset === 'left') before = 0;
    else after += before;
  }
  const [fromMs, toMs] = [timestamps[at] as number, timestamps[at + 1] as number];
  return before + ((after - before) * (timeMs - fromMs)) / (toMs - fromMs);
}

/** A selector with `smoothed`: the value between the samples around each step, or the newest where none follows. */
export function smoothedSamples(track: Track, look: Frame, lookbackMs: number): Column | null {
  const { timestamps, values } = track;
  const column = newColumn(track.labels, look.count, track.dropsName);
  let [next, found] = [0, false];
  for (let step = 0; step < look.count; step++) {
    const atMs = frameTime(look, step);
    while (next < timestamps.length && (timestamps[next] as number) < atMs) next++;
    const followingMs = next < timestamps.length ? (timestamps[next] as number) : Infinity;
    const hasBefore = next > 0 && (timestamps[next - 1] as number) > atMs - lookbackMs;
    if (followingMs === atMs) column.values[step] = values[next] as number;
    else if (!hasBefore) continue;
    else if (followingMs > atMs + lookbackMs) column.values[step] = values[next - 1] as number;
    else column.values[step] = interpolate(timestamps, values, next - 1, atMs, null);
    column.present[step] = 1;
    found = true;
  }
  return found ? column : null;
}
