import { describe, expect, it } from 'vitest';
import { decodeBlock, encodeBlock } from '../../../../electron/engine/store/metrics/block-codec.ts';
import { ByteReader, ByteWriter } from '../../../../electron/engine/store/metrics/byte-writer.ts';
import { columnScratch, decodeColumn, encodeColumn } from '../../../../electron/engine/store/metrics/column-codec.ts';
import { bitsOf, isStaleAt, markStaleAt } from '../../../../shared/model/stale-marker.ts';
import { seededRandom, START_MS } from './fixture.ts';

type Random = () => number;

/** Shapes of metrics, each a way to make a column of any length. */
const SHAPES: Record<string, (random: Random, count: number) => Float64Array> = {
  constant: (random, count) => new Float64Array(count).fill(Math.round(random() * 100)),
  'small counter': (random, count) => walk(count, 0, () => Math.floor(random() * 3)),
  'counter with resets': (random, count) =>
    walk(count, 1000, (at) => (random() < 0.05 ? -at : Math.floor(random() * 500))),
  'counter of bytes at ten gigabits': (random, count) => walk(count, 1e12, () => Math.round(random() * 2e10)),
  'counter near the largest integer': (random, count) => walk(count, 2 ** 49, () => Math.round(random() * 2 ** 48)),
  'beyond the largest integer': (random, count) =>
    Float64Array.from({ length: count }, () => Math.round(random() * 1e18)),
  'pages of memory': (random, count) => walk(count, 4096 * 1e6, () => 4096 * Math.round((random() - 0.5) * 2000)),
  'two decimals': (random, count) => walk(count, 1.5, (at) => Math.round((at + random() - 0.5) * 100) / 100 - at),
  'rounded to six decimals': (random, count) =>
    Float64Array.from({ length: count }, () => Math.round(random() * 1e6) / 1e6),
  'any doubles': (random, count) =>
    Float64Array.from({ length: count }, () => (random() - 0.5) * 10 ** (random() * 600 - 300)),
  noise: (random, count) => Float64Array.from({ length: count }, () => Math.floor(random() * 2 ** 31) - 2 ** 30),
  'any bits': (random, count) => {
    const bits = Uint32Array.from({ length: count * 2 }, () => Math.floor(random() * 2 ** 32));
    return new Float64Array(bits.buffer);
  },
  timestamps: (random, count) => walk(count, START_MS, () => 15_000 + Math.round((random() - 0.5) * 20)),
  'timestamps without jitter': (_random, count) => walk(count, START_MS, () => 15_000),
};
const ODD = [NaN, Infinity, -Infinity, -0, 0, 5e-324, Number.MAX_VALUE, 0.1 + 0.2];

function walk(count: number, start: number, step: (at: number) => number): Float64Array {
  let at = start;
  return Float64Array.from({ length: count }, () => (at += step(at)));
}

function withOddities(column: Float64Array, random: Random, share: number): Float64Array {
  const bits = bitsOf(column);
  for (let i = 0; i < column.length; i++) {
    if (random() >= share) continue;
    column[i] = ODD[Math.floor(random() * ODD.length)] ?? 0;
    if (random() < 0.3) markStaleAt(bits, i);
  }
  return column;
}

function roundTrip(values: Float64Array): { back: Float64Array; sizeBytes: number } {
  const writer = new ByteWriter(1);
  encodeColumn(writer, values);
  const back = new Float64Array(values.length + 3).fill(7);
  const reader = new ByteReader(writer.written());
  decodeColumn(reader, values.length, back, 2, columnScratch());
  expect(reader.position).toBe(writer.length);
  expect([back[0], back[1], back.at(-1)]).toEqual([7, 7, 7]);
  return { back: back.subarray(2, -1), sizeBytes: writer.length };
}

describe('column codec', () => {
  for (const [name, make] of Object.entries(SHAPES)) {
    it(`gives back every bit of a column of ${name}`, () => {
      const random = seededRandom(name.length);
      for (let round = 0; round < 60; round++) {
        const count = [1, 2, 3, 64, Math.floor(random() * 700) + 1][round % 5] ?? 1;
        const column = withOddities(make(random, count), random, [0, 0, 0.01, 0.3, 1][round % 4] ?? 0);
        const { back } = roundTrip(column);
        expect(Buffer.from(bitsOf(back).slice().buffer).equals(Buffer.from(bitsOf(column).slice().buffer))).toBe(true);
      }
    });
  }

  it('writes nothing for an empty column but its kind', () => {
    expect(roundTrip(new Float64Array(0)).sizeBytes).toBe(1);
  });

  it('takes about a byte per change of a counter and nothing for one that stands still', () => {
    const random = seededRandom(1);
    expect(roundTrip(walk(500, 1e9, () => 900 + Math.round(random() * 100))).sizeBytes).toBeLessThan(520);
    expect(roundTrip(new Float64Array(500).fill(1.5)).sizeBytes).toBe(9);
  });

  it('keeps the width of a column whose series begins or ends with a marker', () => {
    const column = walk(500, 1e9, () => 100);
    markStaleAt(bitsOf(column), 0);
    markStaleAt(bitsOf(column), 499);
    expect(roundTrip(column).sizeBytes).toBeLessThan(540); // one byte each, not the five of a jump from zero
  });

  it('refuses bytes that it did not write', () => {
    const scratch = columnScratch();
    expect(() => {
      decodeColumn(new ByteReader(Uint8Array.of(9, 9, 9)), 2, new Float64Array(2), 0, scratch);
    }).toThrow(/kind of column/);
    expect(() => {
      decodeColumn(new ByteReader(Uint8Array.of(4, 1)), 2, new Float64Array(2), 0, scratch);
    }).toThrow(/too early/);
  });
});

describe('block codec', () => {
  it('gives back each series, with one array of times for those that share them', () => {
    const times = walk(100, START_MS, () => 15_000);
    const other = walk(40, START_MS + 7, () => 60_000);
    const marked = walk(100, 0, () => 3);
    markStaleAt(bitsOf(marked), 99);
    const block = encodeBlock([
      { id: 700, times: other, values: walk(40, 0, () => 0.25) },
      { id: 3, times, values: marked },
      { id: 12, times: times.slice(), values: walk(100, 5, () => 1) },
    ]);
    expect(block).toMatchObject({ samples: 100, startMs: times[0], endMs: other.at(-1) });
    const entries = decodeBlock(block.data, block.rawSizeBytes, columnScratch());
    expect(entries.map(({ id }) => id)).toEqual([3, 12, 700]);
    expect(entries[0]?.times).toBe(entries[1]?.times);
    expect(entries[0]?.times).toEqual(times);
    expect(entries[2]?.times).toEqual(other);
    const last = new Float64Array(40);
    entries[2]?.decode(last, 0);
    expect(last).toEqual(walk(40, 0, () => 0.25));
    const first = new Float64Array(100);
    entries[0]?.decode(first, 0);
    expect(isStaleAt(bitsOf(first), 99)).toBe(true);
  });

  it('notices a changed byte', () => {
    const times = walk(100, START_MS, () => 15_000);
    const block = encodeBlock([{ id: 1, times, values: walk(100, 0, () => 7) }]);
    for (let at = 8; at < block.data.length; at += 5) {
      const damaged = block.data.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x41;
      expect(() => decodeBlock(damaged, block.rawSizeBytes, columnScratch())).toThrow();
    }
  });
});
