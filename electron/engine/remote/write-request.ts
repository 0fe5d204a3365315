import type { Labels } from '../../../shared/model/labels.ts';

/** The samples of one series, in ascending time. `isStale` in place of a value that JavaScript may not keep. */
export interface OutgoingSeries {
  readonly labels: Labels;
  readonly samples: readonly { readonly timestampMs: number; readonly value: number; readonly isStale: boolean }[];
}

/**
 * A `prometheus.WriteRequest` of remote write 1.0, which every receiver reads.
 *
 * Source: Prometheus, prompb/remote.proto and types.proto; protobuf.dev, "Encoding".
 */
export function writeRequest(series: readonly OutgoingSeries[]): Uint8Array {
  const texts = new Map<string, Uint8Array>();
  const request = new MessageWriter();
  for (const { labels, samples } of series) {
    // A message stands behind its length, so that all lengths are known before anything is written.
    const encoded = labels.map((text) => encodedText(text, texts));
    let sizeBytes = 0;
    for (let i = 0; i < encoded.length; i += 2) sizeBytes += fieldSize(labelSize(encoded, i));
    for (const { timestampMs } of samples) sizeBytes += fieldSize(sampleSize(timestampMs));
    request.head(1, sizeBytes);
    for (let i = 0; i < encoded.length; i += 2) {
      request.head(1, labelSize(encoded, i));
      request.bytes(1, encoded[i] as Uint8Array); // labels come in pairs
      request.bytes(2, encoded[i + 1] as Uint8Array);
    }
    for (const { timestampMs, value, isStale } of samples) {
      request.head(2, sampleSize(timestampMs));
      request.double(1, value, isStale);
      request.int64(2, timestampMs);
    }
  }
  return request.finish();
}

/** Most texts stand in many series. */
function encodedText(text: string, known: Map<string, Uint8Array>): Uint8Array {
  const existing = known.get(text);
  if (existing !== undefined) return existing;
  const bytes = encoder.encode(text);
  known.set(text, bytes);
  return bytes;
}

function labelSize(encoded: readonly Uint8Array[], at: number): number {
  return fieldSize((encoded[at] as Uint8Array).length) + fieldSize((encoded[at + 1] as Uint8Array).length);
}

function sampleSize(timestampMs: number): number {
  return 1 + 8 + 1 + (timestampMs < 0 ? 10 : varintSize(timestampMs));
}

/** With its tag of one byte and its length. */
function fieldSize(contentBytes: number): number {
  return 1 + varintSize(contentBytes) + contentBytes;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) size++;
  return size;
}

const FIRST_CAPACITY = 64 * 1024;
/** A tag and the longest number. */
const HEAD_BYTES = 16;
const encoder = new TextEncoder();

/** Writes fields one after the other. Numbers of fields are below 16, so that a tag is one byte. */
class MessageWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Announce a message or a text of so many bytes. */
  head(field: number, sizeBytes: number): void {
    this.#room(HEAD_BYTES);
    this.#bytes[this.#length++] = field * 8 + 2;
    this.#varint(sizeBytes);
  }

  bytes(field: number, bytes: Uint8Array): void {
    this.head(field, bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Source of the bits of a stale marker: shared/model/stale-marker.ts. */
  double(field: number, value: number, isStale: boolean): void {
    this.#room(HEAD_BYTES);
    this.#bytes[this.#length] = field * 8 + 1;
    if (isStale) this.#view.setBigUint64(this.#length + 1, 0x7ff0000000000002n, true);
    else this.#view.setFloat64(this.#length + 1, value, true);
    this.#length += 9;
  }

  /** Two's complement, so that a time before 1970 takes all ten bytes. */
  int64(field: number, value: number): void {
    this.#room(HEAD_BYTES);
    this.#bytes[this.#length++] = field * 8;
    if (value >= 0) {
      this.#varint(value);
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#length++] = Number(rest);
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** @param value a whole number of 0 up to 2^53 */
  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#length + count, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
