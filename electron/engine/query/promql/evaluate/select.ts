import type { SampleUse, SelectHint, SeriesColumns } from '../../../store/metrics/sample-source.ts';
import { bitsOf, isStaleAt } from '../../../../../shared/model/stale-marker.ts';
import { durationFault, durationMs } from '../syntax/duration.ts';
import type { Duration, Shift, VectorSelector } from '../syntax/expr.ts';
import { newColumn } from './column.ts';
import { smoothedSamples } from './extended-windows.ts';
import type { Column, Sink } from './column.ts';
import { failExecution, frameEnd, frameTime } from './run.ts';
import type { Frame, Run } from './run.ts';
import { withoutStale } from './without-stale.ts';

/** The times at which a selector looks: step `i` of the frame looks at `startMs + i * stepMs`. */
export function lookFrame(shift: Shift, frame: Frame, run: Run): Frame {
  const offsetMs = shift.offset === null ? 0 : resolveDuration(shift.offset, run);
  if (shift.at === null) return { ...frame, startMs: frame.startMs - offsetMs };
  return { startMs: fixedTime(shift.at, run) - offsetMs, stepMs: 0, count: frame.count };
}

function fixedTime(at: NonNullable<Shift['at']>, run: Run): number {
  if (at.kind === 'time') return at.timeMs;
  return at.kind === 'start' ? run.outer.startMs : frameEnd(run.outer);
}

export function resolveDuration(duration: Duration, run: Run): number {
  const { outer } = run;
  const extent = { stepMs: outer.stepMs, rangeMs: frameEnd(outer) - outer.startMs };
  const fault = durationFault(duration, extent);
  if (fault !== null) failExecution(fault);
  const ms = durationMs(duration, extent);
  if (!Number.isFinite(ms)) failExecution('duration out of range');
  return ms;
}

/** Like {@link resolveDuration}, for a range or a step, which must be above zero. */
export function resolveRange(duration: Duration, run: Run): number {
  const ms = resolveDuration(duration, run);
  if (ms <= 0) failExecution('duration must be greater than 0');
  return ms;
}

/** Matchers as a text to compare them by. */
export function selectorKey({ matchers }: VectorSelector): string {
  return JSON.stringify(matchers.map(({ name, operator, value }) => [name, operator, value]));
}

/** How far around each time of a frame a selector reads, and what is looked at there. */
export interface Reach {
  readonly rangeMs: number;
  readonly aheadMs: number;
  readonly use: SampleUse;
}

/** Read the series of a selector with the samples of all windows `(t - rangeMs, t + aheadMs]`, t being the times of the frame. */
export function selectSeries(
  selector: VectorSelector,
  look: Frame,
  { rangeMs, aheadMs, use }: Reach,
  run: Run,
): Iterable<SeriesColumns> {
  const { matchers } = selector;
  const [afterMs, untilMs] = [look.startMs - rangeMs, frameEnd(look) + aheadMs];
  const hint: SelectHint = { use, firstMs: look.startMs, stepMs: look.count > 1 ? look.stepMs : 0, rangeMs };
  const selectorText = selectorKey(selector);
  if (!run.repeated.has(selectorText) && run.source.each !== undefined) {
    return counted(run.source.each(matchers, afterMs + 1, untilMs, hint), run);
  }
  const key = JSON.stringify([afterMs, untilMs, hint, selectorText]);
  const known = run.selected.get(key);
  if (known !== undefined) return known;
  const series = run.source.select(matchers, afterMs + 1, untilMs, hint);
  run.selected.set(key, series);
  for (const one of series) count(one, run);
  return series;
}

function* counted(all: Iterable<SeriesColumns>, run: Run): Generator<SeriesColumns> {
  for (const one of all) {
    count(one, run);
    yield one;
  }
}

function count({ values }: SeriesColumns, { read }: Run): void {
  read.series++;
  read.samples += values.length;
}

/** The newest sample within the lookback at every step; with `readsTime`, its time in seconds instead of its value. */
export async function eachSelected(
  selector: VectorSelector,
  frame: Frame,
  run: Run,
  sink: Sink,
  readsTime = false,
): Promise<void> {
  const look = lookFrame(selector, frame, run);
  const isSmoothed = selector.edge === 'smoothed';
  const reach = isSmoothed
    ? { rangeMs: run.lookbackMs, aheadMs: run.lookbackMs, use: 'every' as const }
    : { rangeMs: run.lookbackMs, aheadMs: 0, use: 'newest' as const };
  for (const series of selectSeries(selector, look, reach, run)) {
    const column = isSmoothed
      ? smoothedSamples({ ...withoutStale(series), labels: series.labels, dropsName: false }, look, run.lookbackMs)
      : newestSamples(series, look, run.lookbackMs, readsTime);
    if (column !== null) {
      run.tally?.addPresent(column.present);
      run.budget.passing(look.count);
      await sink(column);
    }
    await run.budget.breathe();
  }
}

function newestSamples(series: SeriesColumns, look: Frame, lookbackMs: number, readsTime: boolean): Column | null {
  const { timestamps, values } = series;
  const column = newColumn(series.labels, look.count);
  const bits = bitsOf(values);
  let newest = -1;
  let found = false;
  for (let i = 0; i < look.count; i++) {
    const atMs = frameTime(look, i);
    while (newest + 1 < timestamps.length && (timestamps[newest + 1] as number) <= atMs) newest++;
    if (newest < 0) continue;
    const sampleMs = timestamps[newest] as number;
    if (sampleMs <= atMs - lookbackMs || isStaleAt(bits, newest)) continue;
    column.values[i] = readsTime ? sampleMs / 1000 : (values[newest] as number);
    column.present[i] = 1;
    found = true;
  }
  return found ? column : null;
}
