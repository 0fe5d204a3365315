import { ORPCError } from '@orpc/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LogEntry, LogLevel } from '../../../../shared/contract/logs.ts';
import type { Client } from '../../../api/client.ts';
import type { TimeSpan } from '../../../range/time-range.ts';
import { indexOfTime, timeOfIndex, totalOf, type LogCounts } from '../histogram/counts.ts';
import {
  appendTail,
  EMPTY_WINDOW,
  extendNewer,
  extendOlder,
  openWindow,
  placeWindow,
  WINDOW_LINES,
  type LogChunk,
  type LogWindow,
} from '../list/log-window.ts';
import { filterOf, searchChunk, type Direction, type LogQuery, type SearchedChunk } from './search-chunk.ts';
import { followTail } from './follow-tail.ts';
import { TailBuffer } from './tail-buffer.ts';

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

const OPEN_LINES = 500;
const EXTEND_LINES = 1000;
/** Nearer than this to an end of the window, more is asked for. */
const NEAR_END_ROWS = 400;
const BUCKETS = 120;
const JUMP_DELAY_MS = 60;
const FLUSH_MS = 100;
const NO_LINES: LogChunk = { entries: [], cursor: null };

const INITIAL: FeedState = {
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

/** What the log page shows: holds a window of the result, asks for more where the view goes, takes in live lines. */
export class LogFeed {
  readonly store: StoreApi<FeedState> = createStore(() => INITIAL);
  readonly #client: Client;
  #request: FeedRequest | null = null;
  #opening = new AbortController();
  #extending: { readonly direction: Direction; readonly abort: AbortController } | null = null;
  #counting = new AbortController();
  #tailing = new AbortController();
  #jump: ReturnType<typeof setTimeout> | null = null;
  #flushTimer: ReturnType<typeof setTimeout> | null = null;
  #following = true;
  #isSeeking = false;
  #isOpening = false;
  /** Lines that came live after the counts were made. */
  #arrived = 0;
  #placed = false;
  readonly #buffer = new TailBuffer(WINDOW_LINES);

  constructor(client: Client) {
    this.#client = client;
  }

  /** Search for something else. What is in view stays until the answer is there. */
  open(request: FeedRequest): void {
    this.dispose();
    this.#request = request;
    this.#arrived = 0;
    this.#placed = false;
    this.#buffer.take();
    this.store.setState({ stopped: null, fresh: 0, counts: null });
    this.#tailing = new AbortController();
    const { signal } = this.#tailing;
    const opened = request.line === null ? this.openEnd() : this.openLine(request.line);
    void this.refreshCounts(request.span);
    if (request.live) {
      void followTail(this.#client, filterOf(request.query), {
        signal,
        onOpen: async () => {
          await opened;
          await this.#catchUp();
        },
        onLines: (entries, dropped) => {
          this.#buffer.push(entries, dropped);
          this.#flushTimer ??= setTimeout(this.#flush, FLUSH_MS);
        },
      });
    }
  }

  dispose(): void {
    for (const abort of [this.#opening, this.#counting, this.#tailing]) abort.abort();
    this.#extending?.abort.abort();
    this.#extending = null;
    for (const timer of [this.#jump, this.#flushTimer]) if (timer !== null) clearTimeout(timer);
    this.#jump = null;
    this.#flushTimer = null;
  }

  /** Count again, for the histogram; the list itself is only placed by the first count. */
  async refreshCounts(span: TimeSpan): Promise<void> {
    if (this.#request === null) return;
    this.#counting.abort();
    this.#counting = new AbortController();
    const { signal } = this.#counting;
    const { text, sources } = this.#request.query;
    try {
      const counts = await this.#client.logs.histogram(
        { ...filterOf({ text, sources, levels: [] }), from: span.start, to: span.end, buckets: BUCKETS },
        { signal },
      );
      this.store.setState({ counts, countsError: null });
      if (!this.#placed) this.#place(counts);
    } catch (error) {
      if (!signal.aborted) this.store.setState({ countsError: error });
    }
  }

  setFollowing(following: boolean): void {
    this.#following = following;
    if (following) this.store.setState({ fresh: 0 });
  }

  /** Ask for what lies at and around the lines in view, when it is not here. */
  need(first: number, last: number): void {
    const { window, status, stopped } = this.store.getState();
    if (status !== 'ready' || this.#isOpening) return;
    const end = window.base + window.entries.length;
    if (last < window.base || first > end) {
      if (this.#jump !== null) clearTimeout(this.#jump);
      this.#jump = setTimeout(() => void this.openIndex(Math.round((first + last) / 2)), JUMP_DELAY_MS);
      return;
    }
    if (first < window.base + NEAR_END_ROWS && window.olderCursor !== null && stopped?.direction !== 'backward') {
      void this.extend('backward');
    } else if (last > end - NEAR_END_ROWS && window.newerCursor !== null && stopped?.direction !== 'forward') {
      void this.extend('forward');
    }
  }

  /** Show the newest lines. */
  async openEnd(): Promise<void> {
    await this.#openAs(null, async (signal) => {
      const older = await this.#search('backward', OPEN_LINES, signal);
      const total = this.#total() ?? older.entries.length;
      return { window: openWindow(older, NO_LINES, total, total), stopped: stoppedBy(older, 'backward') };
    });
  }

  /** Show the oldest lines. */
  async openStart(): Promise<void> {
    await this.#openAs(0, async (signal) => {
      const newer = await this.#search('forward', OPEN_LINES, signal);
      const total = this.#total() ?? newer.entries.length;
      return { window: openWindow(NO_LINES, newer, 0, total), stopped: stoppedBy(newer, 'forward') };
    });
  }

  /** Show the lines around a place in the result. */
  async openIndex(index: number): Promise<void> {
    const { counts, window } = this.store.getState();
    const query = this.#request?.query;
    if (counts === null || query === undefined) return;
    if (index >= window.total - OPEN_LINES / 4) return this.openEnd();
    const at = Math.round(timeOfIndex(counts, query.levels, index));
    await this.#openAs(index, async (signal) => {
      const [older, newer] = await Promise.all([
        this.#search('backward', OPEN_LINES, signal, { end: at }),
        this.#search('forward', OPEN_LINES, signal, { start: at }),
      ]);
      return { window: openWindow(older, newer, index, this.#total() ?? 0), stopped: null };
    });
  }

  /** Show a line and what comes before and after it. */
  async openLine(id: string): Promise<void> {
    await this.#openAs(0, async (signal) => {
      const entries = await this.#entry(id, signal);
      if (entries === null) {
        // The line is not kept any more; the newest ones are the best that can be shown.
        const newest = await this.#search('backward', OPEN_LINES, signal);
        const total = this.#total() ?? newest.entries.length;
        return { window: openWindow(newest, NO_LINES, total, total), anchor: null, stopped: null };
      }
      const [older, newer] = await Promise.all([
        this.#search('backward', OPEN_LINES, signal, { cursor: id }),
        this.#search('forward', OPEN_LINES, signal, { cursor: id }),
      ]);
      const { counts } = this.store.getState();
      const at = entries[0]?.at ?? 0;
      const before =
        counts === null ? older.entries.length : indexOfTime(counts, this.#request?.query.levels ?? [], at);
      const here = { ...newer, entries: [...entries, ...newer.entries] };
      const window = openWindow(older, here, before, this.#total() ?? 0);
      return { window, anchor: window.base + older.entries.length, stopped: null };
    });
  }

  /** Go on in a direction; also where a search was stopped. */
  async extend(direction: Direction): Promise<void> {
    const { window } = this.store.getState();
    const cursor = direction === 'backward' ? window.olderCursor : window.newerCursor;
    if (this.#extending !== null || this.#isOpening || cursor === null) return;
    const abort = new AbortController();
    const own = { direction, abort };
    this.#extending = own;
    this.store.setState({ stopped: null });
    try {
      const chunk = await this.#search(direction, EXTEND_LINES, abort.signal, { cursor });
      const latest = this.store.getState().window;
      const extended = direction === 'backward' ? extendOlder(latest, chunk) : extendNewer(latest, chunk);
      this.store.setState({ window: extended, stopped: stoppedBy(chunk, direction), error: null });
    } catch (error) {
      const reachedAt = window.entries.at(direction === 'backward' ? 0 : -1)?.at ?? null;
      if (!abort.signal.aborted) this.store.setState({ error, stopped: { direction, reachedAt, scanned: 0 } });
    } finally {
      if (this.#extending === own) this.#extending = null;
    }
  }

  /**
   * The next line of some levels from a place on, in the window or beyond it.
   *
   * @returns `none` when there is none, `busy` while the last one is still being looked for
   */
  async seek(levels: readonly LogLevel[], direction: Direction, from: number): Promise<LogEntry | 'none' | 'busy'> {
    if (this.#isSeeking) return 'busy';
    const { window } = this.store.getState();
    const step = direction === 'forward' ? 1 : -1;
    for (let at = from - window.base + step; at >= 0 && at < window.entries.length; at += step) {
      const entry = window.entries[at] as LogEntry;
      if (levels.includes(entry.level)) return entry;
    }
    const cursor = direction === 'forward' ? window.newerCursor : window.olderCursor;
    const query = this.#request?.query;
    if (cursor === null || query === undefined) return 'none';
    const wanted = query.levels.length === 0 ? levels : levels.filter((level) => query.levels.includes(level));
    if (wanted.length === 0) return 'none';
    this.#isSeeking = true;
    try {
      const found = await this.#search(direction, 1, this.#opening.signal, { cursor, levels: wanted });
      return found.entries[0] ?? 'none';
    } finally {
      this.#isSeeking = false;
    }
  }

  async #openAs(
    anchor: number | null,
    load: (
      signal: AbortSignal,
    ) => Promise<{ readonly window: LogWindow; readonly stopped: Stopped | null; readonly anchor?: number | null }>,
  ): Promise<void> {
    this.#opening.abort();
    this.#extending?.abort.abort();
    this.#opening = new AbortController();
    const { signal } = this.#opening;
    this.#isOpening = true;
    const { window: old } = this.store.getState();
    this.store.setState({ status: old.entries.length === 0 ? 'loading' : this.store.getState().status });
    try {
      const opened = await load(signal);
      if (signal.aborted) return;
      const { session, counts } = this.store.getState();
      this.store.setState({
        session: session + 1,
        status: 'ready',
        error: null,
        fresh: 0,
        window: opened.window,
        anchor: opened.anchor === undefined ? anchor : opened.anchor,
        stopped: opened.stopped,
      });
      this.#isOpening = false;
      if (counts !== null && !this.#placed) this.#place(counts);
    } catch (error) {
      if (signal.aborted) return;
      this.#isOpening = false;
      this.store.setState({ status: 'failed', error });
    }
  }

  async #entry(id: string, signal: AbortSignal): Promise<LogEntry[] | null> {
    try {
      return (await this.#client.logs.around({ id, before: 0, after: 0 }, { signal })).entries;
    } catch (error) {
      if (error instanceof ORPCError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  async #search(
    direction: Direction,
    limit: number,
    signal: AbortSignal,
    narrow: { cursor?: string; start?: number; end?: number; levels?: readonly LogLevel[] } = {},
  ): Promise<SearchedChunk> {
    if (this.#request === null) throw new Error('LogFeed searches before open()');
    const { query, span, live } = this.#request;
    const request = {
      query: narrow.levels === undefined ? query : { ...query, levels: narrow.levels },
      span: { start: narrow.start ?? span.start, end: narrow.end ?? (live ? Date.now() : span.end) },
      direction,
      limit,
      ...(narrow.cursor !== undefined && { cursor: narrow.cursor }),
    };
    return searchChunk(this.#client, request, signal);
  }

  /** Lines between the search and the start of the stream, which neither has told of. */
  async #catchUp(): Promise<void> {
    const { window, status } = this.store.getState();
    const cursor = window.entries.at(-1)?.id;
    if (status !== 'ready' || window.newerCursor !== null || cursor === undefined) return;
    const missed = await this.#search('forward', EXTEND_LINES, this.#tailing.signal, { cursor });
    this.#take(missed.entries, 0);
    if (missed.cursor !== null) {
      const latest = this.store.getState().window;
      this.store.setState({ window: { ...latest, newerCursor: missed.cursor } });
    }
  }

  readonly #flush = (): void => {
    this.#flushTimer = null;
    if (this.#buffer.isEmpty) return;
    // An answer that is on its way may hold these lines too, so they wait for it.
    if (this.#isOpening || this.#extending?.direction === 'forward') {
      this.#flushTimer = setTimeout(this.#flush, FLUSH_MS);
      return;
    }
    const { entries, skipped } = this.#buffer.take();
    this.#take(entries, skipped);
  };

  #take(entries: readonly LogEntry[], skipped: number): void {
    const { window, fresh } = this.store.getState();
    let next: LogWindow;
    if (skipped === 0) next = appendTail(window, entries, this.#following);
    else if (this.#following) {
      // Lines are missing in between: the window starts anew at the end, and the store has the rest.
      const total = window.total + skipped + entries.length;
      next = openWindow({ entries, cursor: entries[0]?.id ?? null }, NO_LINES, total, total);
      next = { ...next, shift: window.shift };
    } else {
      const newerCursor = window.newerCursor ?? window.entries.at(-1)?.id ?? null;
      next = { ...window, total: window.total + skipped + entries.length, newerCursor };
    }
    const added = Math.max(0, next.total - window.total);
    if (next === window) return;
    this.#arrived += added;
    this.store.setState({ window: next, fresh: this.#following ? 0 : fresh + added });
  }

  #total(): number | null {
    const { counts } = this.store.getState();
    return counts === null ? null : totalOf(counts, this.#request?.query.levels ?? []) + this.#arrived;
  }

  /** Counts have come after the lines: the scrollbar learns where the window stands, and the lines stay. */
  #place(counts: LogCounts): void {
    const { window, status } = this.store.getState();
    const first = window.entries[0];
    if (status !== 'ready' || this.#isOpening || first === undefined) return;
    this.#placed = true;
    const levels = this.#request?.query.levels ?? [];
    const total = totalOf(counts, levels) + this.#arrived;
    this.store.setState({ window: placeWindow(window, indexOfTime(counts, levels, first.at), total) });
  }
}

function stoppedBy(chunk: SearchedChunk, direction: Direction): Stopped | null {
  if (chunk.complete || chunk.cursor === null) return null;
  const reachedAt = chunk.entries.at(direction === 'backward' ? 0 : -1)?.at ?? null;
  return { direction, reachedAt, scanned: chunk.scanned };
}
