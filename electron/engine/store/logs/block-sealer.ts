import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import { DAY_MS } from './day-files.ts';
import type { DayFiles } from './day-files.ts';
import type { HotLog, PendingDay } from './hot-log.ts';
import { compareKeys } from './log-entry.ts';
import type { StoredEntry } from './log-entry.ts';

export interface BlockSealerOptions {
  readonly hot: HotLog;
  readonly files: DayFiles;
  readonly clock: Clock;
  readonly log: Log;
  readonly blockEntries: number;
}

export interface BlockSealer {
  /** Undo the half of a move that a kill left: entries that are in a block and in the hot file. The block counts. */
  reconcile(): void;
  /** Seal what is enough for a block, and the largest when all together takes too much memory. */
  sealFull(days: readonly PendingDay[]): void;
  /** Seal days that are over and get nothing more. */
  sealIdle(): void;
}

const MAX_BLOCK_TEXT_BYTES = 4 * 1024 * 1024;
const MAX_PENDING_BYTES = 32 * 1024 * 1024;
/** A day that is over is sealed when nothing came for it for this long. */
const IDLE_BEFORE_SEAL_MS = 5 * 60_000;

/** Moves entries from the hot file into blocks. */
export function createBlockSealer({ hot, files, clock, log, blockEntries }: BlockSealerOptions): BlockSealer {
  return {
    reconcile() {
      if (hot.isNew) for (const { type, day } of files.all()) hot.skipThrough(sealedThrough(type, day));
      for (const pending of [...hot.pending]) {
        const sealed = sealedThrough(pending.type, pending.day);
        hot.skipThrough(sealed);
        if ((pending.entries[0]?.sequence ?? Infinity) <= sealed) hot.dropSealed(pending, sealed);
      }
    },
    sealFull(days) {
      for (const day of days) while (isFull(day) && seal(day));
      for (;;) {
        const pending = [...hot.pending].sort((a, b) => b.textBytes - a.textBytes);
        const bytes = pending.reduce((sum, day) => sum + day.textBytes, 0);
        const [largest] = pending;
        if (bytes <= MAX_PENDING_BYTES || largest === undefined || !seal(largest)) return;
      }
    },
    sealIdle() {
      const idleBeforeMs = clock.now() - IDLE_BEFORE_SEAL_MS;
      for (const pending of [...hot.pending]) {
        const isIdle = (pending.day + 1) * DAY_MS < idleBeforeMs && pending.lastAppendMs < idleBeforeMs;
        while (isIdle && pending.entries.length > 0 && seal(pending));
      }
    },
  };

  function sealedThrough(type: PendingDay['type'], day: number): number {
    return files.find(type, day)?.sealedThrough() ?? 0;
  }

  function isFull(pending: PendingDay): boolean {
    return pending.entries.length >= blockEntries || pending.textBytes >= MAX_BLOCK_TEXT_BYTES;
  }

  /** Seal the first entries of a day. On failure they stay where they are, and it is tried again later. */
  function seal(pending: PendingDay): boolean {
    const entries: StoredEntry[] = [];
    let textBytes = 0;
    for (const entry of pending.entries) {
      if (entries.length >= blockEntries || textBytes >= MAX_BLOCK_TEXT_BYTES) break;
      entries.push(entry);
      textBytes += entry.text.length;
    }
    const last = entries.at(-1)?.sequence;
    if (last === undefined) return false;
    try {
      hot.flushToDisk();
      files.make(pending.type, pending.day).addBlock(entries.sort(compareKeys), last);
      hot.dropSealed(pending, last);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log('error', `Log entries of type "${pending.type}" could not be sealed; they stay in hot.db for now.`, {
        reason,
      });
      return false;
    }
  }
}
