import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { ByteReader, ByteWriter } from './byte-writer.ts';
import { type ColumnScratch, decodeColumn, encodeColumn } from './column-codec.ts';

/** Consecutive samples of one series; timestamps in epoch milliseconds, ascending. */
export interface SampleRun {
  readonly id: number;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/**
 * Samples of some series over one span of time as they lie in the database. Series that are scraped together have the same
 * timestamps, so these are kept once per block, and one compressor sees all the columns: 32 series of 512 samples take
 * 0.75 bytes a sample where each series for itself takes 0.85 and its timestamps.
 */
export interface EncodedBlock {
  readonly data: Uint8Array;
  /** Before compression. */
  readonly rawSizeBytes: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Of the longest series. */
  readonly samples: number;
}

export interface BlockEntry {
  readonly id: number;
  /** The same array for every series of the block with these timestamps. */
  readonly times: Float64Array;
  /** Write the values, as many as there are times, into `out` from `at` on. */
  readonly decode: (out: Float64Array, at: number) => void;
}

const VERSION = 1;
const COMPRESSION_LEVEL = 3;

/** @param runs of different series, each with at least one sample */
export function encodeBlock(runs: readonly SampleRun[]): EncodedBlock {
  const sorted = [...runs].sort((a, b) => a.id - b.id);
  const timelines: Float64Array[] = [];
  const header = new ByteWriter();
  const columns = new ByteWriter(32_768);
  let previousId = 0;
  for (const { id, times, values } of sorted) {
    const before = columns.length;
    encodeColumn(columns, values);
    header.unsigned(id - previousId);
    header.unsigned(timelineIndex(timelines, times));
    header.unsigned(columns.length - before);
    previousId = id;
  }
  const whole = new ByteWriter(columns.length + header.length + 4096);
  whole.byte(VERSION);
  whole.unsigned(timelines.length);
  for (const times of timelines) {
    whole.unsigned(times.length);
    encodeColumn(whole, times);
  }
  whole.unsigned(sorted.length);
  whole.raw(header.written());
  whole.raw(columns.written());
  return {
    data: compress(whole.written(), COMPRESSION_LEVEL),
    rawSizeBytes: whole.length,
    startMs: Math.min(...timelines.map((times) => times[0] ?? Infinity)),
    endMs: Math.max(...timelines.map((times) => times.at(-1) ?? -Infinity)),
    samples: Math.max(...timelines.map((times) => times.length)),
  };
}

/**
 * The series in a block, by ascending id. Values are decoded only for those that are asked for.
 *
 * @throws when the data are damaged
 */
export function decodeBlock(data: Uint8Array, rawSizeBytes: number, scratch: ColumnScratch): BlockEntry[] {
  const reader = new ByteReader(decompress(data, rawSizeBytes));
  const version = reader.byte();
  if (version !== VERSION) throw new RangeError(`unknown version of a block: ${String(version)}`);
  const timelines: Float64Array[] = [];
  for (let left = reader.unsigned(); left > 0; left--) {
    const times = new Float64Array(reader.unsigned());
    decodeColumn(reader, times.length, times, 0, scratch);
    timelines.push(times);
  }
  const headers: { id: number; times: Float64Array; size: number }[] = [];
  let id = 0;
  for (let left = reader.unsigned(); left > 0; left--) {
    id += reader.unsigned();
    const times = timelines[reader.unsigned()];
    if (times === undefined) throw new RangeError('a series without timestamps');
    headers.push({ id, times, size: reader.unsigned() });
  }
  let next = reader.position;
  return headers.map(({ id, times, size }) => {
    const position = next;
    next += size;
    return {
      id,
      times,
      decode(out, at) {
        decodeColumn(new ByteReader(reader.bytes, position), times.length, out, at, scratch);
      },
    };
  });
}

export function compress(bytes: Uint8Array, level: number): Uint8Array {
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  });
}

export function decompress(data: Uint8Array, rawSizeBytes: number): Uint8Array {
  // One output buffer with a little room to spare: a full one makes zlib ask for a second.
  return zstdDecompressSync(data, { chunkSize: rawSizeBytes + 64, maxOutputLength: rawSizeBytes + 64 });
}

function timelineIndex(timelines: Float64Array[], times: Float64Array): number {
  const known = timelines.findIndex((timeline) => timeline === times || isSameColumn(timeline, times));
  return known >= 0 ? known : timelines.push(times) - 1;
}

/** Whether two columns of ordinary numbers are equal. */
export function isSameColumn(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length || a.at(-1) !== b.at(-1)) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
