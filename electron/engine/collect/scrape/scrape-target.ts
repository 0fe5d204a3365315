import type { Clock, Tick } from '../../schedule/index.ts';
import { isSleptThrough } from '../../schedule/index.ts';
import type { RowSink } from '../sample-sink.ts';
import type { ScrapeTarget } from './build-targets.ts';
import type { TargetConnection } from './fetch-exposition.ts';
import { createLineCache } from './line-cache.ts';
import type { MetadataMap } from './metadata.ts';
import { parseExposition } from './parse-exposition.ts';
import type { ExpositionColumns } from './parse-exposition.ts';
import { createSeriesResolver, reportRefs } from './tracked-series.ts';
import type { TrackedSeries } from './tracked-series.ts';

/** Scrapes one target again and again and remembers what its series were. */
export interface TargetScraper {
  /** One scrape: samples, the series about the scrape itself, and stale markers for what is gone, all into the sink. */
  scrape(tick: Tick): Promise<void>;
  state(): TargetState;
  readonly metadata: MetadataMap;
  /** The target is no longer wanted: end all its series at `timestampMs`. */
  endSeries(timestampMs: number): void;
}

/** How the last scrape went. */
export interface TargetState {
  readonly health: 'up' | 'down' | 'unknown';
  /** Empty when it went well. */
  readonly lastError: string;
  /** Epoch milliseconds; null before the first scrape. */
  readonly lastScrapeAt: number | null;
  readonly lastScrapeDurationMs: number;
  /** Samples in the last good scrape. */
  readonly samples: number;
}

export interface TargetScraperOptions {
  readonly target: ScrapeTarget;
  readonly connection: TargetConnection;
  readonly sink: RowSink;
  /** Shared by all targets of a thread: reading and appending happen in one go. */
  readonly columns: ExpositionColumns<TrackedSeries>;
  readonly clock: Clock;
}

/** A sample from further in the future is refused: one target with a wrong clock must not shift the end of history. */
const MOST_AHEAD_MS = 10 * 60_000;

interface Outcome {
  readonly error: string;
  readonly scraped: number;
  readonly kept: number;
  readonly added: number;
}

export function createTargetScraper(options: TargetScraperOptions): TargetScraper {
  const { target, connection, sink, columns, clock } = options;
  const { config } = target;
  const cache = createLineCache<TrackedSeries>();
  const metadata: MetadataMap = new Map();
  const resolver = createSeriesResolver(config, target.labels, sink);
  const reports = reportRefs(target.labels, sink);
  let live: TrackedSeries[] = [];
  /** Series that ended with a failed scrape; most come back with the next good one. */
  let ended: TrackedSeries[] = [];
  let scrapeNumber = 0;
  /** The series of the last scrape in their order, when each was there once and none brought its own time. */
  let row: Float64Array | null = null;
  let state: TargetState = {
    health: 'unknown',
    lastError: '',
    lastScrapeAt: null,
    lastScrapeDurationMs: 0,
    samples: 0,
  };

  /** Write the samples that `columns` hold, and the end of the series that were there before and are not now. */
  function append(timestampMs: number): Outcome {
    const { count, series, values, timestampsMs } = columns;
    if (row !== null && columns.isRepeat && !columns.hasTimestamps) {
      sink.appendRow(row, timestampMs, values.subarray(0, count));
      return { error: '', scraped: count, kept: count, added: 0 };
    }
    scrapeNumber++;
    const latestMs = clock.now() + MOST_AHEAD_MS;
    let kept = 0;
    let added = 0;
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const one = series[i] as TrackedSeries; // the columns hold `count` places
      const ownMs = config.honorTimestamps ? (timestampsMs[i] as number) : NaN;
      const hasOwnTime = !Number.isNaN(ownMs);
      const isRepeated = one.seenIn === scrapeNumber;
      if ((isRepeated && !hasOwnTime) || ownMs > latestMs) continue;
      if (one.isStale) added++;
      if (!isRepeated) seen++;
      one.seenIn = scrapeNumber;
      one.isStale = false;
      one.hasOwnTime = hasOwnTime;
      sink.append(one.ref, hasOwnTime ? ownMs : timestampMs, values[i] as number);
      kept++;
    }
    if (added > 0 || seen !== live.length) {
      endUnseen(timestampMs);
      for (const one of [...live, ...ended]) if (one.seenIn !== scrapeNumber) resolver.forget(one);
      ended = [];
      const alive = new Set<TrackedSeries>();
      for (let i = 0; i < count; i++) {
        const one = series[i] as TrackedSeries;
        if (one.seenIn === scrapeNumber) alive.add(one);
      }
      live = [...alive];
    }
    const isRow = kept === count && seen === count && !columns.hasTimestamps;
    row = isRow ? Float64Array.from({ length: count }, (_, i) => (series[i] as TrackedSeries).ref) : null;
    return { error: '', scraped: count, kept, added };
  }

  function endUnseen(timestampMs: number): void {
    for (const one of live) {
      if (one.seenIn === scrapeNumber) continue;
      one.isStale = true;
      if (!one.hasOwnTime) sink.appendStale(one.ref, timestampMs);
    }
  }

  function fail(error: string, timestampMs: number): Outcome {
    scrapeNumber++;
    endUnseen(timestampMs);
    ended = [...ended, ...live];
    live = [];
    row = null;
    return { error, scraped: 0, kept: 0, added: 0 };
  }

  async function collect(tick: Tick): Promise<Outcome | null> {
    const fetched = await connection.fetch(tick.signal);
    // Asleep or removed meanwhile: whatever came of it says nothing about the target.
    if (tick.signal.aborted && !isTimeout(tick.signal)) return null;
    if (!fetched.ok) return fail(fetched.message, tick.scheduledAt);
    const parsed = parseExposition(fetched.body, {
      format: fetched.format,
      cache,
      metadata,
      columns,
      resolve: resolver.resolve,
    });
    connection.giveBack(fetched.body);
    if (!parsed.ok) {
      const { line, message } = parsed.problem;
      return fail(
        `${target.url} answered something that is no exposition: line ${String(line)}: ${message}.`,
        tick.scheduledAt,
      );
    }
    if (config.sampleLimit > 0 && columns.count > config.sampleLimit) {
      const counts = `${String(columns.count)} samples, over the limit of ${String(config.sampleLimit)}`;
      return { ...fail(`${target.url} exposes ${counts} (sample_limit).`, tick.scheduledAt), scraped: columns.count };
    }
    return append(tick.scheduledAt);
  }

  return {
    async scrape(tick) {
      const startedAt = clock.monotonic();
      const outcome = await collect(tick);
      if (outcome === null) return;
      const durationMs = clock.monotonic() - startedAt;
      const isUp = outcome.error === '';
      const figures = [isUp ? 1 : 0, durationMs / 1000, outcome.scraped, outcome.kept, outcome.added];
      for (const [i, ref] of reports.entries()) sink.append(ref, tick.scheduledAt, figures[i] ?? 0);
      state = {
        health: isUp ? 'up' : 'down',
        lastError: outcome.error,
        lastScrapeAt: tick.scheduledAt,
        lastScrapeDurationMs: durationMs,
        samples: isUp ? outcome.kept : state.samples,
      };
    },
    state: () => state,
    metadata,
    endSeries(timestampMs) {
      fail('', timestampMs);
      if (state.lastScrapeAt !== null) for (const ref of reports) sink.appendStale(ref, timestampMs);
    },
  };
}

function isTimeout(signal: AbortSignal): boolean {
  return !isSleptThrough(signal) && (signal.reason as { name?: string } | undefined)?.name === 'TimeoutError';
}
