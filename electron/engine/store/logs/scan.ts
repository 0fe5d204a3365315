import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogType } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import { isDamage } from '../open-database.ts';
import { decodeBody, decodeHead } from './block-codec.ts';
import type { BlockHeader, DayFile } from './day-file.ts';
import { DAY_MS } from './day-files.ts';
import type { DayFiles } from './day-files.ts';
import { countPassing } from './entry-filter.ts';
import type { EntryFilter } from './entry-filter.ts';
import type { HotLog, PendingDay } from './hot-log.ts';
import { LogBlock } from './log-block.ts';

/** A stretch of entries that a search may have to read. */
export interface Segment {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly type: LogType;
  readonly entryCount: number;
  /** Absent for unsealed entries. */
  readonly header: BlockHeader | null;
  /** Null when the block can't be read; that is logged. */
  readonly read: () => LogBlock | null;
}

export interface SegmentSource {
  /** Days that may hold something for the filter, ascending. */
  days(filter: EntryFilter): number[];
  /** What of a day has to be read: taken at one moment, so that an entry is in exactly one segment. */
  segments(day: number, filter: EntryFilter): Segment[];
}

const CACHED_BLOCKS = 12;

/** Sealed and unsealed entries seen as one, with the last used blocks kept unpacked. */
export function createSegmentSource(hot: HotLog, files: DayFiles, log: Log): SegmentSource {
  const cache = new Map<string, LogBlock>();
  const hotBlocks = new WeakMap<PendingDay, { readonly version: number; readonly block: LogBlock }>();
  const damaged = new Set<string>();

  return {
    days(filter) {
      const first = Math.floor(filter.after.timestampMs / DAY_MS);
      const last = Math.floor(filter.before.timestampMs / DAY_MS);
      const days = new Set<number>();
      for (const { type, day } of [...files.all(), ...hot.pending]) {
        if (day >= first && day <= last && (filter.types?.has(type) ?? true)) days.add(day);
      }
      return [...days].sort((a, b) => a - b);
    },
    segments(day, filter) {
      const types = new Set(
        [...files.all(), ...hot.pending].filter((some) => some.day === day).map(({ type }) => type),
      );
      const segments: Segment[] = [];
      for (const type of types) {
        if (!(filter.types?.has(type) ?? true)) continue;
        const file = files.find(type, day);
        if (file !== null) segments.push(...sealedSegments(file, filter));
        const pending = hot.find(type, day);
        if (pending !== null) segments.push(hotSegment(pending));
      }
      return segments;
    },
  };

  function sealedSegments(file: DayFile, filter: EntryFilter): Segment[] {
    const headers = attempt(file, 'headers', () => file.headers()) ?? [];
    const passing = headers.filter((header) => countPassing(header, filter) > 0);
    const { indexTerms } = filter.text;
    const hits =
      passing.length > 0 && indexTerms.length > 0 ? attempt(file, 'index', () => file.blocksWith(indexTerms)) : null;
    return passing
      .filter((header) => hits?.has(header.id) ?? true)
      .map((header) => ({
        firstMs: header.firstMs,
        lastMs: header.lastMs,
        type: file.type,
        entryCount: header.entryCount,
        header,
        read: () => readSealed(file, header),
      }));
  }

  function readSealed(file: DayFile, header: BlockHeader): LogBlock | null {
    const key = `${file.path} ${String(header.id)}`;
    const cached = cache.get(key);
    if (cached !== undefined) {
      cache.delete(key);
      cache.set(key, cached);
      return cached;
    }
    const name = `block ${String(header.id)}`;
    // A search that began before retention removed the file must not bring an empty one back.
    const isKept = (): boolean => files.find(file.type, file.day) === file;
    const head = attempt(file, name, () => (isKept() ? decodeHead(file.readHead(header.id)) : null));
    if (head === null) return null;
    const block = new LogBlock(
      head,
      (id) => file.origin(id),
      () => attempt(file, name, () => (isKept() ? decodeBody(file.readBody(header.id), header.bodyBytes) : null)) ?? '',
    );
    cache.set(key, block);
    for (const oldest of cache.keys()) {
      if (cache.size <= CACHED_BLOCKS) break;
      cache.delete(oldest);
    }
    return block;
  }

  function hotSegment(pending: PendingDay): Segment {
    let cached = hotBlocks.get(pending);
    if (cached?.version !== pending.version) {
      const sorted = pending.entries.toSorted((a, b) => a.timestampMs - b.timestampMs || a.sequence - b.sequence);
      cached = { version: pending.version, block: LogBlock.ofEntries(sorted) };
      hotBlocks.set(pending, cached);
    }
    const { block } = cached;
    const { timestampsMs, length } = block.head;
    return {
      firstMs: timestampsMs[0] ?? 0,
      lastMs: timestampsMs[length - 1] ?? 0,
      type: pending.type,
      entryCount: length,
      header: null,
      read: () => block,
    };
  }

  /** What is damaged is left out and named once; the rest is still answered. */
  function attempt<T>(file: DayFile, what: string, read: () => T): T | null {
    const name = `${file.path}: ${what}`;
    if (damaged.has(name)) return null;
    try {
      return read();
    } catch (error) {
      if (!isDamage(error) && !isBadBlob(error)) throw error;
      damaged.add(name);
      const reason = error instanceof Error ? error.message : String(error);
      log('error', `Part of the log file "${file.path}" is damaged and left out of answers: ${what}.`, {
        file: file.path,
        reason,
      });
      return null;
    }
  }
}

function isBadBlob(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ZSTD_');
}

/** Gives the event loop a turn now and then, and says when the time or the caller's patience is over. */
export function createPace(clock: Clock, budgetMs: number, signal: AbortSignal | undefined) {
  const TURN_MS = 12;
  const startedAt = clock.monotonic();
  let turnAt = startedAt;
  return {
    isOver: (): boolean => clock.monotonic() - startedAt > budgetMs,
    /** @throws the signal's reason */
    async breathe(): Promise<void> {
      signal?.throwIfAborted();
      if (clock.monotonic() - turnAt < TURN_MS) return;
      await nextTurn();
      turnAt = clock.monotonic();
      signal?.throwIfAborted();
    },
  };
}
