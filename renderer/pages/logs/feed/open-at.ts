import type { LogEntry } from '../../../../shared/contract/logs.ts';
import { openWindow, type LogWindow } from '../list/log-window.ts';
import { stoppedBy, type Stopped } from './feed-state.ts';
import type { Direction, SearchedChunk } from './search-chunk.ts';

/** A window at a new place in the result. */
export interface Opened {
  readonly window: LogWindow;
  /** Place of a line to show in the middle; null for the end. */
  readonly anchor: number | null;
  readonly stopped: Stopped | null;
}

/** Narrows a search to one side of a place. */
export interface Narrow {
  readonly cursor?: string;
  readonly start?: number;
  readonly end?: number;
}

/** What opening needs to know and to ask. */
export interface OpenContext {
  readonly search: (direction: Direction, limit: number, narrow?: Narrow) => Promise<SearchedChunk>;
  /** The line of an id; null when it is not kept any more. */
  readonly entry: (id: string) => Promise<LogEntry | null>;
  /** Lines in the whole result; null as long as they are not counted. */
  readonly total: () => number | null;
  /** About how many lines were written before a moment; null as long as they are not counted. */
  readonly before: (at: number) => number | null;
}

export const OPEN_LINES = 500;
const NOTHING = { entries: [], cursor: null };

export async function openAtEnd({ search, total }: OpenContext): Promise<Opened> {
  const older = await search('backward', OPEN_LINES);
  const count = total() ?? older.entries.length;
  return { window: openWindow(older, NOTHING, count, count), anchor: null, stopped: stoppedBy(older, 'backward') };
}

export async function openAtStart({ search, total }: OpenContext): Promise<Opened> {
  const newer = await search('forward', OPEN_LINES);
  const count = total() ?? newer.entries.length;
  return { window: openWindow(NOTHING, newer, 0, count), anchor: 0, stopped: stoppedBy(newer, 'forward') };
}

/** @param at  about when the line of that place was written */
export async function openAtIndex({ search, total }: OpenContext, index: number, at: number): Promise<Opened> {
  const [older, newer] = await Promise.all([
    search('backward', OPEN_LINES, { end: at }),
    search('forward', OPEN_LINES, { start: at }),
  ]);
  return { window: openWindow(older, newer, index, total() ?? 0), anchor: index, stopped: null };
}

/** A line that is not kept any more leads to the newest ones, which are the best that can be shown. */
export async function openAtLine(context: OpenContext, id: string): Promise<Opened> {
  const { search, entry, total, before } = context;
  const line = await entry(id);
  if (line === null) return openAtEnd(context);
  const [older, newer] = await Promise.all([
    search('backward', OPEN_LINES, { cursor: id }),
    search('forward', OPEN_LINES, { cursor: id }),
  ]);
  const here = { ...newer, entries: [line, ...newer.entries] };
  const window = openWindow(older, here, before(line.at) ?? older.entries.length, total() ?? 0);
  return { window, anchor: window.base + older.entries.length, stopped: null };
}
