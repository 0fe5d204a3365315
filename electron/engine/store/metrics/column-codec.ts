import { type ByteReader, type ByteWriter, toSigned, toUnsigned } from './byte-writer.ts';
import { type DecimalColumn, decimalColumn } from './decimal-column.ts';

/**
 * Columns of doubles as bytes, exact to the bit (stale markers, NaN, -0 included). A column is one of
 *
 * - constant: the one value;
 * - decimal: `(first + factor * q) / 10^exponent` with integers q, of which the distance from a constant (order 0), the
 *   change (1) or the change of the change (2) is kept; values that do not fit are listed beside it;
 * - xor: each value's bits, exclusive-or with those before.
 *
 * Numbers are laid out in planes (all lowest bytes, then all second bytes, …). That reads back without a branch per value,
 * and the compressor that follows sees like beside like: measured 5 % smaller than variable-length numbers, and 7 % smaller
 * than Rice coding without a compressor.
 */
const KIND_CONSTANT = 0;
const KIND_DECIMAL = 1; // 1, 2, 3: orders 0, 1, 2
const KIND_XOR = 4;

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const POWERS_OF_256 = [1, 2 ** 8, 2 ** 16, 2 ** 24, 2 ** 32, 2 ** 40, 2 ** 48];

/** Working memory of {@link decodeColumn}, to be used again from column to column. */
export interface ColumnScratch {
  narrow: Int32Array;
  wide: Float64Array;
}

export function columnScratch(): ColumnScratch {
  return { narrow: new Int32Array(0), wide: new Float64Array(0) };
}

export function encodeColumn(writer: ByteWriter, values: Float64Array): void {
  if (isConstant(values)) {
    writer.byte(KIND_CONSTANT);
    if (values.length > 0) writer.raw(bytesOf(values.subarray(0, 1)));
    return;
  }
  const decimal = decimalColumn(values);
  if (decimal === null) encodeXorColumn(writer, values);
  else encodeDecimal(writer, values, decimal);
}

/** Write values as they are, for columns in which a search for a pattern is not worth its time. */
export function encodeXorColumn(writer: ByteWriter, values: Float64Array): void {
  writer.byte(KIND_XOR);
  const count = values.length;
  const source = bytesOf(values);
  const start = writer.reserve(count * 8);
  const target = writer.bytes;
  for (let plane = 0; plane < 8; plane++) {
    const lane = IS_LITTLE_ENDIAN ? plane : 7 - plane;
    let previous = 0;
    for (let i = 0, from = lane, to = start + plane * count; i < count; i++, from += 8, to++) {
      const current = source[from] as number; // within the column by construction, here and in the loops below
      target[to] = current ^ previous;
      previous = current;
    }
  }
}

/**
 * Read a column of `count` values into `out` from `at` on.
 *
 * @throws when the bytes are not what {@link encodeColumn} writes
 */
export function decodeColumn(
  reader: ByteReader,
  count: number,
  out: Float64Array,
  at: number,
  scratch: ColumnScratch,
): void {
  const kind = reader.byte();
  if (kind === KIND_CONSTANT) {
    if (count > 0) bytesOf(out).set(reader.raw(8), at * 8);
    // Copied as bytes, doubling: filling with the number could rewrite the bits of a NaN.
    for (let done = 1; done < count; done *= 2) out.copyWithin(at + done, at, at + Math.min(done, count - done));
  } else if (kind === KIND_XOR) decodeXor(reader, count, out, at);
  else if (kind >= KIND_DECIMAL && kind < KIND_XOR) decodeDecimal(reader, kind - KIND_DECIMAL, count, out, at, scratch);
  else throw new RangeError(`unknown kind of column: ${String(kind)}`);
}

function encodeDecimal(writer: ByteWriter, values: Float64Array, column: DecimalColumn): void {
  writer.byte(KIND_DECIMAL + column.order);
  writer.byte(column.exponent);
  writer.unsigned(column.factor);
  writer.signed(column.first);
  writer.signed(column.base);
  writer.unsigned(column.exceptions.length);
  const bytes = bytesOf(values);
  for (const index of column.exceptions) {
    writer.unsigned(index);
    writer.raw(bytes.subarray(index * 8, index * 8 + 8));
  }
  const count = values.length;
  const { residuals } = column;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const unsigned = toUnsigned(residuals[i] as number);
    residuals[i] = unsigned;
    if (unsigned > largest) largest = unsigned;
  }
  let width = 0;
  while (width < 7 && largest >= (POWERS_OF_256[width] as number)) width++;
  writer.byte(width);
  const start = writer.reserve(width * count);
  const target = writer.bytes;
  for (let plane = 0; plane < width; plane++) {
    const to = start + plane * count;
    if (width <= 4) {
      for (let i = 0; i < count; i++) target[to + i] = (residuals[i] as number) >>> (8 * plane);
    } else {
      const scale = POWERS_OF_256[plane] as number;
      for (let i = 0; i < count; i++) target[to + i] = Math.floor((residuals[i] as number) / scale) % 256;
    }
  }
}

function decodeDecimal(
  reader: ByteReader,
  order: number,
  count: number,
  out: Float64Array,
  at: number,
  scratch: ColumnScratch,
): void {
  const exponent = reader.byte();
  const factor = reader.unsigned();
  const first = reader.signed();
  const base = reader.signed();
  const exceptions: { index: number; bytes: Uint8Array }[] = [];
  for (let left = reader.unsigned(); left > 0; left--) {
    exceptions.push({ index: reader.unsigned(), bytes: reader.raw(8) });
  }
  const width = reader.byte();
  const planes = reader.raw(width * count);
  const residuals =
    width <= 4 ? narrowResiduals(planes, width, count, scratch) : wideResiduals(planes, width, count, scratch);
  const end = at + count;
  if (order === 0) {
    for (let i = at, r = 0; i < end; i++, r++) out[i] = first + factor * (base + (residuals[r] as number));
  } else if (order === 1) {
    let total = first;
    if (count > 0) out[at] = total;
    for (let i = at + 1, r = 1; i < end; i++, r++) out[i] = total += factor * (base + (residuals[r] as number));
  } else {
    let total = first;
    let step = base;
    if (count > 0) out[at] = total;
    for (let i = at + 1, r = 1; i < end; i++, r++) out[i] = total += factor * (step += residuals[r] as number);
  }
  if (exponent > 0) {
    const divisor = 10 ** exponent;
    for (let i = at; i < end; i++) out[i] = (out[i] as number) / divisor;
  }
  const outBytes = bytesOf(out);
  for (const { index, bytes } of exceptions) outBytes.set(bytes, (at + index) * 8);
}

function narrowResiduals(planes: Uint8Array, width: number, count: number, scratch: ColumnScratch): Int32Array {
  if (scratch.narrow.length < count) scratch.narrow = new Int32Array(Math.max(count, 1024));
  const out = scratch.narrow;
  if (width === 0) out.fill(0, 0, count);
  else if (width === 1) {
    for (let i = 0; i < count; i++) {
      const unsigned = planes[i] as number;
      out[i] = (unsigned >>> 1) ^ -(unsigned & 1);
    }
  } else if (width === 2) {
    for (let i = 0, j = count; i < count; i++, j++) {
      const unsigned = (planes[i] as number) | ((planes[j] as number) << 8);
      out[i] = (unsigned >>> 1) ^ -(unsigned & 1);
    }
  } else {
    for (let i = 0; i < count; i++) {
      let unsigned =
        (planes[i] as number) | ((planes[count + i] as number) << 8) | ((planes[2 * count + i] as number) << 16);
      if (width === 4) unsigned |= (planes[3 * count + i] as number) << 24;
      out[i] = (unsigned >>> 1) ^ -(unsigned & 1);
    }
  }
  return out;
}

function wideResiduals(planes: Uint8Array, width: number, count: number, scratch: ColumnScratch): Float64Array {
  if (scratch.wide.length < count) scratch.wide = new Float64Array(Math.max(count, 1024));
  const out = scratch.wide;
  for (let i = 0; i < count; i++) {
    let unsigned = 0;
    for (let plane = width - 1; plane >= 0; plane--) unsigned = unsigned * 256 + (planes[plane * count + i] as number);
    out[i] = toSigned(unsigned);
  }
  return out;
}

function decodeXor(reader: ByteReader, count: number, out: Float64Array, at: number): void {
  const source = reader.raw(count * 8);
  const target = bytesOf(out);
  for (let plane = 0; plane < 8; plane++) {
    let current = 0;
    let to = at * 8 + (IS_LITTLE_ENDIAN ? plane : 7 - plane);
    for (let from = plane * count, end = from + count; from < end; from++, to += 8) {
      current ^= source[from] as number;
      target[to] = current;
    }
  }
}

function isConstant(values: Float64Array): boolean {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let i = 2; i < words.length; i++) if (words[i] !== words[i & 1]) return false;
  return true;
}

function bytesOf(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
