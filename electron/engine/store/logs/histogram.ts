import { LOG_LEVELS } from '../../collect/parse/log-level.ts';
import type { LogLevel } from '../../collect/parse/log-level.ts';
import type { BlockHeader } from './day-file.ts';
import { matchBlock } from './entry-filter.ts';
import type { EntryFilter } from './entry-filter.ts';
import type { createPace, SegmentSource } from './scan.ts';

/** Entries per level over time, as columns. */
export interface LogHistogram {
  /** Start of the first bucket, epoch milliseconds: a multiple of `bucketMs`, so that buckets stay put as time goes on. */
  readonly fromMs: number;
  readonly bucketMs: number;
  /** One count per bucket for each level. */
  readonly counts: Readonly<Record<LogLevel, readonly number[]>>;
  readonly total: number;
  /** Entries that had to be looked at one by one. */
  readonly scannedEntries: number;
  /** False when the time was over: buckets before `countedFromMs` are not, or not fully, counted. */
  readonly complete: boolean;
  readonly countedFromMs: number;
}

/** Widths a person can read an axis by. */
const WIDTHS_MS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
];
const DAY_MS = 86_400_000;

/**
 * Count newest first. A block that lies within one bucket is counted from its header; one that crosses a border needs its
 * small columns; only a text filter reads texts.
 *
 * @param maxBuckets upper bound; the width is rounded up to a readable one
 */
export async function countByTime(
  source: SegmentSource,
  filter: EntryFilter,
  maxBuckets: number,
  pace: ReturnType<typeof createPace>,
): Promise<LogHistogram> {
  const lastMs = filter.before.timestampMs - 1;
  const bucketMs = bucketWidth(filter.after.timestampMs, lastMs, maxBuckets);
  const fromMs = Math.floor(filter.after.timestampMs / bucketMs) * bucketMs;
  const bucketCount = Math.max(0, Math.floor((lastMs - fromMs) / bucketMs) + 1);
  const counts = LOG_LEVELS.map(() => new Array<number>(bucketCount).fill(0));
  let total = 0;
  let scannedEntries = 0;
  const add = (code: number, timestampMs: number, entries: number): void => {
    const bucket = Math.floor((timestampMs - fromMs) / bucketMs);
    const column = counts[code];
    if (column === undefined) return;
    column[bucket] = (column[bucket] ?? 0) + entries;
    total += entries;
  };

  for (const day of source.days(filter).reverse()) {
    const segments = source.segments(day, filter).sort((a, b) => b.lastMs - a.lastMs);
    for (const segment of segments) {
      await pace.breathe();
      if (pace.isOver()) return result(false, segment.lastMs + 1);
      const { header } = segment;
      if (header !== null && isWithinOneBucket(header)) {
        for (const [name, levels] of Object.entries(header.counts)) {
          if (filter.sources !== null && !filter.sources.has(name)) continue;
          for (const [code, entries] of levels.entries()) {
            if (filter.levels[code] === true && entries > 0) add(code, header.firstMs, entries);
          }
        }
        continue;
      }
      const block = segment.read();
      if (block === null) continue;
      scannedEntries += block.head.length;
      for (const index of matchBlock(block, filter)) {
        add(block.head.levels[index] ?? 0, block.head.timestampsMs[index] ?? 0, 1);
      }
    }
  }
  return result(true, filter.after.timestampMs);

  function isWithinOneBucket(header: BlockHeader): boolean {
    if (filter.text.terms.length > 0 || filter.file !== null) return false;
    if (header.firstMs < filter.after.timestampMs || header.lastMs > lastMs) return false;
    return Math.floor(header.firstMs / bucketMs) === Math.floor(header.lastMs / bucketMs);
  }

  function result(complete: boolean, countedFromMs: number): LogHistogram {
    const byLevel = Object.fromEntries(LOG_LEVELS.map((level, code) => [level, counts[code] ?? []]));
    return {
      fromMs,
      bucketMs,
      counts: byLevel as Record<LogLevel, number[]>,
      total,
      scannedEntries,
      complete,
      countedFromMs,
    };
  }
}

function bucketWidth(fromMs: number, lastMs: number, maxBuckets: number): number {
  const fits = (width: number): boolean => Math.floor(lastMs / width) - Math.floor(fromMs / width) < maxBuckets;
  const width = WIDTHS_MS.find(fits);
  if (width !== undefined) return width;
  return DAY_MS * Math.ceil((lastMs - fromMs) / DAY_MS / Math.max(1, maxBuckets - 1));
}
