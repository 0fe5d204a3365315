import { describe, expect, it } from 'vitest';
import { compressSnappy, decompressSnappy, MalformedData } from '../../../electron/engine/remote/snappy.ts';
import { randomBytes } from './random-bytes.ts';

const LIMIT = 1 << 24;
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const text = (of: string): Uint8Array => new TextEncoder().encode(of);

describe('the block format of Snappy', () => {
  it('is read as its description says: literals, short copies, long copies that overlap', () => {
    // "Wikipedia" as a literal; then "abababab" as a literal of two and a copy that repeats it.
    expect(decompressSnappy(bytes(9, 0x20, ...text('Wikipedia')), LIMIT)).toEqual(text('Wikipedia'));
    expect(decompressSnappy(bytes(8, 0x04, ...text('ab'), 0x09, 2), LIMIT)).toEqual(text('abababa' + 'b'));
    expect(decompressSnappy(bytes(8, 0x04, ...text('ab'), 0x16, 2, 0), LIMIT)).toEqual(text('abababab'));
    expect(decompressSnappy(bytes(8, 0x04, ...text('ab'), 0x17, 2, 0, 0, 0), LIMIT)).toEqual(text('abababab'));
    expect(decompressSnappy(bytes(0), LIMIT)).toEqual(bytes());
  });

  it.each([0, 1, 3, 4, 5, 59, 60, 61, 64, 65, 255, 256, 257, 4_000, 65_535, 65_536, 65_537, 200_000])(
    'gives back %i bytes that were packed, whether they repeat or not',
    (size) => {
      for (const variety of [1, 2, 5, 256]) {
        const input = randomBytes(size + variety, size, variety);
        expect(Buffer.from(decompressSnappy(compressSnappy(input), LIMIT)).equals(Buffer.from(input))).toBe(true);
      }
    },
  );

  it('packs what repeats', () => {
    const input = text('http_requests_total{instance="host",method="get"} '.repeat(2_000));
    expect(compressSnappy(input).length).toBeLessThan(input.length / 15);
  });

  it.each([
    ['an empty block', bytes(), 'ends too early'],
    ['a length without an end', bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff), '32-bit'],
    ['a literal that is cut off', bytes(5, 0x10, 1, 2), 'ends too early'],
    ['more than it says', bytes(1, 0x04, 1, 2), 'more than it says'],
    ['less than it says', bytes(9, 0x00, 1), 'less than it says'],
    ['a copy from before the beginning', bytes(8, 0x00, 1, 0x09, 2), 'behind the beginning'],
    ['a copy from nowhere', bytes(8, 0x00, 1, 0x09, 0), 'behind the beginning'],
    ['a size beyond the limit', bytes(0xff, 0xff, 0xff, 0x7f), 'limit'],
  ])('refuses %s', (_name, block, reason) => {
    expect(() => decompressSnappy(block, LIMIT)).toThrow(MalformedData);
    expect(() => decompressSnappy(block, LIMIT)).toThrow(reason);
  });

  it('never fails otherwise than by refusing, whatever the bytes', () => {
    let refused = 0;
    for (let seed = 0; seed < 20_000; seed++) {
      const block = seed % 2 === 0 ? randomBytes(seed, seed % 40, 256) : compressSnappy(randomBytes(seed, 60, 3));
      if (seed % 2 === 1) block[seed % block.length] = (block[seed % block.length] as number) ^ (1 << (seed % 8));
      try {
        decompressSnappy(block, 4096);
      } catch (error) {
        if (!(error instanceof MalformedData)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(1_000);
  });
});
