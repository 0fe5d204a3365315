import type { LogLevel } from '../../../../shared/contract/logs.ts';
import { LEVELS } from '../levels.ts';

/** An answer of `logs.histogram`. */
export interface LogCounts {
  readonly bucketMs: number;
  readonly starts: readonly number[];
  readonly counts: Readonly<Partial<Record<LogLevel, readonly number[]>>>;
  readonly complete: boolean;
}

/** Entries of some levels in the whole answer; of all levels for an empty list. */
export function totalOf(counts: LogCounts, levels: readonly LogLevel[]): number {
  return bucketTotals(counts, levels).reduce((sum, count) => sum + count, 0);
}

/** Entries of some levels per bucket. */
export function bucketTotals(counts: LogCounts, levels: readonly LogLevel[]): readonly number[] {
  const chosen = levels.length === 0 ? LEVELS : levels;
  return counts.starts.map((_, bucket) =>
    chosen.reduce((sum, level) => sum + (counts.counts[level]?.[bucket] ?? 0), 0),
  );
}

/**
 * About when the `index`-th entry was written: entries count as evenly spread within their bucket. What is past the last
 * bucket came after it.
 */
export function timeOfIndex(counts: LogCounts, levels: readonly LogLevel[], index: number): number {
  let before = 0;
  for (const [bucket, count] of bucketTotals(counts, levels).entries()) {
    if (index < before + count) {
      return (counts.starts[bucket] as number) + ((index - before) / count) * counts.bucketMs;
    }
    before += count;
  }
  return (counts.starts.at(-1) ?? 0) + counts.bucketMs;
}

/** About how many entries were written before a moment. */
export function indexOfTime(counts: LogCounts, levels: readonly LogLevel[], at: number): number {
  let before = 0;
  for (const [bucket, count] of bucketTotals(counts, levels).entries()) {
    const start = counts.starts[bucket] as number;
    if (at < start + counts.bucketMs) {
      return Math.round(before + Math.max(0, (at - start) / counts.bucketMs) * count);
    }
    before += count;
  }
  return before;
}
