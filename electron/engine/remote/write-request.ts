import { labelPairs, type Labels } from '../../../shared/model/labels.ts';

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
  const request = new ProtobufWriter();
  for (const { labels, samples } of series) {
    const one = new ProtobufWriter();
    for (const [name, value] of labelPairs(labels)) {
      one.message(1, labelMessage(name, value, texts));
    }
    for (const { timestampMs, value, isStale } of samples) {
      const sample = new ProtobufWriter();
      if (isStale) sample.staleMarker(1);
      else sample.double(1, value);
      sample.int64(2, timestampMs);
      one.message(2, sample.finish());
    }
    request.message(1, one.finish());
  }
  return request.finish();
}

/** A label is the same in many series, so its message is made once per request. */
function labelMessage(name: string, value: string, made: Map<string, Uint8Array>): Uint8Array {
  const key = `${name}\u0000${value}`;
  const existing = made.get(key);
  if (existing !== undefined) return existing;
  const label = new ProtobufWriter();
  label.text(1, name);
  label.text(2, value);
  const message = label.finish();
  made.set(key, message);
  return message;
}

const FIRST_CAPACITY = 64;
const encoder = new TextEncoder();

class ProtobufWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  message(field: number, bytes: Uint8Array): void {
    this.#varint(field * 8 + 2);
    this.#varint(bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  text(field: number, text: string): void {
    this.message(field, encoder.encode(text));
  }

  double(field: number, value: number): void {
    const at = this.#fixed64(field);
    new DataView(this.#bytes.buffer).setFloat64(at, value, true);
  }

  /** Source of the bits: shared/model/stale-marker.ts. */
  staleMarker(field: number): void {
    const at = this.#fixed64(field);
    const view = new DataView(this.#bytes.buffer);
    view.setUint32(at, 2, true);
    view.setUint32(at + 4, 0x7ff00000, true);
  }

  /** Two's complement, so that a time before 1970 takes all ten bytes. */
  int64(field: number, value: number): void {
    this.#varint(field * 8);
    if (value >= 0) this.#varint(value);
    else {
      let rest = BigInt.asUintN(64, BigInt(value));
      this.#room(10);
      for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      this.#bytes[this.#length++] = Number(rest);
    }
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #fixed64(field: number): number {
    this.#varint(field * 8 + 1);
    this.#room(8);
    const at = this.#length;
    this.#length += 8;
    return at;
  }

  /** @param value a whole number of 0 up to 2^53 */
  #varint(value: number): void {
    this.#room(8);
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
  }
}
