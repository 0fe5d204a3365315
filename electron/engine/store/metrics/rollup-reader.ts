import { type ChunkReader, lowerBound } from './chunk-reader.ts';
import type { RollupResolution } from './rollup-buckets.ts';
import { type RollupPlan, planRollups } from './rollup-plan.ts';
import { pointsOf, type WeighedColumns } from './rollup-points.ts';
import type { GroupSpans, RollupTables } from './rollup-tables.ts';
import { readRollups } from './rollup-work.ts';
import type { SelectHint, SeriesColumns } from './sample-source.ts';
import { headStart, type Series, type SeriesGroup } from './series-group.ts';

/** Reads rollups where they answer instead of samples, and remembers which group has what. */
export class RollupReader {
  readonly #tables: RollupTables;
  readonly #chunks: ChunkReader;
  readonly #spans = new Map<number, GroupSpans>();
  #hasAny: boolean;

  constructor(tables: RollupTables, chunks: ChunkReader) {
    this.#tables = tables;
    this.#chunks = chunks;
    this.#hasAny = tables.hasAny();
  }

  /** To be called when chunks or rollups of a group came or went. */
  changed(groupId: number, hasRollups = false): void {
    this.#spans.delete(groupId);
    if (hasRollups) this.#hasAny = true;
  }

  /** Where a group's samples are to be read from; null when it is from chunks and the head alone. */
  plan(group: SeriesGroup, startMs: number, hint: SelectHint | undefined): RollupPlan | null {
    if (!this.#hasAny) return null;
    let spans = this.#spans.get(group.id);
    if (spans === undefined) this.#spans.set(group.id, (spans = this.#tables.spans(group.id)));
    if (Math.min(...Object.values(spans.rolledFromMs)) === Infinity) return null;
    const headMs = headStart(group);
    const plan = planRollups(
      {
        ...spans,
        rawFromMs: Math.min(spans.rawFromMs, headMs),
        unrolledFromMs: Math.min(spans.unrolledFromMs, headMs),
      },
      hint ?? { use: 'every', firstMs: startMs, stepMs: 0, rangeMs: 300_000 },
    );
    return plan === null || startMs > plan.rawAfterMs ? null : plan;
  }

  /** Put what the rollups say before the samples that were read, for the series of one group. */
  prepend(
    group: SeriesGroup,
    siblings: readonly Series[],
    plan: RollupPlan,
    startMs: number,
    endMs: number,
    hint: SelectHint | undefined,
    raw: ReadonlyMap<number, SeriesColumns>,
  ): SeriesColumns[] {
    const found = new Map<number, WeighedColumns[]>();
    let afterMs = -Infinity;
    for (const { resolution, untilMs } of plan.stretches) {
      if (untilMs <= afterMs) continue;
      for (const [id, columns] of this.#read(group, siblings, resolution, afterMs, untilMs, startMs, endMs, hint)) {
        const list = found.get(id);
        if (list === undefined) found.set(id, [columns]);
        else list.push(columns);
      }
      afterMs = untilMs;
    }
    return siblings.flatMap(({ id, labels }) => {
      const rolled = found.get(id);
      const samples = raw.get(id);
      if (rolled === undefined) return samples === undefined ? [] : [samples];
      // A sample that came late can lie in both; the samples count then, and times stay in order.
      const firstMs = samples?.timestamps[0] ?? Infinity;
      const parts = rolled.map((part) => before(part, firstMs));
      if (samples !== undefined) {
        const { timestamps, values } = samples;
        parts.push({ times: timestamps, values, weights: new Float64Array(values.length).fill(1) });
      }
      return [
        {
          labels,
          timestamps: joined(parts.map(({ times }) => times)),
          values: joined(parts.map(({ values }) => values)),
          weights: joined(parts.map(({ weights }) => weights)),
        },
      ];
    });
  }

  *#read(
    group: SeriesGroup,
    siblings: readonly Series[],
    resolution: RollupResolution,
    afterMs: number,
    untilMs: number,
    startMs: number,
    endMs: number,
    hint: SelectHint = { use: 'every', firstMs: startMs, stepMs: 0, rangeMs: 300_000 },
  ): Generator<[number, WeighedColumns]> {
    const [fromMs, toMs] = [Math.max(afterMs, startMs), Math.min(untilMs, endMs + resolution)];
    if (fromMs >= toMs) return;
    const rows = this.#tables.inRange(group.id, resolution, fromMs, toMs);
    const wanted = new Set(siblings.map(({ id }) => id));
    for (const { id, buckets } of readRollups(rows, wanted, this.#chunks)) {
      const columns = pointsOf(buckets, resolution, afterMs, untilMs, hint);
      const low = lowerBound(columns.times, startMs, false);
      const high = lowerBound(columns.times, endMs, true);
      if (low >= high) continue;
      const { times, values, weights } = columns;
      yield [
        id,
        { times: times.subarray(low, high), values: values.subarray(low, high), weights: weights.subarray(low, high) },
      ];
    }
  }
}

function before({ times, values, weights }: WeighedColumns, limitMs: number): WeighedColumns {
  const count = lowerBound(times, limitMs, false);
  return { times: times.subarray(0, count), values: values.subarray(0, count), weights: weights.subarray(0, count) };
}

/** Parts one after the other, exact to the bit. */
function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
