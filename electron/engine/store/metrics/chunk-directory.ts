import type { MetricTables } from './metric-tables.ts';

/** Some 3 MB of them: ten thousand series over two months. */
const MOST_CHUNKS = 100_000;
/** Id, start and end of a chunk. */
const FIELDS = 3;

/**
 * Where the chunks of a group lie, remembered for the groups that were asked for: a dashboard asks for the same groups
 * again and again, and a tenth of the time of a short query went into asking the database each time.
 */
export class ChunkDirectory {
  readonly #tables: MetricTables;
  readonly #byGroup = new Map<number, Float64Array>();
  #count = 0;

  constructor(tables: MetricTables) {
    this.#tables = tables;
  }

  /** To be called when chunks of a group came, went or were merged. */
  changed(groupId: number): void {
    const known = this.#byGroup.get(groupId);
    if (known === undefined) return;
    this.#byGroup.delete(groupId);
    this.#count -= known.length / FIELDS;
  }

  /** The ids of the chunks of a group that touch a range of time (both ends included), by their start. */
  inRange(groupId: number, startMs: number, endMs: number): number[] {
    const spans = this.#byGroup.get(groupId) ?? this.#load(groupId);
    const ids: number[] = [];
    for (let i = 0; i < spans.length; i += FIELDS) {
      const [firstMs, lastMs] = [spans[i + 1] as number, spans[i + 2] as number]; // each chunk has all fields
      if (firstMs <= endMs && lastMs >= startMs) ids.push(spans[i] as number);
    }
    return ids;
  }

  #load(groupId: number): Float64Array {
    const spans = Float64Array.from(this.#tables.chunkSpans(groupId).flat());
    this.#count += spans.length / FIELDS;
    if (this.#count > MOST_CHUNKS) {
      this.#byGroup.clear();
      this.#count = spans.length / FIELDS;
    }
    this.#byGroup.set(groupId, spans);
    return spans;
  }
}
