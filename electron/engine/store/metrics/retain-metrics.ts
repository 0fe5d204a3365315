import type { MetricTables } from './metric-tables.ts';
import { hasHeadSamples, headRun, type Series, type SeriesGroup } from './series-group.ts';
import type { SeriesIndex } from './series-index.ts';

export interface MetricRetention {
  /** How long samples are kept; a chunk goes when its newest sample is older. */
  readonly maxAgeMs: number;
  /** How large the database may be, its log included; the oldest chunks go first. */
  readonly maxSizeBytes: number;
}

export interface RetentionSlice {
  readonly deletedChunks: number;
  readonly deletedSeries: number;
  /** False when there is more to do: call again soon. */
  readonly isDone: boolean;
}

const SLICE_CHUNKS = 32;
const SLICE_PAGES = 256;
/** Free pages are used again by new chunks; only more than this share of the file is handed back. */
const FREE_PAGES_RATIO = 0.2;

/** Delete a bounded number of expired chunks, and series that have no samples left. A few milliseconds. */
export function retainSlice(
  tables: MetricTables,
  index: SeriesIndex,
  retention: MetricRetention,
  nowMs: number,
): RetentionSlice {
  const expired = expiredChunks(tables, retention, nowMs);
  const gone = new Set<Series>();
  const emptied: SeriesGroup[] = [];
  if (expired.length > 0) {
    const groups = new Set<SeriesGroup>();
    tables.transaction(() => {
      for (const { id, groupId } of expired) {
        tables.deleteChunk(id);
        const group = index.groups.get(groupId);
        if (group !== undefined) groups.add(group);
      }
      for (const group of groups) {
        const oldestMs = tables.number('SELECT min(start_ms) FROM chunk WHERE group_id = ?', group.id);
        for (const series of expiredSeries(group, oldestMs ?? Infinity)) gone.add(series);
        if (oldestMs === null && !hasHeadSamples(group)) emptied.push(group);
      }
      for (const { id } of gone) tables.deleteSeries(id);
      for (const { id } of emptied) tables.deleteGroup(id);
    });
    const ids = new Set(expired.map(({ id }) => id));
    for (const group of groups) group.smallChunks = group.smallChunks.filter(({ id }) => !ids.has(id));
    index.removeAll(gone);
    for (const group of emptied) {
      group.isStored = false;
      if (group.members.every((member) => member === null)) index.removeGroup(group);
    }
  }
  const { total, free } = tables.pages();
  const isRoomy = free > total * FREE_PAGES_RATIO && free > SLICE_PAGES;
  if (isRoomy) tables.db.exec(`PRAGMA incremental_vacuum(${String(SLICE_PAGES)})`);
  const isDone = expired.length < SLICE_CHUNKS && !isRoomy && expiredChunks(tables, retention, nowMs).length === 0;
  return { deletedChunks: expired.length, deletedSeries: gone.size, isDone };
}

function expiredChunks(
  tables: MetricTables,
  { maxAgeMs, maxSizeBytes }: MetricRetention,
  nowMs: number,
): { id: number; groupId: number }[] {
  const byAge = tables.oldestChunks(nowMs - maxAgeMs, SLICE_CHUNKS);
  if (byAge.length > 0) return byAge;
  const { total, free, sizeBytes } = tables.pages();
  return (total - free) * sizeBytes > maxSizeBytes ? tables.oldestChunks(Infinity, SLICE_CHUNKS) : [];
}

/** The series of a group whose samples were all in deleted chunks; the spans of the others are shortened. */
function expiredSeries(group: SeriesGroup, oldestMs: number): Series[] {
  const gone: Series[] = [];
  for (const series of group.members) {
    if (series?.isPresent !== true) continue;
    const { times } = headRun(group, series.slot);
    const firstMs = Math.min(oldestMs, times[0] ?? Infinity);
    if (series.lastMs < firstMs) gone.push(series);
    else series.firstMs = Math.max(series.firstMs, firstMs);
  }
  return gone;
}
