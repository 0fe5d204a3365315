import { isUtf8 } from 'node:buffer';
import { MalformedData } from './snappy.ts';

/**
 * Reads the wire format of Protocol Buffers front to back: `next()` moves to a field, then one of the readers, or
 * `skip()`, takes its value. Every reader throws {@link MalformedData} where the bytes end too early or make no sense.
 * Source: protobuf.dev, "Encoding".
 */
export class ProtobufReader {
  /** Shared with the readers of the messages inside. */
  readonly #bytes: Buffer;
  #at: number;
  readonly #end: number;
  /** The number and the wire type of the field that {@link next} moved to. */
  field = 0;
  wireType = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#end = end;
  }

  /** False at the end of the message. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const tag = this.unsigned();
    this.field = Math.floor(tag / 8);
    this.wireType = tag % 8;
    if (this.field === 0) throw new MalformedData('protobuf: a field has the number 0');
    return true;
  }

  /** Where the next field begins. */
  get position(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** A varint as a number; exact up to 2^53, which no length, reference or tag reaches. */
  unsigned(): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw new MalformedData('protobuf: a number is longer than 64 bits');
  }

  /** An `int64`, in two's complement. */
  signed(): number {
    let [low, high] = [0, 0];
    for (let i = 0; i < 10; i++) {
      const byte = this.#byte();
      const digits = byte & 0x7f;
      if (i < 4) low += digits * 2 ** (7 * i);
      else if (i === 4) {
        low += (digits & 0x0f) * 2 ** 28;
        high += digits >>> 4;
      } else high += digits * 2 ** (7 * i - 32);
      if (byte < 0x80) return (high | 0) * 2 ** 32 + low;
    }
    throw new MalformedData('protobuf: a number is longer than 64 bits');
  }

  /** A `double`, and its two words: only they tell a stale marker from another NaN. */
  double(): { readonly value: number; readonly low: number; readonly high: number } {
    this.#expect(1);
    const at = this.#take(8);
    const bytes = this.#bytes;
    return { value: bytes.readDoubleLE(at), low: bytes.readUInt32LE(at), high: bytes.readUInt32LE(at + 4) };
  }

  text(): string {
    this.#expect(2);
    const length = this.unsigned();
    const at = this.#take(length);
    const end = at + length;
    // Nearly all names and values are plain ASCII, for which a decoder costs more than it does.
    let plainTo = at;
    while (plainTo < end && (this.#bytes[plainTo] as number) < 0x80) plainTo++;
    if (plainTo === end) return this.#bytes.toString('latin1', at, end);
    if (!isUtf8(this.#bytes.subarray(at, end))) throw new MalformedData('protobuf: a text is not UTF-8');
    return this.#bytes.toString('utf8', at, end);
  }

  /** A message inside this one. */
  message(): ProtobufReader {
    this.#expect(2);
    const length = this.unsigned();
    const at = this.#take(length);
    return new ProtobufReader(this.#bytes, at, at + length);
  }

  skip(): void {
    switch (this.wireType) {
      case 0:
        this.unsigned();
        return;
      case 1:
        this.#take(8);
        return;
      case 2:
        this.#take(this.unsigned());
        return;
      case 5:
        this.#take(4);
        return;
      default:
        throw new MalformedData(`protobuf: the wire type ${this.wireType} is not known`);
    }
  }

  #expect(wireType: number): void {
    if (this.wireType === wireType) return;
    throw new MalformedData(`protobuf: field ${this.field} has the wire type ${this.wireType}, not ${wireType}`);
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] as number; // #take checked the bounds
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#end) throw new MalformedData('protobuf: the message ends too early');
    this.#at = at + length;
    return at;
  }
}
