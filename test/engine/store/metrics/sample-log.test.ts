import { expect, test } from 'vitest';
import { compress } from '../../../../electron/engine/store/metrics/block-codec.ts';
import { ByteWriter } from '../../../../electron/engine/store/metrics/byte-writer.ts';
import { encodeColumn, encodeXorColumn } from '../../../../electron/engine/store/metrics/column-codec.ts';
import { BatchReader, SampleBatch } from '../../../../electron/engine/store/metrics/sample-log.ts';
import { isStaleAt } from '../../../../shared/model/stale-marker.ts';

type Sample = readonly [id: number, timestampMs: number, value: number, isStale: boolean];

const SAMPLES: readonly Sample[] = [
  [7, 15_000, 1.5, false],
  [8, 15_000, -0, false],
  [9, 15_000, NaN, false],
  [3, 15_000, NaN, true],
  [4, 30_000.5, Infinity, false],
  [4, 45_000.5, 5e-324, false],
  [4_000_000_000, -1, 2 ** 53, false],
];

function replayed(data: Uint8Array, rawSizeBytes: number): Sample[] {
  const { count, ids, times, values, bits } = new BatchReader().read(data, rawSizeBytes);
  return Array.from({ length: count }, (_, i) => [ids[i] ?? 0, times[i] ?? 0, values[i] ?? 0, isStaleAt(bits, i)]);
}

test('a batch gives back its samples to the bit, in their order', () => {
  const batch = new SampleBatch();
  const many: Sample[] = Array.from({ length: 5000 }, (_, i) => [i % 2000, 1000 * Math.floor(i / 2000), i / 7, false]);
  for (const samples of [SAMPLES, many, SAMPLES.slice(0, 1)]) {
    for (const sample of samples) batch.push(...sample);
    const { data, rawSizeBytes } = batch.encode();
    expect(replayed(data, rawSizeBytes)).toEqual(samples);
    batch.clear();
  }
});

test('a batch as earlier versions wrote it is read', () => {
  const plain = SAMPLES.filter(([, , , isStale]) => !isStale);
  const writer = new ByteWriter();
  writer.unsigned(plain.length);
  encodeColumn(
    writer,
    Float64Array.from(plain, ([id]) => id),
  );
  encodeColumn(
    writer,
    Float64Array.from(plain, ([, timestampMs]) => timestampMs),
  );
  encodeXorColumn(
    writer,
    Float64Array.from(plain, ([, , value]) => value),
  );
  expect(replayed(compress(writer.written(), 1), writer.length)).toEqual(plain);
});

test('a damaged batch is refused', () => {
  const writer = new ByteWriter();
  for (const byte of [0, 3, 1]) writer.byte(byte);
  expect(() => replayed(compress(writer.written(), 1), writer.length)).toThrow(/unknown version/);
});
