import { bitsOf } from '../../../../shared/model/stale-marker.ts';
import { compress, decompress } from './block-codec.ts';
import { ByteReader, ByteWriter } from './byte-writer.ts';
import { columnScratch, decodeColumn } from './column-codec.ts';
import { writeValue } from './series-group.ts';

const FIRST_CAPACITY = 1024;
const COMPRESSION_LEVEL = 1;
/** Batches used to begin with the number of samples, which is never zero, and held columns as chunks do. */
const MARK = 0;
const VERSION = 2;
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

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

  /** Some samples of one time, from `start` to before `end`. */
  pushRow(ids: Float64Array, timestampMs: number, values: Float64Array, start: number, end: number): void {
    const at = this.#count;
    this.#count += end - start;
    while (this.#count > this.#ids.length) this.#grow();
    this.#ids.set(ids.subarray(start, end), at);
    this.#times.fill(timestampMs, at, this.#count);
    for (let i = start, to = at; i < end; i++, to++)
      writeValue(this.#values, this.#bits, to, values[i] as number, false); // within the row
  }

  clear(): void {
    this.#count = 0;
  }

  encode(): { data: Uint8Array; rawSizeBytes: number } {
    const count = this.#count;
    const writer = new ByteWriter(count * 8 + 4096);
    writer.byte(MARK);
    writer.byte(VERSION);
    writer.unsigned(count);
    writeRuns(writer, this.#ids, count, 1);
    writeRuns(writer, this.#times, count, 0);
    writer.raw(littleEndian(this.#values.slice(0, count)));
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
    const mark = reader.unsigned();
    const isOld = mark !== MARK;
    if (!isOld && reader.byte() !== VERSION) throw new RangeError('unknown version of a batch');
    const count = isOld ? mark : reader.unsigned();
    if (this.#ids.length < count) {
      [this.#ids, this.#times, this.#values] = [
        new Float64Array(count),
        new Float64Array(count),
        new Float64Array(count),
      ];
      this.#bits = bitsOf(this.#values);
    }
    if (isOld) {
      for (const column of [this.#ids, this.#times, this.#values])
        decodeColumn(reader, count, column, 0, this.#scratch);
    } else {
      readRuns(reader, this.#ids.subarray(0, count), 1);
      readRuns(reader, this.#times.subarray(0, count), 0);
      const values = this.#values.subarray(0, count);
      new Uint8Array(values.buffer).set(reader.raw(count * 8));
      littleEndian(values);
    }
    return { count, ids: this.#ids, times: this.#times, values: this.#values, bits: this.#bits };
  }
}

/**
 * A column of numbers as runs, in each of which every number is the one before plus `step`. A scrape is few of them:
 * its series were made one after another, and have one time. What is quick to write matters here more than its size, as a
 * batch is read once at most and lives for minutes.
 */
function writeRuns(writer: ByteWriter, column: Float64Array, count: number, step: number): void {
  const runs: number[] = [];
  for (let at = 0; at < count;) {
    const first = column[at] as number; // below count, here and in the loop
    let end = at + 1;
    while (end < count && column[end] === first + step * (end - at)) end++;
    runs.push(first, end - at);
    at = end;
  }
  writer.unsigned(runs.length);
  writer.raw(littleEndian(Float64Array.from(runs)));
}

function readRuns(reader: ByteReader, column: Float64Array, step: number): void {
  const runs = new Float64Array(reader.unsigned());
  new Uint8Array(runs.buffer).set(reader.raw(runs.length * 8));
  littleEndian(runs);
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const first = runs[i] as number; // pairs, of a length that is even
    const end = at + (runs[i + 1] as number);
    if (!(end > at && end <= column.length)) throw new RangeError('a run is longer than its batch');
    for (let place = at; place < end; place++) column[place] = first + step * (place - at);
    at = end;
  }
  if (at !== column.length) throw new RangeError('the runs are shorter than their batch');
}

/** The bytes of a column, turned in place where this machine has them the other way round. */
function littleEndian(column: Float64Array): Uint8Array {
  const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
  return IS_LITTLE_ENDIAN ? bytes : bytes.swap64();
}

function resized(column: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}
