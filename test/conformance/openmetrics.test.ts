import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkOpenMetrics } from '../../electron/engine/collect/scrape/check-openmetrics.ts';

const folder = join(import.meta.dirname, '../../../shared/conformance/openmetrics/parsers');
if (!existsSync(folder)) throw new Error(`The conformance data is missing: ${folder}`);

const cases = readdirSync(folder).map((name) => {
  const { file, shouldParse } = JSON.parse(readFileSync(join(folder, name, 'test.json'), 'utf8')) as {
    file: string;
    shouldParse: boolean;
  };
  return { name, text: readFileSync(join(folder, name, file), 'utf8'), shouldParse };
});

test('all of the data is there', () => {
  expect(cases.filter(({ shouldParse }) => shouldParse)).toHaveLength(44);
  expect(cases.filter(({ shouldParse }) => !shouldParse)).toHaveLength(167);
});

describe('what is valid is accepted', () => {
  test.each(cases.filter(({ shouldParse }) => shouldParse))('$name', ({ text }) => {
    expect(checkOpenMetrics(text)).toEqual({ ok: true });
  });
});

describe('what is invalid is refused with a line and a reason', () => {
  test.each(cases.filter(({ shouldParse }) => !shouldParse))('$name', ({ text }) => {
    expect(checkOpenMetrics(text)).toEqual({
      ok: false,
      problem: { line: expect.any(Number) as number, message: expect.stringMatching(/.{10}/) as string },
    });
  });
});

test('a real exposition is accepted, and one whose histogram breaks a rule is not', () => {
  const read = (file: string): string => readFileSync(join(folder, '../../textparse', file), 'utf8');
  expect(checkOpenMetrics(read('1histogram.om.txt'))).toEqual({ ok: true });
  expect(checkOpenMetrics(read('alltypes.5mfs.om.txt'))).toMatchObject({
    problem: { message: expect.stringContaining('rpc_durations_histogram_seconds_sum is never negative') as string },
  });
});
