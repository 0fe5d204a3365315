const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/**
 * Writes the structs of a Thrift description. Field numbers must ascend within a struct; a struct ends with {@link end}.
 * Source: Apache Thrift, "Thrift Compact protocol".
 */
export class ThriftWriter {
  readonly #bytes: number[] = [];
  readonly #outer: number[] = [];
  #lastField = 0;

  i32(field: number, value: number): void {
    this.#field(field, I32);
    this.#integer(value);
  }

  /** A whole number of up to 2^53. */
  i64(field: number, value: number): void {
    this.#field(field, I64);
    this.#integer(value);
  }

  text(field: number, value: string): void {
    this.#field(field, BINARY);
    this.#text(value);
  }

  i32s(field: number, values: readonly number[]): void {
    this.#field(field, LIST);
    this.#listHead(values.length, I32);
    for (const value of values) this.#integer(value);
  }

  texts(field: number, values: readonly string[]): void {
    this.#field(field, LIST);
    this.#listHead(values.length, BINARY);
    for (const value of values) this.#text(value);
  }

  /** A list of structs: `count` times {@link beginElement}, its fields, and {@link end} must follow. */
  structs(field: number, count: number): void {
    this.#field(field, LIST);
    this.#listHead(count, STRUCT);
  }

  beginStruct(field: number): void {
    this.#field(field, STRUCT);
    this.beginElement();
  }

  beginElement(): void {
    this.#outer.push(this.#lastField);
    this.#lastField = 0;
  }

  end(): void {
    this.#bytes.push(0);
    this.#lastField = this.#outer.pop() ?? 0;
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  #field(field: number, type: number): void {
    this.#bytes.push(((field - this.#lastField) << 4) | type);
    this.#lastField = field;
  }

  #listHead(count: number, type: number): void {
    if (count < 15) this.#bytes.push((count << 4) | type);
    else {
      this.#bytes.push(0xf0 | type);
      this.#varint(count);
    }
  }

  #text(value: string): void {
    const bytes = Buffer.from(value);
    this.#varint(bytes.length);
    this.#bytes.push(...bytes);
  }

  /** Zigzag, then seven bits a byte. */
  #integer(value: number): void {
    this.#varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes.push((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.#bytes.push(rest);
  }
}
