import { ORPCError } from '@orpc/client';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LogEntry, LogLevel } from '../../../../shared/contract/logs.ts';
import type { Client } from '../../../api/client.ts';
import type { TimeSpan } from '../../../range/time-range.ts';
import { indexOfTime, timeOfIndex, totalOf, type LogCounts } from '../histogram/counts.ts';
import { extendNewer, extendOlder, nextOfLevels, placeWindow, WINDOW_LINES } from '../list/log-window.ts';
import { INITIAL_FEED, stoppedBy, type FeedRequest, type FeedState } from './feed-state.ts';
import { followTail } from './follow-tail.ts';
import {
  OPEN_LINES,
  openAtEnd,
  openAtIndex,
  openAtLine,
  openAtStart,
  type Narrow,
  type OpenContext,
  type Opened,
} from './open-at.ts';
import { filterOf, searchChunk, type Direction, type SearchedChunk } from './search-chunk.ts';
import { TailBuffer } from './tail-buffer.ts';
import { takeLines } from './take-lines.ts';

const EXTEND_LINES = 1000;
/** Nearer than this to an end of the window, more is asked for. */
const NEAR_END_ROWS = 400;
const BUCKETS = 120;
const JUMP_DELAY_MS = 60;
const FLUSH_MS = 100;

/** What the log page shows: holds a window of the result, asks for more where the view goes, takes in live lines. */
export class LogFeed {
  readonly store: StoreApi<FeedState> = createStore(() => INITIAL_FEED);
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
  /** The first count of this search, by which places are estimated; later ones are for the histogram alone. */
  #counts: LogCounts | null = null;
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
    this.#counts = null;
    this.store.setState({ stopped: null, fresh: 0 });
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
      this.#counts ??= counts;
      this.#place();
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
    await this.#open(openAtEnd);
  }

  /** Show the oldest lines. */
  async openStart(): Promise<void> {
    await this.#open(openAtStart);
  }

  /** Show the lines around a place in the result. */
  async openIndex(index: number): Promise<void> {
    const { window } = this.store.getState();
    const counts = this.#counts;
    if (counts === null) return;
    const isNearEnd = index >= window.total - OPEN_LINES / 4;
    const at = Math.round(timeOfIndex(counts, this.#levels(), index));
    await this.#open(isNearEnd ? openAtEnd : async (context) => openAtIndex(context, index, at));
  }

  /** Show a line and what comes before and after it. */
  async openLine(id: string): Promise<void> {
    await this.#open(async (context) => openAtLine(context, id));
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
    const held = nextOfLevels(window, levels, direction, from);
    if (held !== null) return held;
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

  async #open(load: (context: OpenContext) => Promise<Opened>): Promise<void> {
    this.#opening.abort();
    this.#extending?.abort.abort();
    this.#opening = new AbortController();
    const { signal } = this.#opening;
    this.#isOpening = true;
    if (this.store.getState().window.entries.length === 0) this.store.setState({ status: 'loading' });
    try {
      const opened = await load({
        search: async (direction, limit, narrow) => this.#search(direction, limit, signal, narrow),
        entry: async (id) => this.#entry(id, signal),
        total: () => this.#total(),
        before: (at) => (this.#counts === null ? null : indexOfTime(this.#counts, this.#levels(), at)),
      });
      if (signal.aborted) return;
      const session = this.store.getState().session + 1;
      this.store.setState({ ...opened, session, status: 'ready', error: null, fresh: 0 });
      this.#isOpening = false;
      this.#place();
    } catch (error) {
      if (signal.aborted) return;
      this.#isOpening = false;
      this.store.setState({ status: 'failed', error });
    }
  }

  async #entry(id: string, signal: AbortSignal): Promise<LogEntry | null> {
    try {
      return (await this.#client.logs.around({ id, before: 0, after: 0 }, { signal })).entries[0] ?? null;
    } catch (error) {
      if (error instanceof ORPCError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  async #search(
    direction: Direction,
    limit: number,
    signal: AbortSignal,
    narrow: Narrow & { readonly levels?: readonly LogLevel[] } = {},
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
    const next = takeLines(window, { entries, skipped }, this.#following);
    if (next === window) return;
    const added = Math.max(0, next.total - window.total);
    this.#arrived += added;
    this.store.setState({ window: next, fresh: this.#following ? 0 : fresh + added });
  }

  #levels(): readonly LogLevel[] {
    return this.#request?.query.levels ?? [];
  }

  #total(): number | null {
    return this.#counts === null ? null : totalOf(this.#counts, this.#levels()) + this.#arrived;
  }

  /** Counts may come after the lines: the scrollbar learns where the window stands, and the lines stay. */
  #place(): void {
    const { window, status } = this.store.getState();
    const first = window.entries[0];
    const total = this.#total();
    if (this.#placed || this.#counts === null || total === null) return;
    if (status !== 'ready' || this.#isOpening || first === undefined) return;
    this.#placed = true;
    const before = indexOfTime(this.#counts, this.#levels(), first.at);
    this.store.setState({ window: placeWindow(window, before, total) });
  }
}
