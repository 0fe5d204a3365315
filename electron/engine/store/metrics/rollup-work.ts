import type { BlockEntry } from './block-codec.ts';
import type { ChunkReader } from './chunk-reader.ts';
import type { ChunkRow } from './metric-tables.ts';
import { type Buckets, joinBuckets, ROLLUP_RESOLUTIONS, rollUp, type RollupResolution } from './rollup-buckets.ts';
import { decodeRollup, encodeRollup, type RolledSeries } from './rollup-codec.ts';
import type { RollupTables } from './rollup-tables.ts';

/**
 * A chunk is rolled up when it is a day old: what comes late is in it by then, and the newest day, which is nearly always
 * read as it was collected, is not kept twice.
 */
export const ROLL_UP_AFTER_MS = 86_400_000;
/** A chunk gives few buckets, so that its rollups wait for so many others … */
const MERGE_COUNT = 8;
/** … until together they have so many buckets. */
const LARGE_BUCKETS = 256;

/** Write the rollups of one chunk. To be called inside a transaction. @param entries of the chunk; null when damaged */
export function rollUpChunk(
  chunkId: number,
  groupId: number,
  entries: readonly BlockEntry[] | null,
  tables: RollupTables,
  chunks: ChunkReader,
): void {
  tables.markRolled(chunkId);
  if (entries === null || entries.length === 0) return;
  const runs = entries.map(({ id, times, decode }) => {
    const values = new Float64Array(times.length);
    decode(values, 0);
    return { id, times, values };
  });
  for (const resolution of ROLLUP_RESOLUTIONS) {
    const series = runs.map(({ id, times, values }) => ({ id, buckets: rollUp(times, values, resolution) }));
    tables.insert(groupId, resolution, encodeRollup(series), true);
    mergeSmall(groupId, resolution, tables, chunks);
  }
}

function mergeSmall(groupId: number, resolution: RollupResolution, tables: RollupTables, chunks: ChunkReader): void {
  const small = tables.small(groupId, resolution);
  if (small.length < MERGE_COUNT) return;
  const series = readRollups(small, null, chunks);
  for (const { id } of small) tables.delete(id);
  const longest = Math.max(...series.map(({ buckets }) => buckets.ends.length));
  if (series.length > 0) tables.insert(groupId, resolution, encodeRollup(series), longest < LARGE_BUCKETS);
}

/** The series of some rollups of one group and resolution, joined. */
export function readRollups(
  rows: readonly ChunkRow[],
  wanted: ReadonlySet<number> | null,
  chunks: ChunkReader,
): RolledSeries[] {
  const parts = new Map<number, Buckets[]>();
  for (const row of rows) {
    for (const { id, buckets } of decodeRollup(chunks.read(row, 'rollup') ?? [], wanted)) {
      const list = parts.get(id);
      if (list === undefined) parts.set(id, [buckets]);
      else list.push(buckets);
    }
  }
  return [...parts].map(([id, list]) => ({ id, buckets: joinBuckets(list) }));
}
