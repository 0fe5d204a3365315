import type { Client } from '../../../api/client.ts';
import type { LogLevel } from '../../../../shared/contract/logs.ts';
import type { TimeSpan } from '../../../range/time-range.ts';
import type { LogChunk } from '../list/log-window.ts';

/** What is searched for, without the time. */
export interface LogQuery {
  readonly text: string;
  /** Empty for all. */
  readonly levels: readonly LogLevel[];
  /** Empty for all. */
  readonly sources: readonly string[];
}

export type Direction = 'backward' | 'forward';

export interface ChunkRequest {
  readonly query: LogQuery;
  readonly span: TimeSpan;
  readonly direction: Direction;
  readonly cursor?: string;
  readonly limit: number;
}

/** Lines of one direction, and how the search for them ended. */
export interface SearchedChunk extends LogChunk {
  /** False when the program stopped at its limit of work; `cursor` goes on from there. */
  readonly complete: boolean;
  readonly scanned: number;
}

/** With fewer lines than these a search that was stopped is gone on with by itself, a few times. */
const ENOUGH_LINES = 100;
const MOST_ROUNDS = 4;

export function filterOf({ text, levels, sources }: LogQuery) {
  return {
    text,
    ...(levels.length > 0 && { levels: [...levels] }),
    ...(sources.length > 0 && { sources: [...sources] }),
  };
}

/** Search in one direction; the lines come oldest first whichever it is. */
export async function searchChunk(client: Client, request: ChunkRequest, signal: AbortSignal): Promise<SearchedChunk> {
  const { query, span, direction, limit } = request;
  const entries = [];
  let { cursor } = request;
  let scanned = 0;
  for (let round = 1; ; round++) {
    const page = await client.logs.search(
      {
        ...filterOf(query),
        from: span.start,
        to: span.end,
        direction,
        limit: limit - entries.length,
        ...(cursor !== undefined && { cursor }),
      },
      { signal },
    );
    entries.push(...page.entries);
    scanned += page.scanned;
    const isEnough = page.complete || entries.length >= Math.min(limit, ENOUGH_LINES) || round === MOST_ROUNDS;
    if (page.nextCursor === null || isEnough) {
      if (direction === 'backward') entries.reverse();
      return { entries, cursor: page.nextCursor, complete: page.complete, scanned };
    }
    cursor = page.nextCursor;
  }
}
