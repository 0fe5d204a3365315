import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EncodedBlock } from './block-codec.ts';
import type { Series, SeriesGroup } from './series-group.ts';

export const METRIC_MIGRATIONS: readonly string[] = [
  `CREATE TABLE series_group (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     covered_sequence INTEGER NOT NULL -- samples of the group up to this batch are in chunks
   ) STRICT;
   CREATE TABLE series (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     group_id INTEGER NOT NULL REFERENCES series_group (id),
     labels TEXT NOT NULL, -- JSON: [name, value, name, value, …]
     first_ms REAL NOT NULL,
     last_ms REAL NOT NULL
   ) STRICT;
   CREATE INDEX series_by_group ON series (group_id);
   CREATE TABLE sample_batch (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     raw_size INTEGER NOT NULL,
     data BLOB NOT NULL
   ) STRICT;
   CREATE TABLE chunk (
     id INTEGER PRIMARY KEY,
     group_id INTEGER NOT NULL REFERENCES series_group (id),
     start_ms REAL NOT NULL,
     end_ms REAL NOT NULL,
     samples INTEGER NOT NULL,
     is_small INTEGER NOT NULL,
     raw_size INTEGER NOT NULL,
     data BLOB NOT NULL
   ) STRICT;
   CREATE INDEX chunk_by_group ON chunk (group_id, end_ms, start_ms);
   CREATE INDEX chunk_by_end ON chunk (end_ms);
   CREATE INDEX chunk_small ON chunk (group_id) WHERE is_small = 1;`,
  `ALTER TABLE chunk ADD COLUMN is_rolled INTEGER NOT NULL DEFAULT 0; -- its samples are in rollups too
   CREATE INDEX chunk_unrolled ON chunk (end_ms) WHERE is_rolled = 0;
   CREATE TABLE rollup (
     id INTEGER PRIMARY KEY,
     group_id INTEGER NOT NULL REFERENCES series_group (id),
     resolution_ms INTEGER NOT NULL,
     start_ms REAL NOT NULL, -- where its first bucket begins
     end_ms REAL NOT NULL, -- where its last bucket ends
     is_small INTEGER NOT NULL,
     raw_size INTEGER NOT NULL,
     data BLOB NOT NULL
   ) STRICT;
   CREATE INDEX rollup_by_group ON rollup (group_id, resolution_ms, end_ms, start_ms);
   CREATE INDEX rollup_by_end ON rollup (resolution_ms, end_ms);`,
];

export interface ChunkRow {
  readonly id: number;
  readonly rawSizeBytes: number;
  readonly data: Uint8Array;
}

/** The statements of the metrics database. Nothing here decides anything. */
export class MetricTables {
  readonly db: DatabaseSync;
  readonly #insertGroup: StatementSync;
  readonly #coverGroup: StatementSync;
  readonly #insertSeries: StatementSync;
  readonly #spanSeries: StatementSync;
  readonly #insertBatch: StatementSync;
  readonly #deleteBatches: StatementSync;
  readonly #insertChunk: StatementSync;
  readonly #deleteChunk: StatementSync;
  readonly #settleChunk: StatementSync;
  readonly #chunkSpans: StatementSync;
  readonly #chunkById: StatementSync;

  readonly #oldestChunks: StatementSync;
  readonly #deleteSeries: StatementSync;
  readonly #deleteGroup: StatementSync;

  constructor(db: DatabaseSync) {
    this.db = db;
    this.#insertGroup = db.prepare('INSERT OR IGNORE INTO series_group VALUES (?, ?)');
    this.#coverGroup = db.prepare('UPDATE series_group SET covered_sequence = ? WHERE id = ?');
    this.#insertSeries = db.prepare('INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?, ?)');
    this.#spanSeries = db.prepare('UPDATE series SET first_ms = ?, last_ms = ? WHERE id = ?');
    this.#insertBatch = db.prepare('INSERT INTO sample_batch VALUES (?, ?, ?)');
    this.#deleteBatches = db.prepare('DELETE FROM sample_batch WHERE sequence < ?');
    this.#insertChunk = db.prepare('INSERT INTO chunk VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)');
    this.#deleteChunk = db.prepare('DELETE FROM chunk WHERE id = ?');
    this.#settleChunk = db.prepare('UPDATE chunk SET is_small = 0 WHERE id = ?');
    this.#chunkSpans = db.prepare('SELECT id, start_ms, end_ms FROM chunk WHERE group_id = ? ORDER BY start_ms, id');
    this.#chunkById = db.prepare('SELECT id, raw_size, data FROM chunk WHERE id = ?');
    this.#oldestChunks = db.prepare('SELECT id, group_id FROM chunk WHERE end_ms < ? ORDER BY end_ms LIMIT ?');
    this.#deleteSeries = db.prepare('DELETE FROM series WHERE id = ?');
    this.#deleteGroup = db.prepare('DELETE FROM series_group WHERE id = ?');
    for (const statement of [this.#chunkSpans, this.#chunkById]) statement.setReturnArrays(true);
  }

  /** Run all of `work` or none of it. */
  transaction(work: () => void): void {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.db.exec('COMMIT');
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  insertGroup(group: SeriesGroup, coveredSequence: number): void {
    this.#insertGroup.run(group.id, coveredSequence);
  }

  coverGroup(group: SeriesGroup, sequence: number): void {
    this.#coverGroup.run(sequence, group.id);
  }

  insertSeries({ id, group, labels, firstMs, lastMs }: Series): void {
    this.#insertSeries.run(id, group.id, JSON.stringify(labels), firstMs, lastMs);
  }

  spanSeries({ id, firstMs, lastMs }: Series): void {
    this.#spanSeries.run(firstMs, lastMs, id);
  }

  insertBatch(sequence: number, rawSizeBytes: number, data: Uint8Array): void {
    this.#insertBatch.run(sequence, rawSizeBytes, data);
  }

  deleteBatchesBefore(sequence: number): void {
    this.#deleteBatches.run(sequence);
  }

  /** @returns the chunk's id: the given one, or a new one for null */
  insertChunk(id: number | null, group: SeriesGroup, block: EncodedBlock, isSmall: boolean): number {
    const { startMs, endMs, samples, rawSizeBytes, data } = block;
    const { lastInsertRowid } = this.#insertChunk.run(
      ...[id, group.id, startMs, endMs, samples, isSmall ? 1 : 0, rawSizeBytes, data],
    );
    return Number(lastInsertRowid);
  }

  deleteChunk(id: number): void {
    this.#deleteChunk.run(id);
  }

  /** Leave a small chunk as it is for good. */
  settleChunk(id: number): void {
    this.#settleChunk.run(id);
  }

  /** The chunks of a group by their start. */
  chunkSpans(groupId: number): [id: number, startMs: number, endMs: number][] {
    return this.#chunkSpans.all(groupId) as unknown as [number, number, number][];
  }

  chunkById(id: number): ChunkRow | null {
    const row = this.#chunkById.get(id);
    return row === undefined ? null : toChunkRow(row);
  }

  /** Up to `limit` chunks that ended before `beforeMs`, oldest first. */
  oldestChunks(beforeMs: number, limit: number): { id: number; groupId: number }[] {
    return this.#oldestChunks
      .all(beforeMs, limit)
      .map((row) => ({ id: Number(row['id']), groupId: Number(row['group_id']) }));
  }

  deleteSeries(id: number): void {
    this.#deleteSeries.run(id);
  }

  /** Only for a group without chunks and series. */
  deleteGroup(id: number): void {
    this.#deleteGroup.run(id);
  }

  /** The pages of the database, and how many of them are free. */
  pages(): { total: number; free: number; sizeBytes: number } {
    const read = (pragma: string): number => this.number(`PRAGMA ${pragma}`) ?? 0;
    return { total: read('page_count'), free: read('freelist_count'), sizeBytes: read('page_size') };
  }

  /** The one number that a query gives; null for none. */
  number(sql: string, ...parameters: number[]): number | null {
    const value = Object.values(this.db.prepare(sql).get(...parameters) ?? {})[0];
    return typeof value === 'number' ? value : null;
  }
}

/** Rows of the two hot statements come as arrays, which the types of node:sqlite do not say. */
function toChunkRow(row: unknown): ChunkRow {
  const [id, rawSizeBytes, data] = row as [number, number, Uint8Array];
  return { id, rawSizeBytes, data };
}
