/** A growing byte buffer. Integers are little-endian base-128 ("varints") and may go up to 2^53. */
export class ByteWriter {
  bytes: Uint8Array;
  length = 0;

  constructor(capacityBytes = 4096) {
    this.bytes = new Uint8Array(capacityBytes);
  }

  /** Make room for `count` bytes and return where they start; they hold whatever was there. */
  reserve(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, start));
      this.bytes = grown;
    }
    return start;
  }

  byte(value: number): void {
    const at = this.reserve(1);
    this.bytes[at] = value;
  }

  raw(source: Uint8Array): void {
    const at = this.reserve(source.length);
    this.bytes.set(source, at);
  }

  /** @param value an integer, 0 to 2^53 */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** @param value an integer, at most 2^52 from zero */
  signed(value: number): void {
    this.unsigned(toUnsigned(value));
  }

  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** Reads what {@link ByteWriter} wrote. Throws a `RangeError` past the end. */
export class ByteReader {
  readonly bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  byte(): number {
    const value = this.bytes[this.position++];
    if (value === undefined) throw new RangeError('the data ends too early');
    return value;
  }

  /** The next `count` bytes, sharing memory. */
  raw(count: number): Uint8Array {
    const start = this.position;
    if (start + count > this.bytes.length) throw new RangeError('the data ends too early');
    this.position += count;
    return this.bytes.subarray(start, start + count);
  }

  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const part = this.byte();
      value += (part & 127) * scale;
      if (part < 128) return value;
    }
  }

  signed(): number {
    return toSigned(this.unsigned());
  }
}

/** Map 0, -1, 1, -2, … to 0, 1, 2, 3, …, so that small distances from zero are small numbers ("zigzag"). */
export function toUnsigned(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

export function toSigned(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
