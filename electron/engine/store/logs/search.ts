import type { LogFields } from '../../collect/parse/log-entry.ts';
import { parseFields } from '../../collect/parse/parse-fields.ts';
import { LOG_LEVELS } from '../../collect/parse/log-level.ts';
import type { LogType } from '../../config/configuration.ts';
import { matchBlock } from './entry-filter.ts';
import type { EntryFilter } from './entry-filter.ts';
import type { LogBlock } from './log-block.ts';
import { compareKeys, formatEntryId, parseEntryId } from './log-entry.ts';
import type { EntryKey, LogEntry } from './log-entry.ts';
import type { createPace, Segment, SegmentSource } from './scan.ts';

export type LogDirection = 'backward' | 'forward';

export interface LogPage {
  /** In the direction of the search. */
  readonly entries: readonly LogEntry[];
  /** Where to go on; null when the whole range was seen. */
  readonly nextCursor: string | null;
  /** Entries in the blocks that were read. */
  readonly scannedEntries: number;
  /** False when the time was over before the page was full: `nextCursor` goes on from there. */
  readonly complete: boolean;
}

interface Hit {
  readonly key: EntryKey;
  readonly block: LogBlock;
  readonly index: number;
  readonly type: LogType;
}

/**
 * Collect the next `limit` entries in one direction. Blocks are read in order of their near ends, and an entry is given
 * out once no unread block can hold a nearer one, so overlapping blocks merge and pages have no gaps and no doubles.
 */
export async function searchPage(
  source: SegmentSource,
  filter: EntryFilter,
  limit: number,
  direction: LogDirection,
  pace: ReturnType<typeof createPace>,
): Promise<LogPage> {
  const isBackward = direction === 'backward';
  const order = (a: Hit, b: Hit): number => (isBackward ? compareKeys(b.key, a.key) : compareKeys(a.key, b.key));
  const days = isBackward ? source.days(filter).reverse() : source.days(filter);
  const entries: LogEntry[] = [];
  let scannedEntries = 0;

  for (const day of days) {
    const segments = source.segments(day, filter);
    segments.sort((a, b) => (isBackward ? b.lastMs - a.lastMs : a.firstMs - b.firstMs));
    let waiting: Hit[] = [];
    for (const segment of segments) {
      const nearEndMs = isBackward ? segment.lastMs : segment.firstMs;
      const isSettled = (hit: Hit): boolean =>
        isBackward ? hit.key.timestampMs > nearEndMs : hit.key.timestampMs < nearEndMs;
      while (waiting[0] !== undefined && isSettled(waiting[0]) && entries.length < limit) giveOut(waiting);
      if (entries.length >= limit) return page(true);
      await pace.breathe();
      if (pace.isOver() && hasMoved(nearEndMs)) {
        // Every entry at the cursor's own millisecond is still to come, so the key lies just outside of it.
        const cursor = isBackward
          ? { timestampMs: nearEndMs + 1, sequence: 0 }
          : { timestampMs: nearEndMs, sequence: 0 };
        return { entries, nextCursor: formatEntryId(cursor), scannedEntries, complete: false };
      }
      waiting = mergeHits(waiting, segment);
    }
    while (waiting.length > 0 && entries.length < limit) giveOut(waiting);
    if (entries.length >= limit) return page(waiting.length > 0 || day !== days.at(-1));
  }
  return page(false);

  /** A page that stops for lack of time must end nearer than it began, or the next would do the same work again. */
  function hasMoved(nearEndMs: number): boolean {
    return isBackward ? nearEndMs < filter.before.timestampMs - 1 : nearEndMs > filter.after.timestampMs;
  }

  function mergeHits(waiting: readonly Hit[], segment: Segment): Hit[] {
    const block = segment.read();
    if (block === null) return [...waiting];
    scannedEntries += block.head.length;
    const hits = matchBlock(block, filter).map((index): Hit => ({
      key: block.key(index),
      block,
      index,
      type: segment.type,
    }));
    // One more than fits, so that a full page knows whether another follows.
    return [...waiting, ...hits].sort(order).slice(0, limit - entries.length + 1);
  }

  function giveOut(waiting: Hit[]): void {
    const hit = waiting.shift();
    if (hit !== undefined) entries.push(readEntry(hit.block, hit.index, hit.type));
  }

  function page(hasMore: boolean): LogPage {
    return { entries, nextCursor: hasMore ? (entries.at(-1)?.id ?? null) : null, scannedEntries, complete: true };
  }
}

/** Narrow a filter to what lies beyond a cursor. Null when the text is no cursor. */
export function filterBeyond(filter: EntryFilter, cursor: string, direction: LogDirection): EntryFilter | null {
  const key = parseEntryId(cursor);
  if (key === null) return null;
  if (direction === 'backward') return compareKeys(key, filter.before) < 0 ? { ...filter, before: key } : filter;
  return compareKeys(key, filter.after) > 0 ? { ...filter, after: key } : filter;
}

export function readEntry(block: LogBlock, index: number, type: LogType): LogEntry {
  const text = block.text(index);
  const fieldsJson = block.fieldsJson(index);
  const fields = fieldsJson === '' ? parseFields(text) : (JSON.parse(fieldsJson) as LogFields);
  const { source, file } = block.origin(index);
  return {
    id: formatEntryId(block.key(index)),
    timestampMs: block.head.timestampsMs[index] ?? 0,
    source,
    type,
    file,
    level: LOG_LEVELS[block.head.levels[index] ?? -1] ?? 'unknown',
    text,
    ...(fields === null ? {} : { fields }),
  };
}
