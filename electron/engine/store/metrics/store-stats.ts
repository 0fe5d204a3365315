import type { MetricTables } from './metric-tables.ts';
import type { SeriesIndex } from './series-index.ts';
import type { SeriesLimits, SeriesUse } from './series-limits.ts';

export interface MetricStoreStats {
  /** Series that have samples, and those of them with samples in the head. */
  readonly series: number;
  readonly headSeries: number;
  /** Samples that are in memory, and in the log of batches, but in no chunk yet. */
  readonly headSamples: number;
  readonly uncommittedSamples: number;
  readonly chunks: number;
  readonly batches: number;
  /** The database's size, without pages that are free to be used again. */
  readonly sizeBytes: number;
  /** Epoch milliseconds; null when there are no samples. */
  readonly oldestSampleMs: number | null;
  readonly newestSampleMs: number | null;
  /** Since the start of the store: samples older than their series' newest one, taken in or too old. */
  readonly outOfOrderAccepted: number;
  readonly outOfOrderRefused: number;
  /** Since the start: samples left out because there was another value at the same time. */
  readonly conflicting: number;
  /** How near to its limit the fullest metric and target are, and all series together. */
  readonly seriesUse: readonly SeriesUse[];
  /** The most series there may be, and how often a new one was refused since the start, by the limit that was reached. */
  readonly seriesLimit: number;
  readonly seriesRefused: Readonly<Record<keyof SeriesLimits, number>>;
  /** Samples of refused series, dropped. */
  readonly samplesOfRefused: number;
}

export function readStats(
  tables: MetricTables,
  index: SeriesIndex,
): Pick<
  MetricStoreStats,
  'series' | 'headSeries' | 'headSamples' | 'chunks' | 'batches' | 'sizeBytes' | 'oldestSampleMs' | 'newestSampleMs'
> {
  let [headSeries, headSamples, oldestMs, newestMs] = [0, 0, Infinity, -Infinity];
  for (const group of index.groups.values()) {
    const counts = [...group.counts, ...[...group.loose.values()].map(({ count }) => count)];
    headSeries += counts.filter((count) => count > 0).length;
    headSamples += counts.reduce((sum, count) => sum + count, 0);
    for (const series of group.members) {
      if (series?.isPresent !== true) continue;
      oldestMs = Math.min(oldestMs, series.firstMs);
      newestMs = Math.max(newestMs, series.lastMs);
    }
  }
  const { total, free, sizeBytes } = tables.pages();
  return {
    series: index.size,
    headSeries,
    headSamples,
    chunks: tables.number('SELECT count(*) FROM chunk') ?? 0,
    batches: tables.number('SELECT count(*) FROM sample_batch') ?? 0,
    sizeBytes: (total - free) * sizeBytes,
    oldestSampleMs: Number.isFinite(oldestMs) ? oldestMs : null,
    newestSampleMs: Number.isFinite(newestMs) ? newestMs : null,
  };
}
