import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createLineCache } from '../../electron/engine/collect/scrape/line-cache.ts';
import type { MetadataMap } from '../../electron/engine/collect/scrape/metadata.ts';
import { createColumns, parseExposition } from '../../electron/engine/collect/scrape/parse-exposition.ts';

const folder = join(import.meta.dirname, '../../../shared/conformance/textparse');

beforeAll(() => {
  if (!existsSync(folder)) throw new Error(`The conformance data is missing: ${folder}`);
});

test.each([
  ['alltypes.237mfs.prom.txt', 'prometheus', 237],
  ['alltypes.237mfs.nometa.prom.txt', 'prometheus', 0],
  ['alltypes.5mfs.om.txt', 'openmetrics', 5],
  ['1histogram.om.txt', 'openmetrics', 1],
] as const)('%s is read completely', (file, format, families) => {
  const body = readFileSync(join(folder, file));
  const lines = body
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines.length).toBeGreaterThan(40);
  const columns = createColumns<string>();
  const metadata: MetadataMap = new Map();
  const cache = createLineCache<string>();
  let resolved = 0;
  const resolve = ({ name, pairs }: { name: string; pairs: readonly unknown[] }): { ok: true; series: string } => {
    resolved++;
    return { ok: true, series: `${name} ${String(pairs.length - 1)}` };
  };
  for (const round of [1, 2]) {
    expect([round, parseExposition(body, { format, cache, metadata, columns, resolve })]).toEqual([
      round,
      { ok: true },
    ]);
    expect(columns.count).toBe(lines.length);
    lines.forEach((line, i) => {
      const [, name = '', labels = '', value = ''] = /^([^{ ]+)(?:\{(.*?)\})? ([^ ]+)/.exec(line) ?? [];
      const count = labels === '' ? 0 : (labels.match(/="/g) ?? []).length;
      expect(columns.series[i]).toBe(`${name} ${String(count)}`);
      expect(columns.values[i]).toBe(value === '+Inf' ? Infinity : Number(value));
    });
  }
  expect(resolved).toBe(lines.length);
  expect(metadata.size).toBe(families);
});
