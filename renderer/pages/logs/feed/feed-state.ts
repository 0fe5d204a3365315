import type { TimeSpan } from '../../../range/time-range.ts';
import type { LogCounts } from '../histogram/counts.ts';
import { EMPTY_WINDOW, type LogWindow } from '../list/log-window.ts';
import type { Direction, LogQuery, SearchedChunk } from './search-chunk.ts';

/** A search that the program stopped at its limit of work. */
export interface Stopped {
  readonly direction: Direction;
  /** How far it came; null when it has found nothing yet. */
  readonly reachedAt: number | null;
  readonly scanned: number;
}

export interface FeedState {
  /** Another number for another place in the result: the list starts anew there. */
  readonly session: number;
  readonly window: LogWindow;
  /** Place of a line to show in the middle; null for the end. */
  readonly anchor: number | null;
  readonly status: 'loading' | 'ready' | 'failed';
  readonly error: unknown;
  readonly stopped: Stopped | null;
  /** Entries per stretch of time and level, of all levels; null until they are known. */
  readonly counts: LogCounts | null;
  readonly countsError: unknown;
  /** Lines that came since the end left the view. */
  readonly fresh: number;
}

export interface FeedRequest {
  readonly query: LogQuery;
  readonly span: TimeSpan;
  readonly live: boolean;
  /** A line to show in the middle. */
  readonly line: string | null;
}

/** Before the first search. */
export const INITIAL_FEED: FeedState = {
  session: 0,
  window: EMPTY_WINDOW,
  anchor: null,
  status: 'loading',
  error: null,
  stopped: null,
  counts: null,
  countsError: null,
  fresh: 0,
};

/** How a search was stopped; null when it went through, or found as many lines as it should. */
export function stoppedBy(chunk: SearchedChunk, direction: Direction): Stopped | null {
  if (chunk.complete || chunk.cursor === null) return null;
  const reachedAt = chunk.entries.at(direction === 'backward' ? 0 : -1)?.at ?? null;
  return { direction, reachedAt, scanned: chunk.scanned };
}
