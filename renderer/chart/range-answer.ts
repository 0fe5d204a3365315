import type { LabelRecord } from '../../shared/model/labels.ts';
import type { WireColumns } from '../../shared/model/columns.ts';
import { decodeValues } from '../../shared/model/wire-value.ts';
import type { TimeSpan } from '../range/time-range.ts';
import { appendColumns, type Columns } from './columns.ts';
import { seriesKey } from './palette.ts';

/** An answer of `metrics.queryRange`, and the span that it is for. */
export interface RangeAnswer {
  readonly span: TimeSpan;
  readonly stepMs: number;
  readonly series: readonly { readonly key: string; readonly labels: LabelRecord; readonly columns: Columns }[];
  readonly totalSeries: number;
  readonly warnings: readonly string[];
  /** Since how many milliseconds only ends were added; a whole answer corrects what came late. */
  readonly patchedMs: number;
}

interface WireAnswer {
  readonly stepMs: number;
  readonly series: readonly WireColumns[];
  readonly totalSeries: number;
  readonly warnings: readonly string[];
}

export function decodeAnswer(answer: WireAnswer, span: TimeSpan): RangeAnswer {
  return {
    span,
    stepMs: answer.stepMs,
    series: answer.series.map(({ labels, timestamps, values }) => ({
      key: seriesKey(labels),
      labels,
      columns: { x: Float64Array.from(timestamps), y: decodeValues(values) },
    })),
    totalSeries: answer.totalSeries,
    warnings: answer.warnings,
    patchedMs: 0,
  };
}

/** Steps at the end that are asked for again, because a sample may have come after the last answer. */
const OVERLAP_STEPS = 2;

/**
 * From where an answer needs to be asked for again so that it reaches to `next.end`: null when it must be asked for as a
 * whole, because the range is another one, too little of it is known, or a quarter of it has been patched already.
 */
export function tailStart(previous: RangeAnswer, next: TimeSpan): number | null {
  const length = next.end - next.start;
  const sameLength = Math.abs(length - (previous.span.end - previous.span.start)) < 1000;
  const moved = next.end - previous.span.end;
  if (!sameLength || moved < 0 || moved > length / 4 || previous.patchedMs + moved > length / 4) return null;
  if (previous.series.length === 0) return null;
  const { stepMs } = previous;
  return Math.floor(previous.span.end / stepMs) * stepMs - OVERLAP_STEPS * stepMs;
}

/** Put the end of an answer onto the one before it. Series that are new come last; the others keep their place. */
export function mergeTail(previous: RangeAnswer, tail: RangeAnswer, next: TimeSpan): RangeAnswer {
  const newer = new Map(tail.series.map((one) => [one.key, one]));
  const merged = previous.series.map((one) => {
    const end = newer.get(one.key);
    newer.delete(one.key);
    return end === undefined ? one : { ...one, columns: appendColumns(one.columns, end.columns, next.start) };
  });
  return {
    span: next,
    stepMs: previous.stepMs,
    series: [...merged.filter(({ columns }) => (columns.x.at(-1) ?? 0) >= next.start), ...newer.values()],
    totalSeries: Math.max(previous.totalSeries, tail.totalSeries),
    warnings: previous.warnings,
    patchedMs: previous.patchedMs + (next.end - previous.span.end),
  };
}

/**
 * The distance between two points that counts as a gap. An answer with a point per step has one after a step and a half;
 * one that was reduced to fit has its smallest and largest value per stretch of two points.
 */
export function gapOf(answer: RangeAnswer, maxPoints: number): number {
  const length = answer.span.end - answer.span.start;
  const reduced = length / answer.stepMs > maxPoints;
  return reduced ? Math.max(answer.stepMs * 1.5, (length / maxPoints) * 4.5) : answer.stepMs * 1.5;
}
