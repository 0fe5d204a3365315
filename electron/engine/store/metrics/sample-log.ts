import { bitsOf, isStaleAt } from '../../../../shared/model/stale-marker.ts';
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

/** Hand on each sample of a batch that {@link SampleBatch.encode} wrote. Throws when the data are damaged. */
export function replayBatch(
  data: Uint8Array,
  rawSizeBytes: number,
  each: (id: number, timestampMs: number, value: number, isStale: boolean) => void,
): void {
  const reader = new ByteReader(decompress(data, rawSizeBytes));
  const count = reader.unsigned();
  const scratch = columnScratch();
  const [ids, times, values] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (const column of [ids, times, values]) decodeColumn(reader, count, column, 0, scratch);
  const bits = bitsOf(values);
  for (let i = 0; i < count; i++) {
    each(ids[i] as number, times[i] as number, values[i] as number, isStaleAt(bits, i)); // columns of `count` values
  }
}

function resized(column: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}
