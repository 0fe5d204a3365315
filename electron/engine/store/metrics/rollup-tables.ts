import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EncodedBlock } from './block-codec.ts';
import type { ChunkRow } from './metric-tables.ts';
import { ROLLUP_RESOLUTIONS, type RollupResolution } from './rollup-buckets.ts';

/** From where on a group has what, epoch milliseconds; `Infinity` where it has nothing. */
export interface GroupSpans {
  /** Chunks of raw samples, and those of them that are in no rollup yet. */
  readonly rawFromMs: number;
  readonly unrolledFromMs: number;
  readonly rolledFromMs: Readonly<Record<RollupResolution, number>>;
}

/** The statements about rollups. Nothing here decides anything. */
export class RollupTables {
  readonly #db: DatabaseSync;
  readonly #unrolled: StatementSync;
  readonly #markRolled: StatementSync;
  readonly #insert: StatementSync;
  readonly #inRange: StatementSync;
  readonly #small: StatementSync;
  readonly #delete: StatementSync;
  readonly #oldest: StatementSync;
  readonly #spans: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#unrolled = db.prepare(
      `SELECT id, group_id, raw_size, data FROM chunk
       WHERE is_rolled = 0 AND is_small = 0 AND end_ms < ? ORDER BY end_ms LIMIT 1`,
    );
    this.#markRolled = db.prepare('UPDATE chunk SET is_rolled = 1 WHERE id = ?');
    this.#insert = db.prepare('INSERT INTO rollup VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)');
    this.#inRange = db.prepare(
      `SELECT id, raw_size, data FROM rollup
       WHERE group_id = ? AND resolution_ms = ? AND end_ms > ? AND start_ms < ? ORDER BY start_ms, id`,
    );
    this.#small = db.prepare(
      `SELECT id, raw_size, data FROM rollup
       WHERE group_id = ? AND resolution_ms = ? AND is_small = 1 ORDER BY start_ms, id`,
    );
    this.#delete = db.prepare('DELETE FROM rollup WHERE id = ?');
    this.#oldest = db.prepare(
      'SELECT id, group_id, end_ms FROM rollup WHERE resolution_ms = ? AND end_ms < ? ORDER BY end_ms LIMIT ?',
    );
    this.#spans = db.prepare(
      `SELECT (SELECT min(start_ms) FROM chunk WHERE group_id = ?1) AS raw,
              (SELECT min(start_ms) FROM chunk WHERE group_id = ?1 AND is_rolled = 0) AS unrolled,
              (SELECT min(start_ms) FROM rollup WHERE group_id = ?1 AND resolution_ms = ?2) AS fine,
              (SELECT min(start_ms) FROM rollup WHERE group_id = ?1 AND resolution_ms = ?3) AS coarse`,
    );
    for (const statement of [this.#inRange, this.#small]) statement.setReturnArrays(true);
  }

  /** The oldest large chunk that ended before `beforeMs` and is in no rollup. */
  nextUnrolled(beforeMs: number): (ChunkRow & { readonly groupId: number }) | null {
    const row = this.#unrolled.get(beforeMs);
    return row === undefined
      ? null
      : {
          id: Number(row['id']),
          groupId: Number(row['group_id']),
          rawSizeBytes: Number(row['raw_size']),
          data: row['data'] as Uint8Array,
        };
  }

  isRolled(chunkId: number): boolean {
    return this.#db.prepare('SELECT is_rolled FROM chunk WHERE id = ?').get(chunkId)?.['is_rolled'] === 1;
  }

  markRolled(chunkId: number): void {
    this.#markRolled.run(chunkId);
  }

  insert(groupId: number, resolution: RollupResolution, block: EncodedBlock, isSmall: boolean): void {
    const { startMs, endMs, rawSizeBytes, data } = block;
    this.#insert.run(...[groupId, resolution, startMs - resolution, endMs, isSmall ? 1 : 0, rawSizeBytes, data]);
  }

  /** Rollups with buckets of which some part is in the range. */
  inRange(groupId: number, resolution: RollupResolution, startMs: number, endMs: number): ChunkRow[] {
    return this.#inRange.all(groupId, resolution, startMs, endMs).map(toRow);
  }

  small(groupId: number, resolution: RollupResolution): ChunkRow[] {
    return this.#small.all(groupId, resolution).map(toRow);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }

  /** Up to `limit` rollups that ended before `beforeMs`, oldest first. */
  oldest(
    resolution: RollupResolution,
    beforeMs: number,
    limit: number,
  ): { readonly id: number; readonly groupId: number; readonly endMs: number }[] {
    return this.#oldest
      .all(resolution, beforeMs, limit)
      .map((row) => ({ id: Number(row['id']), groupId: Number(row['group_id']), endMs: Number(row['end_ms']) }));
  }

  spans(groupId: number): GroupSpans {
    const row = this.#spans.get(groupId, ...ROLLUP_RESOLUTIONS) ?? {};
    const from = (name: string): number => (typeof row[name] === 'number' ? row[name] : Infinity);
    return {
      rawFromMs: from('raw'),
      unrolledFromMs: from('unrolled'),
      rolledFromMs: { [ROLLUP_RESOLUTIONS[0]]: from('fine'), [ROLLUP_RESOLUTIONS[1]]: from('coarse') },
    };
  }

  hasAny(): boolean {
    return this.#db.prepare('SELECT 1 FROM rollup LIMIT 1').get() !== undefined;
  }
}

/** Rows come as arrays, which the types of node:sqlite do not say. */
function toRow(row: unknown): ChunkRow {
  const [id, rawSizeBytes, data] = row as [number, number, Uint8Array];
  return { id, rawSizeBytes, data };
}
