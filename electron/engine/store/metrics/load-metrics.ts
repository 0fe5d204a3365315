import type { Labels } from '../../../../shared/model/labels.ts';
import type { Log } from '../../log.ts';
import type { MetricTables } from './metric-tables.ts';
import { replayBatch } from './sample-log.ts';
import { insertSample } from './series-group.ts';
import type { SeriesIndex } from './series-index.ts';

/**
 * Fill an empty index from the database: series, chunks that wait to be merged, and the heads, from the batches that are not
 * in chunks yet. History itself is not read.
 *
 * @returns the sequence number of the newest batch there has been
 */
export function loadMetrics(tables: MetricTables, index: SeriesIndex, log: Log, nowMs: number): number {
  const { db } = tables;
  for (const row of db.prepare('SELECT id, group_id, labels, first_ms, last_ms FROM series ORDER BY id').iterate()) {
    const labels = parseLabels(String(row['labels']));
    if (labels === null) {
      log('error', `Series ${String(row['id'])} of the metrics database has damaged labels; it is left out.`, {
        series: Number(row['id']),
      });
      continue;
    }
    index.restore(Number(row['id']), Number(row['group_id']), labels, Number(row['first_ms']), Number(row['last_ms']));
  }
  for (const row of db
    .prepare('SELECT id, group_id, samples FROM chunk WHERE is_small = 1 ORDER BY start_ms, id')
    .iterate()) {
    index.groups.get(Number(row['group_id']))?.smallChunks.push({
      id: Number(row['id']),
      samples: Number(row['samples']),
    });
  }
  index.skipIds(lastId(tables, 'series'), lastId(tables, 'series_group'));
  replayLog(tables, index, log, nowMs);
  // A chunk may have been made when there was nothing to log, under a number that no batch has.
  const covered = tables.number('SELECT max(covered_sequence) FROM series_group') ?? 0;
  return Math.max(lastId(tables, 'sample_batch'), covered);
}

/** What MetricTables.insertSeries wrote; null when it is something else. */
function parseLabels(text: string): Labels | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every((part) => typeof part === 'string') ? parsed : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function replayLog(tables: MetricTables, index: SeriesIndex, log: Log, nowMs: number): void {
  const { db } = tables;
  const covered = new Map<number, number>();
  for (const row of db.prepare('SELECT id, covered_sequence FROM series_group').iterate()) {
    covered.set(Number(row['id']), Number(row['covered_sequence']));
  }
  for (const row of db.prepare('SELECT sequence, raw_size, data FROM sample_batch ORDER BY sequence').iterate()) {
    const sequence = Number(row['sequence']);
    try {
      replayBatch(row['data'] as Uint8Array, Number(row['raw_size']), (id, timestampMs, value, isStale) => {
        const series = index.byId(id);
        if (series === undefined) return; // gone by retention since
        const { group, slot } = series;
        if (sequence <= (covered.get(group.id) ?? 0)) return;
        if (group.headSequence === 0) {
          group.headSequence = sequence;
          group.headSinceMs = nowMs;
        }
        insertSample(group, slot, timestampMs, value, isStale);
        if (timestampMs < series.firstMs) series.firstMs = timestampMs;
        if (timestampMs > series.lastMs) series.lastMs = timestampMs;
      });
    } catch (error) {
      log('error', `Batch ${String(sequence)} of the metrics database is damaged; its samples are left out.`, {
        batch: sequence,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }
}

/** The largest id that a table has given out, rows deleted since included. */
function lastId(tables: MetricTables, table: string): number {
  return tables.number(`SELECT seq FROM sqlite_sequence WHERE name = '${table}'`) ?? 0;
}
