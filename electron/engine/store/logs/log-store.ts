import type { NewLogEntry } from '../../collect/parse/log-entry.ts';
import type { LogSink } from '../../collect/tail/log-sink.ts';
import type { RetentionConfig } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import { createBlockSealer } from './block-sealer.ts';
import { DayFiles } from './day-files.ts';
import { compileFilter, matchBlock } from './entry-filter.ts';
import type { EntryFilter, LogSelection } from './entry-filter.ts';
import { countByTime } from './histogram.ts';
import type { LogHistogram } from './histogram.ts';
import { HotLog } from './hot-log.ts';
import { TermCollector } from './index-terms.ts';
import { LogBlock } from './log-block.ts';
import { compareKeys, parseEntryId } from './log-entry.ts';
import type { LogEntry } from './log-entry.ts';
import { planRetention } from './plan-retention.ts';
import { createPace, createSegmentSource } from './scan.ts';
import { filterBeyond, readEntry, searchPage } from './search.ts';
import type { LogDirection, LogPage } from './search.ts';
import { listSources } from './list-sources.ts';
import type { LogSourceSummary } from './list-sources.ts';
import type { QueryProblem } from './text-query.ts';

export interface LogQuery extends LogSelection {
  /** Entries per page, 1–10,000. */
  readonly limit: number;
  /** `backward` is newest first. */
  readonly direction: LogDirection;
  /** `nextCursor` of the page before, or the id of any entry: the page starts beyond it. */
  readonly cursor?: string;
}

export interface SearchOptions {
  /** Stop after this time with what was found. Default 2 s. */
  readonly budgetMs?: number;
  readonly signal?: AbortSignal;
}

export type LogAnswer<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly problem: QueryProblem };

/** Lines around one, oldest first. */
export interface LogContext {
  readonly entries: readonly LogEntry[];
  /** Position of the entry that was asked for. */
  readonly index: number;
}

export interface LogStoreStats {
  /** Entries that can be found, sealed and not. */
  readonly entries: number;
  readonly unsealedEntries: number;
  readonly dayFiles: number;
  readonly sizeBytes: number;
  /** Entries taken in since the store was opened. */
  readonly appendedEntries: number;
  readonly lastSequence: number;
}

export interface LogStore extends LogSink {
  append(entries: readonly NewLogEntry[]): void;
  commit(checkpoints?: ReadonlyMap<string, string | null>): void;
  checkpoints(): ReadonlyMap<string, string>;
  search(query: LogQuery, options?: SearchOptions): Promise<LogAnswer<LogPage>>;
  histogram(
    selection: LogSelection,
    options: SearchOptions & { readonly buckets: number },
  ): Promise<LogAnswer<{ readonly histogram: LogHistogram }>>;
  /** `count` entries before and after one; of its own file, or of everything. Null when the entry is gone. */
  around(
    entryId: string,
    count: number,
    options?: SearchOptions & { readonly within?: 'file' | 'everything' },
  ): Promise<LogContext | null>;
  /** Every source and file that has entries. */
  sources(): LogSourceSummary[];
  stats(): LogStoreStats;
  /** Hear of entries that fit, in order, as they are committed; the time range is not looked at. */
  subscribe(
    selection: Omit<LogSelection, 'fromMs' | 'toMs'>,
    onEntries: (entries: readonly LogEntry[]) => void,
  ): LogAnswer<{ readonly stop: () => void }>;
  /** Delete what is too old or too much, now; it also happens by itself. @returns the paths deleted */
  enforceRetention(): string[];
  /** Keep by other rules from now on. */
  configure(rules: Pick<LogStoreOptions, 'retention'>): void;
  /** Commit what was appended and let go of all files. */
  close(): void;
}

export interface LogStoreOptions {
  readonly directory: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly retention: RetentionConfig['logs'];
  /** Entries per sealed block. Larger compresses better, smaller is found faster. */
  readonly blockEntries?: number;
}

interface Subscription {
  readonly filter: EntryFilter;
  readonly onEntries: (entries: readonly LogEntry[]) => void;
}

const DEFAULT_BLOCK_ENTRIES = 4096;
const UPKEEP_INTERVAL_MS = 60_000;
const DEFAULT_BUDGET_MS = 2000;
const MAX_LIMIT = 10_000;

/**
 * Open the store of log entries: `hot.db` for what is not sealed yet, and a database per log type and UTC day. Everything
 * runs on the calling thread; searches give the event loop a turn every few milliseconds.
 *
 * A damaged file is set aside, which is logged with its name; the others go on.
 */
export function openLogStore(options: LogStoreOptions): LogStore {
  const { directory, log, clock } = options;
  let { retention } = options;
  const files = new DayFiles(directory, { log, clock, terms: new TermCollector() });
  const hot = new HotLog(directory, { log, clock });
  const sealer = createBlockSealer({
    hot,
    files,
    clock,
    log,
    blockEntries: options.blockEntries ?? DEFAULT_BLOCK_ENTRIES,
  });
  const source = createSegmentSource(hot, files, log);
  const subscriptions = new Set<Subscription>();
  let appendedEntries = 0;
  let isClosed = false;
  let cancelUpkeep: (() => void) | null = null;
  sealer.reconcile();
  scheduleUpkeep();

  return {
    append(entries) {
      hot.append(entries);
      appendedEntries += entries.length;
    },
    commit,
    checkpoints: () => hot.checkpoints,
    search,
    histogram,
    around,
    sources: () => listSources(hot, files),
    stats,
    subscribe,
    enforceRetention,
    configure(rules) {
      retention = rules.retention;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      cancelUpkeep?.();
      try {
        commit();
      } finally {
        subscriptions.clear();
        hot.close();
        files.close();
      }
    },
  };

  function commit(checkpoints?: ReadonlyMap<string, string | null>): void {
    const grown = hot.commit(checkpoints);
    sealer.sealFull(grown.map(({ day }) => day));
    announce(grown);
  }

  function scheduleUpkeep(): void {
    cancelUpkeep = clock.after(UPKEEP_INTERVAL_MS, () => {
      sealer.sealIdle();
      enforceRetention();
      scheduleUpkeep();
    });
  }

  function announce(grown: ReturnType<HotLog['commit']>): void {
    for (const subscription of subscriptions) {
      const { filter, onEntries } = subscription;
      const entries = grown
        .filter(({ day }) => filter.types?.has(day.type) ?? true)
        .flatMap(({ day, entries: fresh }) => {
          const block = LogBlock.ofEntries(fresh);
          return matchBlock(block, filter).map((index) => ({ block, index, type: day.type }));
        })
        .sort((a, b) => compareKeys(a.block.key(a.index), b.block.key(b.index)))
        .map(({ block, index, type }) => readEntry(block, index, type));
      if (entries.length > 0) onEntries(entries);
    }
  }

  async function search(query: LogQuery, { budgetMs, signal }: SearchOptions = {}): Promise<LogAnswer<LogPage>> {
    const compiled = compileFilter(query, hot.lastSequence);
    if (!compiled.ok) return compiled;
    const filter =
      query.cursor === undefined ? compiled.value : filterBeyond(compiled.value, query.cursor, query.direction);
    if (filter === null) {
      return {
        ok: false,
        problem: { message: `"${String(query.cursor)}" is not a cursor of this store.`, position: 0 },
      };
    }
    const limit = Math.min(MAX_LIMIT, Math.max(1, Math.floor(query.limit)));
    const pace = createPace(clock, budgetMs ?? DEFAULT_BUDGET_MS, signal);
    return { ok: true, ...(await searchPage(source, filter, limit, query.direction, pace)) };
  }

  async function histogram(
    selection: LogSelection,
    { buckets, budgetMs, signal }: SearchOptions & { readonly buckets: number },
  ): Promise<LogAnswer<{ readonly histogram: LogHistogram }>> {
    const compiled = compileFilter(selection, hot.lastSequence);
    if (!compiled.ok) return compiled;
    const pace = createPace(clock, budgetMs ?? DEFAULT_BUDGET_MS, signal);
    return { ok: true, histogram: await countByTime(source, compiled.value, Math.max(1, buckets), pace) };
  }

  async function around(
    entryId: string,
    count: number,
    { within = 'file', budgetMs, signal }: SearchOptions & { readonly within?: 'file' | 'everything' } = {},
  ): Promise<LogContext | null> {
    const key = parseEntryId(entryId);
    if (key === null) return null;
    const pace = createPace(clock, budgetMs ?? DEFAULT_BUDGET_MS, signal);
    const everything = compileFilter({ fromMs: -8.64e15, toMs: 8.64e15 }, hot.lastSequence);
    if (!everything.ok) return null;
    const only = {
      ...everything.value,
      after: { ...key, sequence: key.sequence - 1 },
      before: { ...key, sequence: key.sequence + 1 },
    };
    const [entry] = (await searchPage(source, only, 1, 'forward', pace)).entries;
    if (entry === undefined) return null;
    const near: EntryFilter =
      within === 'everything'
        ? everything.value
        : { ...everything.value, sources: new Set([entry.source]), types: new Set([entry.type]), file: entry.file };
    const limit = Math.min(MAX_LIMIT, Math.floor(count));
    if (limit < 1) return { entries: [entry], index: 0 };
    const before = await searchPage(source, { ...near, before: key }, limit, 'backward', pace);
    const after = await searchPage(source, { ...near, after: key }, limit, 'forward', pace);
    return { entries: [...before.entries.toReversed(), entry, ...after.entries], index: before.entries.length };
  }

  function stats(): LogStoreStats {
    const all = files.all();
    let unsealedEntries = 0;
    for (const pending of hot.pending) unsealedEntries += pending.entries.length;
    let entries = unsealedEntries;
    for (const file of all) {
      for (const header of files.find(file.type, file.day)?.headers() ?? []) entries += header.entryCount;
    }
    return {
      entries,
      unsealedEntries,
      dayFiles: all.length,
      sizeBytes: hot.sizeBytes() + all.reduce((sum, file) => sum + files.sizeBytes(file), 0),
      appendedEntries,
      lastSequence: hot.lastSequence,
    };
  }

  function subscribe(
    selection: Omit<LogSelection, 'fromMs' | 'toMs'>,
    onEntries: (entries: readonly LogEntry[]) => void,
  ): LogAnswer<{ readonly stop: () => void }> {
    const compiled = compileFilter({ ...selection, fromMs: -8.64e15, toMs: 8.64e15 }, Number.MAX_SAFE_INTEGER);
    if (!compiled.ok) return compiled;
    const subscription = { filter: compiled.value, onEntries };
    subscriptions.add(subscription);
    return { ok: true, stop: () => subscriptions.delete(subscription) };
  }

  function enforceRetention(): string[] {
    const known = files.all().map((file) => ({
      file,
      type: file.type,
      day: file.day,
      lastAppendMs: () => files.find(file.type, file.day)?.lastAppendMs() ?? 0,
      sizeBytes: files.sizeBytes(file),
    }));
    const doomed = planRetention(known, retention, clock.now());
    for (const { file } of doomed) files.remove(file);
    if (doomed.length > 0) {
      log('info', `Retention deleted ${String(doomed.length)} log day files.`, { files: doomed.length });
    }
    return doomed.map(({ file }) => file.path);
  }
}
