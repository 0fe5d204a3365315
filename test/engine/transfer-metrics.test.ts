import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportMetrics, type ExportFormat } from '../../electron/engine/transfer/export-metrics.ts';
import { importOpenMetrics } from '../../electron/engine/transfer/import-openmetrics.ts';
import type { MetricStore } from '../../electron/engine/store/metrics/index.ts';
import { EVERYTHING, named, series, shown, START_MS, STEP_MS, storeFolder } from './store/metrics/fixture.ts';

const SECONDS = START_MS / 1000;

async function* pieces(text: string, size = 7): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield Promise.resolve(bytes.subarray(at, at + size));
}

describe('importing and exporting metrics', () => {
  let folder: ReturnType<typeof storeFolder>;
  beforeEach(() => {
    folder = storeFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const open = (): MetricStore => folder.open({ outOfOrderWindowMs: Infinity });

  function exported(store: MetricStore, format: ExportFormat, endMs = Infinity): string {
    const question = { selectors: [], startMs: 0, endMs, format };
    const parts: Buffer[] = [];
    for (const piece of exportMetrics(store, question)) parts.push(Buffer.from(piece));
    return Buffer.concat(parts).toString('latin1');
  }

  const TEXT = [
    '# TYPE a unknown',
    `a{x="1"} 1 ${String(SECONDS)}`,
    `a{x="1"} -0 ${String(SECONDS + 15)}`,
    `a{x="q\\"\\\\\\n"} +Inf ${String(SECONDS + 0.25)}`,
    '# TYPE "b.c" unknown',
    `{"b.c","ü"="ß"} NaN ${String(SECONDS)}`,
    '# EOF\n',
  ].join('\n');

  it('give back the text that was read, whatever its pieces', async () => {
    for (const size of [1, 7, 1000]) {
      const store = open();
      expect(await importOpenMetrics(pieces(TEXT, size), store)).toEqual({ ok: true, samples: 4 });
      expect(Buffer.from(exported(store, 'openmetrics'), 'latin1').toString()).toBe(TEXT);
      store.close();
    }
  });

  it('takes samples in any order, before what is there too', async () => {
    const store = open();
    const ref = store.ref(series('a', { x: '1' }));
    store.append(ref, START_MS + 100 * STEP_MS, 9);
    store.commit();
    await importOpenMetrics(pieces(TEXT), store);
    expect(shown(store.select(named('a'), 0, Infinity))).toMatchObject({ 'a{x="1"}': '0:1 1:-0 100:9' });
  });

  it('says where a text is wrong and keeps what came before', async () => {
    const store = open();
    const read = async (text: string): Promise<unknown> => importOpenMetrics(pieces(text), store);
    expect(await read('a 1 1\nb x 1\n# EOF\n')).toMatchObject({ ok: false, line: 2 });
    expect(await read('a 1\n# EOF\n')).toMatchObject({ ok: false, line: 1 });
    expect(await read('a 1 1\n')).toMatchObject({ ok: false, samples: 1 });
    expect(await read('a 1 1\n# EOF\na 1 2\n')).toMatchObject({ ok: false, samples: 1 });
    expect(store.select(EVERYTHING, 0, Infinity)).toHaveLength(1);
  });

  it('writes a line per sample as CSV and one per series as JSON, without stale markers', () => {
    const store = open();
    const ref = store.ref(series('a', { x: '1,2' }));
    store.append(ref, START_MS, 1.5);
    store.append(ref, START_MS + STEP_MS, NaN);
    store.appendStale(ref, START_MS + 2 * STEP_MS);
    expect(exported(store, 'csv')).toBe(
      'time,name,labels,value\r\n' +
        '2026-01-01T00:00:00.000Z,a,"{""x"":""1,2""}",1.5\r\n' +
        '2026-01-01T00:00:15.000Z,a,"{""x"":""1,2""}",NaN\r\n',
    );
    expect(JSON.parse(exported(store, 'json'))).toEqual({
      metric: { __name__: 'a', x: '1,2' },
      values: [1.5, 'NaN'],
      timestamps: [START_MS, START_MS + STEP_MS],
    });
    expect(exported(store, 'csv', START_MS - 1)).toBe('time,name,labels,value\r\n');
  });

  it('frames Parquet with its magic number and the length of its directory', () => {
    const store = open();
    for (let n = 0; n < 20; n++) store.append(store.ref(series('a', { n: String(n) })), START_MS, n);
    const bytes = Buffer.from(exported(store, 'parquet'), 'latin1');
    expect(bytes.subarray(0, 4).toString()).toBe('PAR1');
    expect(bytes.subarray(-4).toString()).toBe('PAR1');
    const length = bytes.readUInt32LE(bytes.length - 8);
    // Version 1, then a list of five structs: the root and its four columns.
    expect(bytes.subarray(bytes.length - 8 - length).subarray(0, 4)).toEqual(Buffer.from([0x15, 2, 0x19, 0x5c]));
  });

  it('reads a database that another process is writing to, as it was at the opening', () => {
    const writer = open();
    const ref = writer.ref(series('a'));
    writer.append(ref, START_MS, 1);
    writer.commit();
    const reader = folder.open({ readOnly: true });
    writer.append(ref, START_MS + STEP_MS, 2);
    writer.commit();
    expect(shown(reader.select(named('a'), 0, Infinity))).toEqual({ a: '0:1' });
    reader.close();
    expect(shown(writer.select(named('a'), 0, Infinity))).toEqual({ a: '0:1 1:2' });
  });
});
