import type { LogEntry, LogLevel } from '../../../../shared/contract/logs.ts';

/** Lines that are held here; the others stay in the store and are asked for when they come into view. */
export const WINDOW_LINES = 5000;

/**
 * The part of a result that is held, oldest first. `base` is the place of its first line in the whole result. As long as
 * the start was not seen, that is an estimate; when it is corrected, `shift` says by how much all places have moved
 * since the window was made, so that a view can move along and nothing jumps.
 */
export interface LogWindow {
  readonly entries: readonly LogEntry[];
  readonly base: number;
  readonly total: number;
  readonly shift: number;
  /** Where to go on to older lines; null when the oldest is here. */
  readonly olderCursor: string | null;
  /** Where to go on to newer lines; null when the newest is here. */
  readonly newerCursor: string | null;
}

/** Some lines in a row, oldest first, and where to go on in the direction in which they were asked for. */
export interface LogChunk {
  readonly entries: readonly LogEntry[];
  readonly cursor: string | null;
}

export const EMPTY_WINDOW: LogWindow = {
  entries: [],
  base: 0,
  total: 0,
  shift: 0,
  olderCursor: null,
  newerCursor: null,
};

/**
 * A window of the lines before a place and those after it.
 *
 * @param before  how many lines of the whole result come before `newer`, as far as anybody knows
 */
export function openWindow(older: LogChunk, newer: LogChunk, before: number, total: number): LogWindow {
  return settle({
    entries: [...older.entries, ...newer.entries],
    base: before - older.entries.length,
    total,
    shift: 0,
    olderCursor: older.cursor,
    newerCursor: newer.cursor,
  });
}

export function extendOlder(window: LogWindow, chunk: LogChunk): LogWindow {
  const entries = [...chunk.entries, ...window.entries];
  const kept = entries.slice(0, WINDOW_LINES);
  return settle({
    ...window,
    entries: kept,
    base: window.base - chunk.entries.length,
    olderCursor: chunk.cursor,
    newerCursor: kept.length < entries.length ? (kept.at(-1)?.id ?? null) : window.newerCursor,
  });
}

export function extendNewer(window: LogWindow, chunk: LogChunk): LogWindow {
  return settle(cutOlder({ ...window, entries: [...window.entries, ...chunk.entries], newerCursor: chunk.cursor }));
}

/**
 * Lines that have just come. They join the window when its end is the end of the result and there is room, or when the
 * view follows them; the oldest leave it then. Otherwise they are only counted: what a reader looks at stays.
 */
export function appendTail(window: LogWindow, arrived: readonly LogEntry[], follow: boolean): LogWindow {
  const atEnd = window.newerCursor === null;
  const fresh = atEnd ? withoutKnown(window.entries, arrived) : arrived;
  if (fresh.length === 0) return window;
  const last = window.entries.at(-1);
  if (!atEnd || (!follow && window.entries.length + fresh.length > WINDOW_LINES)) {
    return {
      ...window,
      total: window.total + fresh.length,
      newerCursor: window.newerCursor ?? last?.id ?? null,
    };
  }
  return settle(cutOlder({ ...window, entries: mergeByTime(window.entries, fresh) }));
}

/** Take over how long the whole result is, and where the window stands in it. Nothing in view moves. */
export function placeWindow(window: LogWindow, base: number, total: number): LogWindow {
  const atEnd = window.newerCursor === null;
  const next = atEnd ? total - window.entries.length : base;
  return settle({ ...window, base: next, total, shift: window.shift + next - window.base });
}

/** Place of a line in the whole result; −1 when it is not held. */
export function indexOfEntry(window: LogWindow, id: string): number {
  const at = window.entries.findIndex((entry) => entry.id === id);
  return at < 0 ? -1 : window.base + at;
}

/** The next line of some levels that is held, from a place on; null when there is none. */
export function nextOfLevels(
  window: LogWindow,
  levels: readonly LogLevel[],
  direction: 'backward' | 'forward',
  from: number,
): LogEntry | null {
  const step = direction === 'forward' ? 1 : -1;
  const start = Math.min(window.entries.length, Math.max(-1, from - window.base));
  for (let at = start + step; at >= 0 && at < window.entries.length; at += step) {
    const entry = window.entries[at] as LogEntry;
    if (levels.includes(entry.level)) return entry;
  }
  return null;
}

/** The ends that are known for certain decide; estimates give way. */
function settle(window: LogWindow): LogWindow {
  const { entries, olderCursor, newerCursor } = window;
  let { base, total, shift } = window;
  const known = olderCursor === null ? -base : Math.max(0, 1 - base);
  base += known;
  total += known;
  shift += known;
  total = newerCursor === null ? base + entries.length : Math.max(total, base + entries.length + 1);
  return { entries, base, total, shift, olderCursor, newerCursor };
}

function cutOlder(window: LogWindow): LogWindow {
  const surplus = window.entries.length - WINDOW_LINES;
  if (surplus <= 0) return window;
  const entries = window.entries.slice(surplus);
  return { ...window, entries, base: window.base + surplus, olderCursor: entries[0]?.id ?? null };
}

/** A search and the live stream may both tell of a line; only the end of the window can hold such. */
function withoutKnown(entries: readonly LogEntry[], arrived: readonly LogEntry[]): readonly LogEntry[] {
  const earliest = arrived.reduce((least, { at }) => Math.min(least, at), Infinity);
  const known = new Set<string>();
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i] as LogEntry;
    if (entry.at < earliest) break;
    known.add(entry.id);
  }
  return known.size === 0 ? arrived : arrived.filter(({ id }) => !known.has(id));
}

/** Sources write at their own pace, so a line may come after one that is newer. Equal times keep their order. */
function mergeByTime(entries: readonly LogEntry[], arrived: readonly LogEntry[]): LogEntry[] {
  const sorted = arrived.toSorted((a, b) => a.at - b.at);
  const earliest = sorted[0]?.at ?? Infinity;
  let from = entries.length;
  while (from > 0 && (entries[from - 1] as LogEntry).at > earliest) from--;
  if (from === entries.length) return [...entries, ...sorted];
  return [...entries.slice(0, from), ...[...entries.slice(from), ...sorted].sort((a, b) => a.at - b.at)];
}
