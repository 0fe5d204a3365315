import type { Log } from '../../log.ts';
import { type BlockEntry, decodeBlock } from './block-codec.ts';
import { type ColumnScratch, columnScratch } from './column-codec.ts';
import type { RunPart } from './join-runs.ts';
import type { ChunkRow, MetricTables } from './metric-tables.ts';

interface KeptChunk {
  readonly groupId: number;
  readonly sizeBytes: number;
  readonly entries: BlockEntry[];
}

/** Rules and dashboards ask for the same newest chunks again and again; so much of them stays decompressed. */
const KEPT_BYTES = 24 << 20;

/** Reads chunks. One that is damaged is reported once and left out, so that its neighbours stay readable. */
export class ChunkReader {
  readonly #log: Log;
  readonly #scratch: ColumnScratch = columnScratch();
  readonly #damaged = new Set<string>();
  /** The one that was asked for longest ago first. */
  readonly #kept = new Map<number, KeptChunk>();
  #keptBytes = 0;

  readonly #tables: MetricTables;

  constructor(tables: MetricTables, log: Log) {
    this.#tables = tables;
    this.#log = log;
  }

  /** To be called when chunks of a group came, went or were merged: a merged chunk has the id of its first part. */
  changed(groupId: number): void {
    for (const [id, kept] of this.#kept) if (kept.groupId === groupId) this.#forget(id, kept);
  }

  /** Read a chunk for a query, which may ask for it again soon. */
  readKept(id: number, groupId: number): BlockEntry[] | null {
    const known = this.#kept.get(id);
    if (known !== undefined) {
      this.#kept.delete(id);
      this.#kept.set(id, known);
      return known.entries;
    }
    const row = this.#tables.chunkById(id);
    const entries = row === null ? null : this.read(row);
    if (row === null || entries === null) return null;
    this.#kept.set(id, { groupId, sizeBytes: row.rawSizeBytes, entries });
    this.#keptBytes += row.rawSizeBytes;
    for (const [oldest, kept] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES) break;
      this.#forget(oldest, kept);
    }
    return entries;
  }

  #forget(id: number, kept: KeptChunk): void {
    this.#kept.delete(id);
    this.#keptBytes -= kept.sizeBytes;
  }

  /** The series in a chunk, or the columns of a rollup; null when it is damaged. */
  read(row: ChunkRow, what: 'chunk' | 'rollup' = 'chunk'): BlockEntry[] | null {
    try {
      return decodeBlock(row.data, row.rawSizeBytes, this.#scratch);
    } catch (error) {
      const name = `${what} ${String(row.id)}`;
      if (!this.#damaged.has(name)) {
        this.#damaged.add(name);
        const subject = what === 'chunk' ? 'Chunk' : 'Rollup';
        this.#log(
          'error',
          `${subject} ${String(row.id)} of the metrics database is damaged; its samples are left out.`,
          {
            [what]: row.id,
            reason: error instanceof Error ? error.message : String(error),
          },
        );
      }
      return null;
    }
  }
}

/**
 * Cuts columns to a range of time, both ends included. Each array of times is cut once, so that series which shared it share
 * the result.
 */
export class RangeCutter {
  readonly #startMs: number;
  readonly #endMs: number;
  readonly #cuts = new Map<Float64Array, { low: number; high: number; times: Float64Array }>();
  #temporary = new Float64Array(0);

  constructor(startMs: number, endMs: number) {
    this.#startMs = startMs;
    this.#endMs = endMs;
  }

  /** The part of a block's series that is in the range; null when there is none. */
  cut(entry: BlockEntry): RunPart | null {
    const { times, decode } = entry;
    const cut = this.#cutOf(times);
    if (cut.low === cut.high) return null;
    if (cut.low === 0 && cut.high === times.length) return { times, copyValues: decode };
    return {
      times: cut.times,
      copyValues: (out, at) => {
        if (this.#temporary.length < times.length) this.#temporary = new Float64Array(times.length);
        decode(this.#temporary, 0);
        out.set(this.#temporary.subarray(cut.low, cut.high), at);
      },
    };
  }

  #cutOf(times: Float64Array): { low: number; high: number; times: Float64Array } {
    const known = this.#cuts.get(times);
    if (known !== undefined) return known;
    const low = lowerBound(times, this.#startMs, false);
    const high = Math.max(low, lowerBound(times, this.#endMs, true));
    const cut = { low, high, times: times.subarray(low, high) };
    this.#cuts.set(times, cut);
    return cut;
  }
}

/** The first index from `low` on whose time is at least `limit` (or above it, with `isAfter`); `high` when there is none. */
export function lowerBound(
  times: Float64Array,
  limit: number,
  isAfter: boolean,
  low = 0,
  high: number = times.length,
): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    const time = times[middle] as number; // between low and high
    if (time < limit || (isAfter && time === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}
