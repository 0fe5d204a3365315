import type { Labels } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';
import type { SampleSink } from '../../collect/sample-sink.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import { openDatabase } from '../open-database.ts';
import { ChunkReader } from './chunk-reader.ts';
import { type AfterCommit, cutHead, dueWork, haste, mergeChunks } from './chunk-work.ts';
import { labelNamesInRange, labelValuesInRange, seriesInRange } from './label-queries.ts';
import { loadMetrics } from './load-metrics.ts';
import { METRIC_MIGRATIONS, MetricTables } from './metric-tables.ts';
import { type MetricRetention, retainSlice, type RetentionSlice } from './retain-metrics.ts';
import { SampleBatch } from './sample-log.ts';
import { RollupReader } from './rollup-reader.ts';
import { RollupTables } from './rollup-tables.ts';
import { ROLL_UP_AFTER_MS, rollUpChunk } from './rollup-work.ts';
import type { SampleSource, SelectHint, SeriesColumns } from './sample-source.ts';
import { selectSamples } from './select-samples.ts';
import { insertSample, type Series, type SeriesGroup } from './series-group.ts';
import { SeriesIndex } from './series-index.ts';
import { DEFAULT_SERIES_LIMITS, REFUSED_REF, SeriesGuard, type SeriesLimits, seriesUse } from './series-limits.ts';
import { type MetricStoreStats, readStats } from './store-stats.ts';

export interface MetricStoreOptions {
  /** The database file, or `:memory:`. */
  readonly file: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly retention: MetricRetention;
  /** How many series there may be; {@link DEFAULT_SERIES_LIMITS}. */
  readonly limits?: SeriesLimits;
  /** How much older than its series' newest sample a sample may be; 10 minutes. `Infinity` to import history. */
  readonly outOfOrderWindowMs?: number;
  /** How long a commit may go on making chunks, in milliseconds; 4. */
  readonly commitBudgetMs?: number;
  /** Look only, as it was at the opening, while another process may go on writing. */
  readonly readOnly?: boolean;
  /** Closes the store, with a last commit. */
  readonly signal?: AbortSignal;
}

export interface MetricStore extends SampleSink, SampleSource {
  /** Where a damaged database was moved to at the start, when there was one. */
  readonly setAside: string | null;
  /**
   * Make everything appended so far safe from the end of this process. To be called each second; also makes chunks of what
   * has gathered, a few milliseconds' worth per call. When it throws (disk full) nothing is lost yet: call it again.
   */
  commit(): void;
  /** Delete a bounded number of what is too old or too much. */
  enforceRetention(): RetentionSlice;
  /** Go by other rules from now on: what is kept, and how many series are taken. */
  configure(rules: StoreRules): void;
  stats(): MetricStoreStats;
  /** Since the start; cheap enough to ask around every write. */
  refused(): RefusedSamples;
  /** The labels of a series; null for a number that stands for none. */
  labelsOf(ref: number): Labels | null;
  /** Commit and close. Safe to call twice. */
  close(): void;
}

/** What may change while the store is open. */
export interface StoreRules {
  readonly retention: MetricRetention;
  readonly limits: SeriesLimits;
}

/** How many samples were left out: too old for the window, with another value than the one at their time, or of a refused series. */
export interface RefusedSamples {
  readonly tooOld: number;
  readonly conflicting: number;
  readonly beyondLimit: number;
}

const OUT_OF_ORDER_WINDOW_MS = 10 * 60_000;
const COMMIT_BUDGET_MS = 4;
/** Chunks waste half a page on average behind their end, of some 12 kB. */
const PAGE_SIZE_BYTES = 1024;

/** Open the history of metrics. Everything happens in the calling thread. @throws as `openDatabase` does */
export function openMetricStore(options: MetricStoreOptions): MetricStore {
  const { file, log, clock, signal } = options;
  let index = new SeriesIndex();
  let lastSequence = 0;
  const database = openDatabase(file, {
    migrations: METRIC_MIGRATIONS,
    log,
    clock,
    pageSizeBytes: PAGE_SIZE_BYTES,
    readOnly: options.readOnly ?? false,
    verify(db) {
      // All reads see one state then, whatever the writer merges or deletes meanwhile.
      if (options.readOnly === true) db.exec('BEGIN');
      index = new SeriesIndex();
      lastSequence = loadMetrics(new MetricTables(db), index, log, clock.now());
    },
  });
  const store = new SqliteMetricStore(options, new MetricTables(database.db), index, lastSequence, database);
  const close = (): void => {
    store.close();
  };
  if (signal?.aborted === true) close();
  else signal?.addEventListener('abort', close, { once: true });
  return store;
}

class SqliteMetricStore implements MetricStore {
  readonly setAside: string | null;
  readonly #guard: SeriesGuard;
  readonly #clock: Clock;
  #retention: MetricRetention;
  readonly #windowMs: number;
  readonly #budgetMs: number;
  readonly #tables: MetricTables;
  readonly #index: SeriesIndex;
  readonly #chunks: ChunkReader;
  readonly #rollupTables: RollupTables;
  readonly #rollups: RollupReader;
  readonly #closeDatabase: () => void;
  readonly #pending = new SampleBatch();
  /** Series whose rows are still to be written. */
  #newSeries: Series[] = [];
  #sequence: number;
  #refused = 0;
  #reordered = 0;
  #conflicting = 0;
  #dropped = 0;
  #isClosed = false;
  readonly #isReadOnly: boolean;

  constructor(
    options: MetricStoreOptions,
    tables: MetricTables,
    index: SeriesIndex,
    lastSequence: number,
    database: { readonly setAside: string | null; close(): void },
  ) {
    this.setAside = database.setAside;
    this.#clock = options.clock;
    this.#isReadOnly = options.readOnly ?? false;
    this.#guard = new SeriesGuard(options.limits ?? DEFAULT_SERIES_LIMITS, options.log, options.clock);
    this.#retention = options.retention;
    this.#windowMs = options.outOfOrderWindowMs ?? OUT_OF_ORDER_WINDOW_MS;
    this.#budgetMs = options.commitBudgetMs ?? COMMIT_BUDGET_MS;
    this.#tables = tables;
    this.#index = index;
    this.#chunks = new ChunkReader(options.log);
    this.#rollupTables = new RollupTables(tables.db);
    this.#rollups = new RollupReader(this.#rollupTables, this.#chunks);
    this.#closeDatabase = () => {
      database.close();
    };
    this.#sequence = lastSequence + 1;
  }

  ref(labels: Labels): number {
    if (this.#guard.refuses(labels, this.#index)) return REFUSED_REF;
    const series = this.#index.obtain(labels);
    series.isHeld = true;
    return series.id;
  }

  append(ref: number, timestampMs: number, value: number): void {
    this.#append(ref, timestampMs, value, false);
  }

  appendStale(ref: number, timestampMs: number): void {
    this.#append(ref, timestampMs, NaN, true);
  }

  #append(ref: number, timestampMs: number, value: number, isStale: boolean): void {
    if (ref === REFUSED_REF) {
      this.#dropped++;
      return;
    }
    const series = this.#index.byId(ref);
    if (series === undefined) throw new RangeError(`no series has the number ${String(ref)}`);
    if (!Number.isFinite(timestampMs) || timestampMs < series.lastMs - this.#windowMs) {
      this.#refused++;
      return;
    }
    const { group } = series;
    const outcome = insertSample(group, series.slot, timestampMs, value, isStale);
    if (outcome !== 'added') {
      if (outcome === 'conflicting') this.#conflicting++;
      return;
    }
    if (timestampMs < series.lastMs) this.#reordered++;
    if (timestampMs < series.firstMs) series.firstMs = timestampMs;
    if (timestampMs > series.lastMs) series.lastMs = timestampMs;
    if (group.headSequence === 0) {
      group.headSequence = this.#sequence;
      group.headSinceMs = this.#clock.now();
    }
    if (!series.isPresent) {
      this.#index.setPresent(series);
      this.#newSeries.push(series);
    }
    this.#pending.push(ref, timestampMs, value, isStale);
  }

  commit(): void {
    if (this.#isClosed || this.#isReadOnly) return;
    const work = dueWork(this.#index.groups.values(), this.#clock.now());
    if (this.#pending.count === 0 && work.length === 0 && this.#nextToRollUp() === null) return;
    const untilMs = this.#clock.monotonic() + this.#budgetMs * haste(work);
    const isInTime = (): boolean => this.#clock.monotonic() < untilMs;
    const changed = new Set<number>();
    const after: AfterCommit[] = [];
    this.#tables.transaction(() => {
      this.#writePending();
      const cut = new Set<SeriesGroup>();
      for (const { kind, group, isOverdue } of work) {
        if (after.length > 0 && !isInTime() && !isOverdue) break;
        changed.add(group.id);
        if (kind === 'cut') {
          after.push(cutHead(group, this.#sequence, this.#tables));
          cut.add(group);
        } else after.push(mergeChunks(group, this.#tables, this.#chunks));
      }
      if (work.length <= after.length) this.#rollUpSome(isInTime, changed);
      if (cut.size > 0) this.#tables.deleteBatchesBefore(this.#oldestNeeded(cut));
    });
    // Memory follows only now: had the transaction failed, the next commit would find everything as it was.
    for (const apply of after) apply();
    for (const id of changed) this.#rollups.changed(id, this.#retention.rollupAgeMs !== undefined);
    for (const { group } of this.#newSeries) group.isStored = true;
    this.#newSeries = [];
    this.#pending.clear();
    this.#sequence++;
  }

  /** At least one chunk, so that a slow machine gets on as well, and as many as there is time for. */
  #rollUpSome(isInTime: () => boolean, changed: Set<number>): void {
    for (let row = this.#nextToRollUp(); row !== null; row = isInTime() ? this.#nextToRollUp() : null) {
      rollUpChunk(row.id, row.groupId, this.#chunks.read(row), this.#rollupTables, this.#chunks);
      changed.add(row.groupId);
    }
  }

  #nextToRollUp(): ReturnType<RollupTables['nextUnrolled']> {
    if (this.#retention.rollupAgeMs === undefined) return null;
    return this.#rollupTables.nextUnrolled(this.#clock.now() - ROLL_UP_AFTER_MS);
  }

  #writePending(): void {
    if (this.#pending.count === 0) return;
    for (const series of this.#newSeries) {
      if (!series.group.isStored) this.#tables.insertGroup(series.group, this.#sequence - 1);
      this.#tables.insertSeries(series);
    }
    const { data, rawSizeBytes } = this.#pending.encode();
    this.#tables.insertBatch(this.#sequence, rawSizeBytes, data);
  }

  /** The oldest batch that holds a sample which is in no chunk, the groups that are just being cut aside. */
  #oldestNeeded(cut: ReadonlySet<SeriesGroup>): number {
    let oldest = this.#sequence + 1;
    for (const group of this.#index.groups.values()) {
      if (group.headSequence > 0 && !cut.has(group)) oldest = Math.min(oldest, group.headSequence);
    }
    return oldest;
  }

  select(matchers: readonly Matcher[], startMs: number, endMs: number, hint?: SelectHint): SeriesColumns[] {
    return [...this.#read(matchers, startMs, endMs, hint, false)];
  }

  each(matchers: readonly Matcher[], startMs: number, endMs: number, hint?: SelectHint): Iterable<SeriesColumns> {
    return this.#read(matchers, startMs, endMs, hint, true);
  }

  #read(
    matchers: readonly Matcher[],
    startMs: number,
    endMs: number,
    hint: SelectHint | undefined,
    reusesValues: boolean,
  ): Iterable<SeriesColumns> {
    const wanted = this.#index.find(matchers);
    return selectSamples(wanted, startMs, endMs, this.#tables, this.#chunks, this.#rollups, hint, reusesValues);
  }

  series(selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): Labels[] {
    return seriesInRange(this.#index, selectors, startMs, endMs).map(({ labels }) => labels);
  }

  labelNames(selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): string[] {
    return labelNamesInRange(this.#index, selectors, startMs, endMs);
  }

  labelValues(name: string, selectors: readonly (readonly Matcher[])[], startMs: number, endMs: number): string[] {
    return labelValuesInRange(this.#index, name, selectors, startMs, endMs);
  }

  enforceRetention(): RetentionSlice {
    if (this.#isClosed) return { deletedChunks: 0, deletedSeries: 0, isDone: true };
    // What the log holds must be about series that the database knows before any of them is judged.
    if (this.#newSeries.length > 0) this.commit();
    const store = {
      tables: this.#tables,
      rollupTables: this.#rollupTables,
      rollups: this.#rollups,
      chunks: this.#chunks,
      index: this.#index,
    };
    return retainSlice(store, this.#retention, this.#clock.now());
  }

  configure({ retention, limits }: StoreRules): void {
    this.#retention = retention;
    this.#guard.limits = limits;
  }

  stats(): MetricStoreStats {
    return {
      ...readStats(this.#tables, this.#index),
      uncommittedSamples: this.#pending.count,
      outOfOrderAccepted: this.#reordered,
      outOfOrderRefused: this.#refused,
      conflicting: this.#conflicting,
      seriesLimit: this.#guard.limits.total,
      seriesUse: seriesUse(this.#index, this.#guard.limits),
      seriesRefused: { ...this.#guard.refused },
      samplesOfRefused: this.#dropped,
    };
  }

  refused(): RefusedSamples {
    return { tooOld: this.#refused, conflicting: this.#conflicting, beyondLimit: this.#dropped };
  }

  labelsOf(ref: number): Labels | null {
    return this.#index.byId(ref)?.labels ?? null;
  }

  close(): void {
    if (this.#isClosed) return;
    try {
      this.commit();
    } finally {
      this.#isClosed = true;
      this.#closeDatabase();
    }
  }
}
