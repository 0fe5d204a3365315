import type { Log } from '../../log.ts';
import type { MetricTables } from './metric-tables.ts';
import { type BatchColumns, BatchReader } from './sample-log.ts';
import { headRun, insertMoment, type Series, type SeriesGroup } from './series-group.ts';
import type { SeriesIndex } from './series-index.ts';

const REMEMBERED_LAYOUTS = 64;

/** Where the samples of a batch go: runs of neighbours of one group, and the slot of each. */
interface Layout {
  readonly ids: Float64Array;
  readonly slots: Int32Array;
  readonly runs: readonly { readonly group: SeriesGroup; readonly from: number; readonly to: number }[];
}

/**
 * Fill the heads from the log's batches, column by column: one scrape after the other brings the same series in the same
 * order, so where they go is worked out once and each batch is laid down group by group.
 */
export function replayLog(tables: MetricTables, index: SeriesIndex, log: Log, nowMs: number): void {
  const { db } = tables;
  const covered = new Map<number, number>();
  const groups = db.prepare('SELECT id, covered_sequence FROM series_group');
  groups.setReturnArrays(true);
  for (const row of groups.all()) {
    const [id, sequence] = row as unknown as [number, number]; // as setReturnArrays says
    covered.set(id, sequence);
  }
  const reader = new BatchReader();
  const layouts = new Layouts(index);
  const touched = new Set<SeriesGroup>();
  for (const row of db.prepare('SELECT sequence, raw_size, data FROM sample_batch ORDER BY sequence').iterate()) {
    const sequence = Number(row['sequence']);
    let batch: BatchColumns;
    try {
      batch = reader.read(row['data'] as Uint8Array, Number(row['raw_size']));
    } catch (error) {
      log('error', `Batch ${String(sequence)} of the metrics database is damaged; its samples are left out.`, {
        batch: sequence,
        reason: error instanceof Error ? error.message : String(error),
      });
      continue;
    }
    const { slots, runs } = layouts.of(batch);
    for (const { group, from, to } of runs) {
      if (sequence <= (covered.get(group.id) ?? 0)) continue;
      if (group.headSequence === 0) {
        group.headSequence = sequence;
        group.headSinceMs = nowMs;
        touched.add(group);
      }
      insertRun(group, batch, slots, from, to);
    }
  }
  for (const group of touched) spanMembers(group);
}

/** Samples of one group; in nearly every batch they all have the same time. */
function insertRun(
  group: SeriesGroup,
  { times, bits }: BatchColumns,
  slots: Int32Array,
  from: number,
  to: number,
): void {
  for (let start = from; start < to;) {
    const timestampMs = times[start] as number; // a run lies inside its batch
    let end = start + 1;
    while (end < to && times[end] === timestampMs) end++;
    insertMoment(group, timestampMs, slots, bits, start, end);
    start = end;
  }
}

/** The log may know of samples that a series' row does not. */
function spanMembers(group: SeriesGroup): void {
  for (const series of group.members) {
    if (series === null) continue;
    const { times } = headRun(group, series.slot);
    const [firstMs, lastMs] = [times[0], times.at(-1)];
    if (firstMs !== undefined && firstMs < series.firstMs) series.firstMs = firstMs;
    if (lastMs !== undefined && lastMs > series.lastMs) series.lastMs = lastMs;
  }
}

/** The layouts of the batches met last; those of several jobs take turns. */
class Layouts {
  readonly #index: SeriesIndex;
  readonly #known = new Map<string, Layout>();

  constructor(index: SeriesIndex) {
    this.#index = index;
  }

  of({ ids, count }: BatchColumns): Layout {
    const key = `${String(count)} ${String(ids[0])} ${String(ids[count - 1])}`;
    const known = this.#known.get(key);
    if (known !== undefined && isStart(known.ids, ids)) return known;
    if (this.#known.size >= REMEMBERED_LAYOUTS) this.#known.clear(); // only costs working some out again
    const layout = this.#make(ids.slice(0, count));
    this.#known.set(key, layout);
    return layout;
  }

  #make(ids: Float64Array): Layout {
    const slots = new Int32Array(ids.length);
    const runs: { group: SeriesGroup; from: number; to: number }[] = [];
    for (const [at, id] of ids.entries()) {
      const series: Series | undefined = this.#index.byId(id);
      if (series === undefined) continue; // gone by retention since
      slots[at] = series.slot;
      const last = runs.at(-1);
      if (last?.group === series.group && last.to === at) last.to++;
      else runs.push({ group: series.group, from: at, to: at + 1 });
    }
    return { ids, slots, runs };
  }
}

function isStart(known: Float64Array, longer: Float64Array): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] !== longer[i]) return false;
  return true;
}
