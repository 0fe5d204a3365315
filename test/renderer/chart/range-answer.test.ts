import { describe, expect, test } from 'vitest';
import { decodeAnswer, gapOf, mergeTail, tailStart, type RangeAnswer } from '../../../renderer/chart/range-answer.ts';

const HOUR = 3_600_000;
const STEP = 15_000;

function answer(start: number, end: number, value = 1, labels: Record<string, string> = { job: 'host' }): RangeAnswer {
  const timestamps: number[] = [];
  for (let at = Math.ceil(start / STEP) * STEP; at <= end; at += STEP) timestamps.push(at);
  const series = [{ labels, timestamps, values: timestamps.map(() => value) }];
  return decodeAnswer({ stepMs: STEP, series, totalSeries: 1, warnings: [] }, { start, end });
}

test('a gap and an infinity come through the wire', () => {
  const wire = { labels: {}, timestamps: [1, 2, 3], values: [null, '+Inf' as const, 3] };
  const [series] = decodeAnswer(
    { stepMs: 1, series: [wire], totalSeries: 1, warnings: [] },
    { start: 0, end: 3 },
  ).series;
  expect([...(series?.columns.y ?? [])]).toEqual([NaN, Infinity, 3]);
});

describe('asking for the end alone', () => {
  const previous = answer(0, HOUR);
  test('goes back two steps, for samples that came late', () => {
    expect(tailStart(previous, { start: 5000, end: HOUR + 5000 })).toBe(HOUR - 2 * STEP);
  });
  test('is not possible for another length, for the past, or after a long pause', () => {
    expect(tailStart(previous, { start: 0, end: HOUR * 2 })).toBeNull();
    expect(tailStart(previous, { start: -5000, end: HOUR - 5000 })).toBeNull();
    expect(tailStart(previous, { start: HOUR, end: HOUR * 2 })).toBeNull();
  });
  test('ends after a quarter of the range, so that the whole is corrected from time to time', () => {
    const patched = { ...previous, patchedMs: HOUR / 4 };
    expect(tailStart(patched, { start: 5000, end: HOUR + 5000 })).toBeNull();
  });
  test('makes no sense while there are no series', () => {
    expect(tailStart({ ...previous, series: [] }, { start: 5000, end: HOUR + 5000 })).toBeNull();
  });
});

describe('putting the end on', () => {
  const next = { start: 30_000, end: HOUR + 30_000 };
  test('keeps the old points, takes the newer values and counts what was patched', () => {
    const merged = mergeTail(answer(0, HOUR, 1), answer(HOUR - 2 * STEP, next.end, 2), next);
    const columns = merged.series[0]?.columns;
    expect(columns?.x.at(0)).toBe(15_000);
    expect(columns?.x.at(-1)).toBe(HOUR + 30_000);
    expect(columns?.y.at(-5)).toBe(2);
    expect(columns?.y.at(-6)).toBe(1);
    expect(merged.patchedMs).toBe(30_000);
    expect(merged.span).toEqual(next);
  });
  test('adds series that are new after those that were there', () => {
    const merged = mergeTail(answer(0, HOUR), answer(HOUR, next.end, 1, { job: 'new' }), next);
    expect(merged.series.map(({ labels }) => labels['job'])).toEqual(['host', 'new']);
  });
  test('drops series whose last point has left the range', () => {
    const later = { start: HOUR + 1, end: HOUR * 2 };
    expect(mergeTail(answer(0, HOUR), answer(HOUR * 2, HOUR * 2, 1, { job: 'new' }), later).series).toHaveLength(1);
  });
});

test('a gap is longer than a step and a half, or than two reduced stretches', () => {
  expect(gapOf(answer(0, HOUR), 600)).toBe(STEP * 1.5);
  expect(gapOf(answer(0, HOUR), 100)).toBe((HOUR / 100) * 4.5);
});
