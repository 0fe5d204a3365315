import type { ChunkDirectory } from './chunk-directory.ts';
import type { ChunkReader } from './chunk-reader.ts';
import type { MetricTables } from './metric-tables.ts';
import { ROLLUP_RESOLUTIONS, type RollupResolution } from './rollup-buckets.ts';
import type { RollupReader } from './rollup-reader.ts';
import type { RollupTables } from './rollup-tables.ts';
import { rollUpChunk } from './rollup-work.ts';
import { hasHeadSamples, headRun, type Series, type SeriesGroup } from './series-group.ts';
import type { SeriesIndex } from './series-index.ts';

export interface MetricRetention {
  /** How long samples are kept; a chunk goes when its newest sample is older. */
  readonly maxAgeMs: number;
  /** How large the database may be, its log included; the oldest chunks go first. */
  readonly maxSizeBytes: number;
  /** How long rollups are kept, by resolution in milliseconds; left out, none are made. Not shorter than the samples. */
  readonly rollupAgeMs?: Readonly<Record<RollupResolution, number>>;
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

/** What retention works on. */
export interface RetainedStore {
  readonly tables: MetricTables;
  readonly rollupTables: RollupTables;
  readonly rollups: RollupReader;
  readonly chunks: ChunkReader;
  readonly directory: ChunkDirectory;
  readonly index: SeriesIndex;
}

interface Expired {
  readonly kind: 'chunk' | 'rollup';
  readonly id: number;
  readonly groupId: number;
}

/** Delete a bounded number of expired chunks and rollups, and series that have nothing left. A few milliseconds. */
export function retainSlice(store: RetainedStore, retention: MetricRetention, nowMs: number): RetentionSlice {
  const { tables, rollupTables, index } = store;
  const expired = expiredParts(store, retention, nowMs);
  const gone = new Set<Series>();
  const emptied: SeriesGroup[] = [];
  if (expired.length > 0) {
    const groups = new Set<SeriesGroup>();
    tables.transaction(() => {
      for (const { kind, id, groupId } of expired) {
        if (kind === 'rollup') rollupTables.delete(id);
        else {
          if (retention.rollupAgeMs !== undefined) rollUpLate(store, id, groupId);
          tables.deleteChunk(id);
        }
        const group = index.groups.get(groupId);
        if (group !== undefined) groups.add(group);
      }
      for (const group of groups) {
        const { rawFromMs, rolledFromMs } = rollupTables.spans(group.id);
        const oldestMs = Math.min(rawFromMs, ...Object.values(rolledFromMs));
        for (const series of expiredSeries(group, oldestMs)) gone.add(series);
        if (oldestMs === Infinity && !hasHeadSamples(group)) emptied.push(group);
      }
      for (const { id } of gone) tables.deleteSeries(id);
      for (const { id } of emptied) tables.deleteGroup(id);
    });
    const ids = new Set(expired.filter(({ kind }) => kind === 'chunk').map(({ id }) => id));
    for (const group of groups) {
      group.smallChunks = group.smallChunks.filter(({ id }) => !ids.has(id));
      store.chunks.changed(group.id);
      store.directory.changed(group.id);
      store.rollups.changed(group.id, retention.rollupAgeMs !== undefined);
    }
    index.removeAll(gone);
    for (const group of emptied) {
      group.isStored = false;
      if (group.members.every((member) => member === null)) index.removeGroup(group);
    }
  }
  const { total, free } = tables.pages();
  const isRoomy = free > total * FREE_PAGES_RATIO && free > SLICE_PAGES;
  if (isRoomy) tables.db.exec(`PRAGMA incremental_vacuum(${String(SLICE_PAGES)})`);
  const isDone = expired.length < SLICE_CHUNKS && !isRoomy && expiredParts(store, retention, nowMs).length === 0;
  const deletedChunks = expired.filter(({ kind }) => kind === 'chunk').length;
  return { deletedChunks, deletedSeries: gone.size, isDone };
}

/** A chunk that was never merged, or that goes sooner than it would be rolled up, must not go unseen. */
function rollUpLate({ tables, rollupTables, chunks }: RetainedStore, id: number, groupId: number): void {
  if (rollupTables.isRolled(id)) return;
  const row = tables.chunkById(id);
  if (row !== null) rollUpChunk(id, groupId, chunks.read(row), rollupTables, chunks);
}

function expiredParts(
  { tables, rollupTables }: RetainedStore,
  { maxAgeMs, maxSizeBytes, rollupAgeMs }: MetricRetention,
  nowMs: number,
): Expired[] {
  const chunk = (part: { id: number; groupId: number }): Expired => ({ kind: 'chunk', ...part });
  const oldRollups = (beforeMs: (resolution: RollupResolution) => number): (Expired & { readonly endMs: number })[] =>
    ROLLUP_RESOLUTIONS.flatMap((resolution) =>
      rollupTables
        .oldest(resolution, beforeMs(resolution), SLICE_CHUNKS)
        .map((part) => ({ kind: 'rollup' as const, ...part })),
    );
  const chunks = tables.oldestChunks(nowMs - maxAgeMs, SLICE_CHUNKS).map(chunk);
  const rollups = rollupAgeMs === undefined ? [] : oldRollups((resolution) => nowMs - rollupAgeMs[resolution]);
  if (chunks.length + rollups.length > 0) return [...chunks, ...rollups].slice(0, SLICE_CHUNKS);
  const { total, free, sizeBytes } = tables.pages();
  if ((total - free) * sizeBytes <= maxSizeBytes) return [];
  // The oldest history goes first, whatever its resolution: what a rollup alone remembers is older than any sample.
  const rawFromMs = tables.number('SELECT min(end_ms) FROM chunk') ?? Infinity;
  const older = oldRollups(() => rawFromMs).sort((a, b) => a.endMs - b.endMs);
  return older.length > 0 ? older.slice(0, SLICE_CHUNKS) : tables.oldestChunks(Infinity, SLICE_CHUNKS).map(chunk);
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
