import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { LOG_LEVELS } from '../../collect/parse/log-level.ts';
import type { LogOrigin, StoredEntry } from './log-entry.ts';

/**
 * A block is two zstd blobs: the head holds the small columns (time, sequence, level, origin, lengths), the body the texts.
 * Counting and filtering by time, level or source read the head alone, a hundredth of the block.
 */
export interface EncodedBlock {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  /** Size of the body before compression; decompression in one piece needs it. */
  readonly bodyBytes: number;
}

/** Columns of a block, all of one length. `textEnds` counts UTF-16 units from the start of the body. */
export interface BlockHead {
  readonly length: number;
  readonly timestampsMs: Float64Array;
  readonly sequences: Float64Array;
  readonly levels: Uint8Array;
  readonly originIds: Uint32Array;
  readonly textEnds: Uint32Array;
  readonly fieldsEnds: Uint32Array;
}

const LEVEL_CODES = new Map(LOG_LEVELS.map((level, code) => [level, code]));
const UNKNOWN_CODE = LOG_LEVELS.indexOf('unknown');
const HEAD_PREFIX_BYTES = 20;
/** Five columns of at most 5, 8, 1, 5, 5 and 5 bytes. */
const MAX_HEAD_BYTES_PER_ENTRY = 32;
/** Level 3 gives nothing over 1 on logs and costs a third more time. */
const ZSTD_OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export function levelCode(level: StoredEntry['level']): number {
  return LEVEL_CODES.get(level) ?? UNKNOWN_CODE;
}

/** @param originId the number under which the file that takes the block knows an origin */
export function encodeBlock(entries: readonly StoredEntry[], originId: (origin: LogOrigin) => number): EncodedBlock {
  const head = new HeadWriter(entries.length);
  const first = entries[0];
  const texts: string[] = [];
  const fields: string[] = [];
  let previousMs = first?.timestampMs ?? 0;
  let previousSequence = first?.sequence ?? 0;
  head.start(entries.length, previousMs, previousSequence);
  for (const entry of entries) {
    head.writeSigned(entry.timestampMs - previousMs);
    head.writeSigned(entry.sequence - previousSequence);
    head.write(levelCode(entry.level));
    head.write(originId(entry.origin));
    head.write(entry.text.length);
    head.write(entry.fieldsJson.length);
    previousMs = entry.timestampMs;
    previousSequence = entry.sequence;
    texts.push(entry.text);
    if (entry.fieldsJson !== '') fields.push(entry.fieldsJson);
  }
  const body = Buffer.from(texts.join('') + fields.join(''), 'utf8');
  return {
    head: zstdCompressSync(head.bytes(), ZSTD_OPTIONS),
    body: zstdCompressSync(body, ZSTD_OPTIONS),
    bodyBytes: body.length,
  };
}

/** @throws when the blob is not one that `encodeBlock` wrote */
export function decodeHead(head: Uint8Array): BlockHead {
  const bytes = zstdDecompressSync(head);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  let timestampMs = view.getFloat64(4, true);
  let sequence = view.getFloat64(12, true);
  const columns = {
    length,
    timestampsMs: new Float64Array(length),
    sequences: new Float64Array(length),
    levels: new Uint8Array(length),
    originIds: new Uint32Array(length),
    textEnds: new Uint32Array(length),
    fieldsEnds: new Uint32Array(length),
  };
  let at = HEAD_PREFIX_BYTES;
  const read = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('The head of a log block ends early.');
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
      scale *= 128;
    }
  };
  const readSigned = (): number => {
    const value = read();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  let textEnd = 0;
  let fieldsEnd = 0;
  for (let index = 0; index < length; index++) {
    timestampMs += readSigned();
    sequence += readSigned();
    columns.timestampsMs[index] = timestampMs;
    columns.sequences[index] = sequence;
    columns.levels[index] = read();
    columns.originIds[index] = read();
    columns.textEnds[index] = textEnd += read();
    columns.fieldsEnds[index] = fieldsEnd += read();
  }
  for (let index = 0; index < length; index++) columns.fieldsEnds[index] = (columns.fieldsEnds[index] ?? 0) + textEnd;
  return columns;
}

/** The texts of all entries in a row, then their fields; `BlockHead` says where each ends. */
export function decodeBody(body: Uint8Array, bodyBytes: number): string {
  // The default chunk of 16 KiB costs 30 % on blocks of a megabyte.
  return zstdDecompressSync(body, { chunkSize: Math.max(64, bodyBytes) }).toString('utf8');
}

class HeadWriter {
  readonly #bytes: Buffer;
  #at = HEAD_PREFIX_BYTES;

  constructor(entryCount: number) {
    this.#bytes = Buffer.allocUnsafe(HEAD_PREFIX_BYTES + entryCount * MAX_HEAD_BYTES_PER_ENTRY);
  }

  start(length: number, timestampMs: number, sequence: number): void {
    this.#bytes.writeUInt32LE(length, 0);
    this.#bytes.writeDoubleLE(timestampMs, 4);
    this.#bytes.writeDoubleLE(sequence, 12);
  }

  /** LEB128, by arithmetic because values pass 2³². */
  write(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#at++] = rest;
  }

  writeSigned(value: number): void {
    this.write(value < 0 ? -value * 2 - 1 : value * 2);
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }
}
