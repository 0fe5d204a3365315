import type { StatementSync } from 'node:sqlite';
import type { Labels } from '../../../../shared/model/labels.ts';
import type { Log } from '../../log.ts';
import type { MetricTables } from './metric-tables.ts';
import { replayLog } from './replay-log.ts';
import type { SeriesIndex } from './series-index.ts';

/**
 * Fill an empty index from the database: series, chunks that wait to be merged, and the heads, from the batches that are not
 * in chunks yet. History itself is not read.
 *
 * @returns the sequence number of the newest batch there has been
 */
export function loadMetrics(tables: MetricTables, index: SeriesIndex, log: Log, nowMs: number): number {
  const { db } = tables;
  const series = db.prepare('SELECT id, group_id, labels, first_ms, last_ms FROM series ORDER BY id');
  for (const [id, groupId, text, firstMs, lastMs] of rows<[number, number, string, number, number]>(series)) {
    const labels = parseLabels(text);
    if (labels === null) {
      log('error', `Series ${String(id)} of the metrics database has damaged labels; it is left out.`, { series: id });
      continue;
    }
    index.restore(id, groupId, labels, firstMs, lastMs);
  }
  const chunks = db.prepare('SELECT id, group_id, samples FROM chunk WHERE is_small = 1 ORDER BY start_ms, id');
  for (const [id, groupId, samples] of rows<[number, number, number]>(chunks)) {
    index.groups.get(groupId)?.smallChunks.push({ id, samples });
  }
  index.skipIds(lastId(tables, 'series'), lastId(tables, 'series_group'));
  replayLog(tables, index, log, nowMs);
  // A chunk may have been made when there was nothing to log, under a number that no batch has.
  const covered = tables.number('SELECT max(covered_sequence) FROM series_group') ?? 0;
  return Math.max(lastId(tables, 'sample_batch'), covered);
}

/** Rows as arrays, which the types of node:sqlite do not say; a third of the time that objects take. */
function rows<Row>(statement: StatementSync): Iterable<Row> {
  statement.setReturnArrays(true);
  return statement.iterate() as unknown as Iterable<Row>;
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

/** The largest id that a table has given out, rows deleted since included. */
function lastId(tables: MetricTables, table: string): number {
  return tables.number(`SELECT seq FROM sqlite_sequence WHERE name = '${table}'`) ?? 0;
}
