/**
 * Snappy's block format, in which Prometheus sends samples.
 * Source: google/snappy, format_description.txt.
 */

/** What came from outside and cannot be read. */
export class MalformedData extends Error {}

/** @throws MalformedData when the block is broken, or holds more than `mostBytes` */
export function decompressSnappy(block: Uint8Array, mostBytes: number): Uint8Array {
  const { value: size, next } = readSize(block);
  if (size > mostBytes) throw new MalformedData(`snappy: ${size} bytes are more than the limit of ${mostBytes}`);
  const output = new Uint8Array(size);
  let [from, to] = [next, 0];
  const need = (count: number): void => {
    if (from + count > block.length) throw new MalformedData('snappy: the block ends too early');
  };
  const room = (count: number): void => {
    if (to + count > size) throw new MalformedData('snappy: the block holds more than it says');
  };
  while (from < block.length) {
    const tag = block[from++] as number; // inside the bounds that the loop checks
    if ((tag & 3) === 0) {
      let length = tag >>> 2;
      if (length >= 60) {
        const digits = length - 59;
        need(digits);
        length = littleEndian(block, from, digits);
        from += digits;
      }
      length += 1;
      need(length);
      room(length);
      output.set(block.subarray(from, from + length), to);
      from += length;
      to += length;
      continue;
    }
    const isShort = (tag & 3) === 1;
    const digits = isShort ? 1 : (tag & 3) === 2 ? 2 : 4;
    need(digits);
    const length = isShort ? 4 + ((tag >>> 2) & 7) : 1 + (tag >>> 2);
    const offset = littleEndian(block, from, digits) + (isShort ? (tag >>> 5) * 256 : 0);
    from += digits;
    room(length);
    if (offset === 0 || offset > to) throw new MalformedData('snappy: a copy reaches behind the beginning');
    // A copy may overlap what it writes, so that a short pattern fills a long stretch.
    if (offset >= length) output.copyWithin(to, to - offset, to - offset + length);
    else for (let i = 0; i < length; i++) output[to + i] = output[to + i - offset] as number;
    to += length;
  }
  if (to !== size) throw new MalformedData('snappy: the block holds less than it says');
  return output;
}

/** The length in front: a varint of at most 32 bits. */
function readSize(block: Uint8Array): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i];
    if (byte === undefined) throw new MalformedData('snappy: the block ends too early');
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) {
      if (value > 0xffffffff) break;
      return { value, next: i + 1 };
    }
  }
  throw new MalformedData('snappy: the length is not a 32-bit number');
}

function littleEndian(bytes: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = 0; i < digits; i++) value += (bytes[at + i] as number) * 2 ** (8 * i); // the caller checked the bounds
  return value;
}

/** Copies look back at most this far, which also is what Snappy's own encoder does. */
const FRAGMENT_BYTES = 65_536;
const HASH_BITS = 14;

/** Compress into one block. Greedy, with one hash table, as Snappy's own encoder. */
export function compressSnappy(input: Uint8Array): Uint8Array {
  const output = new Uint8Array(32 + input.length + Math.ceil(input.length / 6));
  let to = 0;
  for (let rest = input.length; ; rest = Math.floor(rest / 128)) {
    output[to++] = rest < 128 ? rest : (rest % 128) | 128;
    if (rest < 128) break;
  }
  const table = new Uint16Array(1 << HASH_BITS);
  for (let start = 0; start < input.length; start += FRAGMENT_BYTES) {
    const end = Math.min(start + FRAGMENT_BYTES, input.length);
    table.fill(0);
    to = compressFragment(input, start, end, table, output, to);
  }
  return output.slice(0, to);
}

function compressFragment(
  input: Uint8Array,
  start: number,
  end: number,
  table: Uint16Array,
  output: Uint8Array,
  to: number,
): number {
  let literalFrom = start;
  let at = start + 1;
  const lastMatch = end - 4;
  while (at <= lastMatch) {
    const word = wordAt(input, at);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
    const candidate = start + (table[slot] as number); // a slot is below the table's size
    table[slot] = at - start;
    if (candidate >= at || wordAt(input, candidate) !== word) {
      at += 1 + ((at - literalFrom) >>> 5); // data that does not compress is passed over faster and faster
      continue;
    }
    let length = 4;
    while (at + length < end && input[candidate + length] === input[at + length]) length++;
    to = writeLiteral(input, literalFrom, at, output, to);
    to = writeCopies(at - candidate, length, output, to);
    at += length;
    literalFrom = at;
  }
  return writeLiteral(input, literalFrom, end, output, to);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function writeLiteral(input: Uint8Array, from: number, end: number, output: Uint8Array, to: number): number {
  const length = end - from;
  if (length === 0) return to;
  if (length <= 60) output[to++] = (length - 1) << 2;
  else {
    const digits = length <= 256 ? 1 : 2; // a fragment is no longer than two bytes can say
    output[to++] = (59 + digits) << 2;
    output[to++] = (length - 1) & 0xff;
    if (digits === 2) output[to++] = (length - 1) >>> 8;
  }
  output.set(input.subarray(from, end), to);
  return to + length;
}

function writeCopies(offset: number, length: number, output: Uint8Array, to: number): number {
  for (let rest = length; rest > 0;) {
    // Never leave one to three bytes over: the shortest copy would be longer than they are.
    const count = rest > 64 && rest < 68 ? 60 : Math.min(rest, 64);
    output[to++] = ((count - 1) << 2) | 2;
    output[to++] = offset & 0xff;
    output[to++] = offset >>> 8;
    rest -= count;
  }
  return to;
}
