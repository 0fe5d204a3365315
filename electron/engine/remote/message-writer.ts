/** The size of a field: with its tag of one byte and its length. */
export function fieldSize(contentBytes: number): number {
  return 1 + varintSize(contentBytes) + contentBytes;
}

export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Of a sample, which both versions write alike: 1 the value, 2 the time. */
export function sampleSize(timestampMs: number): number {
  return 1 + 8 + 1 + (timestampMs < 0 ? 10 : varintSize(timestampMs));
}

const FIRST_CAPACITY = 64 * 1024;
/** A tag and the longest number. */
const HEAD_BYTES = 16;

/** Writes fields one after the other. Numbers of fields are below 16, so that a tag is one byte. */
export class MessageWriter {
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

  /** Numbers without tags, as a packed field has them behind its head. */
  packed(numbers: readonly number[]): void {
    for (const number of numbers) {
      this.#room(HEAD_BYTES);
      this.#varint(number);
    }
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
