import { bitsOf } from '../../../../shared/model/stale-marker.ts';
import { compress, decompress } from './block-codec.ts';
import { ByteReader, ByteWriter } from './byte-writer.ts';
import { columnScratch, decodeColumn, encodeColumn, encodeXorColumn } from './column-codec.ts';
import { writeValue } from './series-group.ts';

const FIRST_CAPACITY = 1024;
const COMPRESSION_LEVEL = 1;

/** Samples in the order in which they came, until they are committed. Written as one batch, read back as one. */
export class SampleBatch {
  #ids = new Float64Array(FIRST_CAPACITY);
  #times = new Float64Array(FIRST_CAPACITY);
  #values = new Float64Array(FIRST_CAPACITY);
  #bits = bitsOf(this.#values);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(id: number, timestampMs: number, value: number, isStale: boolean): void {
    const at = this.#count++;
    if (at === this.#ids.length) this.#grow();
    this.#ids[at] = id;
    this.#times[at] = timestampMs;
    writeValue(this.#values, this.#bits, at, value, isStale);
  }

  clear(): void {
    this.#count = 0;
  }

  encode(): { data: Uint8Array; rawSizeBytes: number } {
    const writer = new ByteWriter(this.#count * 10 + 256);
    writer.unsigned(this.#count);
    encodeColumn(writer, this.#ids.subarray(0, this.#count));
    encodeColumn(writer, this.#times.subarray(0, this.#count));
    // Neighbours are different series: nothing to find there that is worth the search.
    encodeXorColumn(writer, this.#values.subarray(0, this.#count));
    return { data: compress(writer.written(), COMPRESSION_LEVEL), rawSizeBytes: writer.length };
  }

  #grow(): void {
    const capacity = this.#ids.length * 2;
    this.#ids = resized(this.#ids, capacity);
    this.#times = resized(this.#times, capacity);
    this.#values = resized(this.#values, capacity);
    this.#bits = bitsOf(this.#values);
  }
}

/** A batch read back, as columns: sample `i` is `values[i]` of series `ids[i]` at `times[i]`. */
export interface BatchColumns {
  readonly count: number;
  readonly ids: Float64Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Of the values, two words each: a stale marker lives in them. */
  readonly bits: Uint32Array;
}

/** Reads batches one after the other into the same columns. */
export class BatchReader {
  readonly #scratch = columnScratch();
  #ids = new Float64Array(0);
  #times = new Float64Array(0);
  #values = new Float64Array(0);
  #bits = bitsOf(this.#values);

  /**
   * The samples that {@link SampleBatch.encode} wrote; valid until the next call, and `count` of each column alone.
   *
   * @throws when the data are damaged
   */
  read(data: Uint8Array, rawSizeBytes: number): BatchColumns {
    const reader = new ByteReader(decompress(data, rawSizeBytes));
    const count = reader.unsigned();
    if (this.#ids.length < count) {
      [this.#ids, this.#times, this.#values] = [
        new Float64Array(count),
        new Float64Array(count),
        new Float64Array(count),
      ];
      this.#bits = bitsOf(this.#values);
    }
    for (const column of [this.#ids, this.#times, this.#values]) decodeColumn(reader, count, column, 0, this.#scratch);
    return { count, ids: this.#ids, times: this.#times, values: this.#values, bits: this.#bits };
  }
}

function resized(column: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}
