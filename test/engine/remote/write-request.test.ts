import { describe, expect, it } from 'vitest';
import {
  readWriteRequest,
  readWriteRequest2,
  type WrittenSeries,
} from '../../../electron/engine/remote/read-write-request.ts';
import { compressSnappy, decompressSnappy, MalformedData } from '../../../electron/engine/remote/snappy.ts';
import { writeRequest } from '../../../electron/engine/remote/write-request.ts';
import { asVersion2, writeRequest2 } from '../../../electron/engine/remote/write-request2.ts';
import { randomBytes } from './random-bytes.ts';

const sample = (timestampMs: number, value: number, isStale = false) => ({ timestampMs, value, isStale });
const bytes = (...parts: (number | string | number[])[]): number[] =>
  parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part));
/** A field that holds bytes. */
const field = (number: number, content: number[]): number[] => [number * 8 + 2, content.length, ...content];
const double = (value: number): number[] => [...new Uint8Array(new Float64Array([value]).buffer)];

describe('a message of remote write', () => {
  it('holds what was put in: any text, times before 1970, and a stale marker apart from other NaN', () => {
    const series: WrittenSeries[] = [
      { labels: ['__name__', 'up', 'job', 'größe "x"\n'], samples: [sample(1_735_689_600_123, 0.1), sample(-5, -0)], histograms: 0, exemplars: 0 }, // prettier-ignore
      { labels: ['__name__', 'mémoire'], samples: [sample(1, NaN, true), sample(2, NaN), sample(3, Infinity)], histograms: 0, exemplars: 0 }, // prettier-ignore
    ];
    expect([...readWriteRequest(writeRequest(series))]).toEqual(series);
  });

  it('is read in version 2.0 by its symbols, packed or not, and counts what is not stored', () => {
    const message = bytes(
      field(
        5,
        bytes(field(1, [1, 2]), field(2, bytes([1 * 8 + 1], double(2.5), [2 * 8, 7])), field(3, []), field(4, [])),
      ),
      field(5, bytes([1 * 8, 3, 1 * 8, 4], field(2, bytes([2 * 8, 8])))),
      field(4, []),
      ...['__name__', 'up', 'job', 'x'].map((text) => field(4, bytes(text))),
    );
    expect([...readWriteRequest2(Uint8Array.from(message))]).toEqual([
      { labels: ['__name__', 'up'], samples: [sample(7, 2.5)], histograms: 1, exemplars: 1 },
      { labels: ['job', 'x'], samples: [sample(8, 0)], histograms: 0, exemplars: 0 },
    ]);
  });

  it('is written in version 2.0 with every text once, the empty one first, byte by byte as the specification has it', () => {
    const series = [
      { labels: ['__name__', 'up', 'job', 'up'], samples: [sample(7, 2.5), sample(300, 1)] },
      { labels: ['__name__', 'x'], samples: [sample(8, NaN, true)] },
    ];
    const stale = [2, 0, 0, 0, 0, 0, 0xf0, 0x7f];
    const point = (bits: number[], time: number[]): number[] => field(2, bytes([1 * 8 + 1], bits, [2 * 8], time));
    expect([...writeRequest2(series)]).toEqual(
      bytes(
        ...['', '__name__', 'up', 'job', 'x'].map((text) => field(4, bytes(text))),
        field(5, bytes(field(1, [1, 2, 3, 2]), point(double(2.5), [7]), point(double(1), [0xac, 0x02]))),
        field(5, bytes(field(1, [1, 4]), point(stale, [8]))),
      ),
    );
  });

  it('is the same in both versions, with more symbols than a byte can number', () => {
    const series: WrittenSeries[] = Array.from({ length: 300 }, (_, n) => ({
      labels: ['__name__', `größe_${String(n)}`, 'job', 'x'],
      samples: [sample(1_735_689_600_123 + n, n / 7), sample(-5, -0), sample(9, NaN, true)],
      histograms: 0,
      exemplars: 0,
    }));
    const body = asVersion2(compressSnappy(writeRequest(series)));
    expect([...readWriteRequest2(decompressSnappy(body, 1e6))]).toEqual(series);
  });

  it('is refused where a label refers to no symbol, and where a text is not UTF-8', () => {
    expect(() => [...readWriteRequest2(Uint8Array.from(field(5, field(1, [9, 9]))))]).toThrow('symbol 9 of 0');
    const broken = field(1, field(1, bytes(field(1, [0xff]))));
    expect(() => [...readWriteRequest(Uint8Array.from(broken))]).toThrow('UTF-8');
  });

  it('never fails otherwise than by refusing, whatever the bytes', () => {
    const good = writeRequest([
      { labels: ['__name__', 'up', 'job', 'x'], samples: [sample(1_735_689_600_123, 0.1), sample(-5, 1)] },
      { labels: ['__name__', 'down'], samples: [sample(1, 2)] },
    ]);
    let refused = 0;
    for (let seed = 0; seed < 20_000; seed++) {
      const message = seed % 2 === 0 ? randomBytes(seed, seed % 60, 256) : good.slice(0, 1 + (seed % good.length));
      if (seed % 4 === 3) message[(seed >> 2) % message.length] = seed & 0xff;
      for (const read of [readWriteRequest, readWriteRequest2]) {
        try {
          for (const { samples } of read(message))
            for (const { timestampMs } of samples) expect(timestampMs).not.toBeNaN();
        } catch (error) {
          if (!(error instanceof MalformedData)) throw error;
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(1_000);
  });
});
