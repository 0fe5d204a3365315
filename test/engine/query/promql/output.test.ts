import { describe, expect, it } from 'vitest';

import {
  formatGoFloat,
  formatPromDuration,
  parsePromDuration,
  prometheusJson,
  prometheusJsonPieces,
  reduceColumns,
  type QueryResult,
} from '../../../../electron/engine/query/promql/index.ts';
import { NumberWriter, writeSeconds } from '../../../../electron/engine/query/promql/output/number-writer.ts';

describe('formatGoFloat', () => {
  it.each([
    [0, '0'],
    [-0, '-0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e-6, '0.000001'],
    [1e-7, '1e-07'],
    [-1.5e-10, '-1.5e-10'],
    [123456789012345680000, '123456789012345680000'],
    [1e21, '1e+21'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [5e-324, '5e-324'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
  ])('writes %d as Go does', (value, text) => {
    expect(formatGoFloat(value)).toBe(text);
  });
});

describe('durations', () => {
  it.each([
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
    ['250ms', 250],
    ['0s', 0],
  ])('reads and writes %s', (text, durationMs) => {
    expect(parsePromDuration(text)).toBe(durationMs);
    expect(formatPromDuration(durationMs)).toBe(text);
  });

  it.each(['', '5', '5x', 'm', '1m1h', '-5m'])('refuses %j', (text) => {
    expect(parsePromDuration(text)).toBeNull();
  });
});

describe('prometheusJson', () => {
  it('writes each type of result as the HTTP API of Prometheus does', () => {
    const labels = ['__name__', 'm', 'a', 'say "hi"'];
    expect(prometheusJson({ type: 'scalar', timestampMs: 1500, value: 1e-7 })).toBe(
      '{"resultType":"scalar","result":[1.5,"1e-07"]}',
    );
    expect(prometheusJson({ type: 'string', timestampMs: 1000, value: 'a"b' })).toBe(
      '{"resultType":"string","result":[1,"a\\"b"]}',
    );
    expect(prometheusJson({ type: 'vector', samples: [{ labels, timestampMs: 1_735_696_207_001, value: NaN }] })).toBe(
      '{"resultType":"vector","result":[{"metric":{"__name__":"m","a":"say \\"hi\\""},"value":[1735696207.001,"NaN"]}]}',
    );
    const series = { labels: [], timestamps: Float64Array.of(1000, 2000), values: Float64Array.of(1, Infinity) };
    expect(prometheusJson({ type: 'matrix', series: [series, series] })).toBe(
      '{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"],[2,"+Inf"]]},{"metric":{},"values":[[1,"1"],[2,"+Inf"]]}]}',
    );
  });

  it('comes in pieces: for each series its labels, and its points as bytes', () => {
    const series = { labels: [], timestamps: Float64Array.of(1000), values: Float64Array.of(1) };
    const pieces = [...prometheusJsonPieces({ type: 'matrix', series: [series, series, series] })];
    expect(pieces.map((piece) => typeof piece === 'string')).toEqual([
      true,
      true,
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  it('gives an empty range, and statistics behind the result', () => {
    const text = (result: QueryResult, stats?: string): string => [...prometheusJsonPieces(result, stats)].join('');
    expect(text({ type: 'matrix', series: [] })).toBe('{"resultType":"matrix","result":[]}');
    expect(text({ type: 'vector', samples: [] }, '{"a":1}')).toBe(
      '{"resultType":"vector","result":[],"stats":{"a":1}}',
    );
  });
});

describe('NumberWriter', () => {
  const bytes = Buffer.alloc(64);
  const numbers = new NumberWriter();
  const written = (value: number): string => bytes.toString('latin1', 0, numbers.write(bytes, 0, value));
  const special = [
    0,
    -0,
    NaN,
    Infinity,
    -Infinity,
    1e9,
    1e9 + 1,
    1e15,
    1e16,
    1e17,
    1e20,
    1e21,
    1e-5,
    1e-6,
    1e-7,
    5e-324,
  ];
  const hard = [0.1, 0.3, 0.5, 1 / 3, 9.999999999999998, 0.9999999999999999, 1.0000000000000002, 2 ** 53 + 2, 1.7e308];

  it('writes the text of formatGoFloat for hard numbers', () => {
    for (const value of [...special, ...hard, ...hard.map((one) => -one)])
      expect(written(value)).toBe(formatGoFloat(value));
  });

  it('writes the text of formatGoFloat for numbers of any size and number of digits', () => {
    const random = seededRandom(7);
    const wrong: number[] = [];
    for (let i = 0; i < 50_000; i++) {
      const any = (random() - 0.5) * 10 ** Math.floor(random() * 26 - 8);
      const short = Number(any.toPrecision(1 + (i % 17)));
      for (const value of [any, short, short * (1 + 2 ** -52)])
        if (written(value) !== formatGoFloat(value)) wrong.push(value);
    }
    expect(wrong).toEqual([]);
  });

  it('writes times as seconds with the decimals that they need', () => {
    for (const timestampMs of [
      0, 1, 10, 120, 999, 1000, 60_500, 1_735_689_600_000, 1_735_689_600_001, 1e13, -1500, 0.5,
    ]) {
      expect(bytes.toString('latin1', 0, writeSeconds(bytes, 0, timestampMs))).toBe(String(timestampMs / 1000));
    }
  });
});

/** Numbers from 0 to 1 that are the same in every run. Source: mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('reduceColumns', () => {
  const minutes = (count: number, valueAt: (i: number) => number) => ({
    timestamps: Float64Array.from({ length: count }, (_, i) => i * 60_000),
    values: Float64Array.from({ length: count }, (_, i) => valueAt(i)),
  });

  it('leaves a series alone that is short enough', () => {
    const series = minutes(10, (i) => i);
    expect(reduceColumns(series, 10, 60_000)).toEqual(series);
  });

  it('keeps the lowest and the highest value of every stretch', () => {
    const reduced = reduceColumns(
      minutes(1000, (i) => (i === 501 ? 99 : i === 700 ? -99 : 0)),
      60,
      60_000,
    );
    expect(reduced.timestamps.length).toBeLessThanOrEqual(60);
    expect(Math.max(...reduced.values)).toBe(99);
    expect(Math.min(...reduced.values)).toBe(-99);
    expect(reduced.timestamps[reduced.values.indexOf(99)]).toBe(501 * 60_000);
  });

  it('keeps the times ascending', () => {
    const { timestamps } = reduceColumns(minutes(5000, Math.sin), 100, 60_000);
    expect([...timestamps]).toEqual([...timestamps].sort((a, b) => a - b));
  });

  it('shows a missing step as a gap, reduced or not', () => {
    const series = { timestamps: Float64Array.of(0, 60_000, 240_000), values: Float64Array.of(1, 2, 3) };
    expect(reduceColumns(series, 10, 60_000)).toEqual({
      timestamps: Float64Array.of(0, 60_000, 120_000, 240_000),
      values: Float64Array.of(1, 2, NaN, 3),
    });
    const long = minutes(1000, (i) => i);
    const torn = {
      timestamps: long.timestamps.map((timestampMs, i) => (i < 500 ? timestampMs : timestampMs + 3_600_000)),
      values: long.values,
    };
    expect([...reduceColumns(torn, 60, 60_000).values].filter(Number.isNaN)).toHaveLength(1);
  });

  it('gives nothing for nothing', () => {
    expect(
      reduceColumns(
        minutes(0, () => 0),
        10,
        60_000,
      ).values,
    ).toHaveLength(0);
  });
});
