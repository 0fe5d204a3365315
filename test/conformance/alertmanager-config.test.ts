import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkFiles } from '../../electron/engine/config/index.ts';
import {
  parseClassicMatchers,
  parseMatchers,
  parseNewerMatchers,
} from '../../electron/engine/config/parse-matchers.ts';
import { noFindings } from '../../electron/engine/config/problem.ts';
import { readTimeInterval } from '../../electron/engine/config/read-time-intervals.ts';
import { readYaml, type PlainValue } from '../../electron/engine/config/yaml-source.ts';
import { languageChecks } from '../../electron/engine/language-checks.ts';
import { isInInterval, type TimeInterval } from '../../electron/engine/schedule/time-interval.ts';

const FOLDER = '../shared/conformance/alertmanager';

function load(name: string): unknown {
  const file = `${FOLDER}/cases/${name}.json`;
  if (!existsSync(file)) throw new Error(`${file} is missing: run this beside the conformance data.`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** `02 Jan 06 15:04 -0700` in epoch milliseconds. */
function instant(text: string): number {
  const [, day, month, year, clock, zone] = /^(\d+) (\w+) (\d\d) (\d\d:\d\d) ([+-]\d{4})$/.exec(text) ?? [];
  return Date.parse(`${day ?? ''} ${month ?? ''} 20${year ?? ''} ${clock ?? ''} ${zone ?? ''}`);
}

function readIntervals(yaml: string): { intervals: TimeInterval[]; problems: string[] } {
  const reading = readYaml(yaml, 'times.yml');
  if (!reading.ok) throw new Error(JSON.stringify(reading));
  const findings = noFindings();
  const { source } = reading;
  const intervals = (source.value as readonly PlainValue[]).flatMap(
    (value, index) => readTimeInterval(value, { source, path: [index] }, findings) ?? [],
  );
  return { intervals, problems: findings.problems.map(({ message }) => message) };
}

interface GoRange {
  Begin: number;
  End: number;
}
interface GoInterval {
  Times?: { StartMinute: number; EndMinute: number }[];
  Weekdays?: GoRange[][];
  DaysOfMonth?: GoRange[][];
  Months?: GoRange[][];
  Years?: GoRange[][];
  Location?: string[];
}
interface TimeCases {
  structs: { interval: GoInterval; valid: string[]; invalid: string[] }[];
  time_ranges: { yaml: string; expectError: boolean; range: { StartMinute?: number; EndMinute?: number } }[];
  yaml: { yaml: string; contains: string[]; excludes: string[]; expectError: boolean; err: string | null }[];
}

describe('time intervals of Alertmanager', () => {
  const cases = load('time-intervals') as TimeCases;
  const ranges = (list: GoRange[][] = []) => list.flat().map(({ Begin: begin, End: end }) => ({ begin, end }));

  it.each(cases.structs)('contain the same moments: $interval', ({ interval, valid, invalid }) => {
    const read: TimeInterval = {
      times: (interval.Times ?? []).map(({ StartMinute, EndMinute }) => ({ start: StartMinute, end: EndMinute })),
      weekdays: ranges(interval.Weekdays),
      daysOfMonth: ranges(interval.DaysOfMonth),
      months: ranges(interval.Months),
      years: ranges(interval.Years),
      location: interval.Location?.[0] ?? 'UTC',
    };
    expect(valid.filter((at) => !isInInterval(read, instant(at)))).toEqual([]);
    expect(invalid.filter((at) => isInInterval(read, instant(at)))).toEqual([]);
  });

  it.each(cases.time_ranges)('take the same times of day: $yaml', ({ yaml, expectError, range }) => {
    const { intervals, problems } = readIntervals(`- times: [${yaml}]`);
    expect(problems.length > 0).toBe(expectError);
    if (!expectError) expect(intervals[0]?.times).toEqual([{ start: range.StartMinute, end: range.EndMinute }]);
  });

  it.each(cases.yaml)('are read and refused alike: $yaml', ({ yaml, contains, excludes, expectError, err }) => {
    const { intervals, problems } = readIntervals(yaml);
    expect(problems).toEqual(expectError ? [`${err ?? ''}.`] : []);
    const isIn = (at: string): boolean => intervals.some((interval) => isInInterval(interval, instant(at)));
    expect(contains.filter((at) => !isIn(at))).toEqual([]);
    expect(excludes.filter(isIn)).toEqual([]);
  });
});

interface MatcherCase {
  name?: string;
  input: string;
  want: { name: string; op: string; value: string }[] | { name: string; op: string; value: string } | null;
  error: string | null;
  parsers_disagree?: boolean;
}

describe('matchers of Alertmanager', () => {
  const cases = load('matchers') as Record<
    'utf8_list' | 'utf8_single' | 'classic_list' | 'compliance_both',
    MatcherCase[]
  >;
  const wanted = ({ want }: MatcherCase) =>
    (Array.isArray(want) ? want : want === null ? [] : [want]).map(({ name, op, value }) => ({
      name,
      operator: op,
      value,
    }));
  const parsers = { utf8_list: parseNewerMatchers, classic_list: parseClassicMatchers } as const;
  for (const [list, parse] of Object.entries(parsers)) {
    it.each(cases[list as keyof typeof parsers])(`${list}: $input`, (one) => {
      const reading = parse(one.input);
      expect(reading.ok).toBe(one.error === null);
      if (reading.ok) expect(reading.value).toEqual(wanted(one));
    });
  }
  it.each(cases.utf8_single)('single: $input', (one) => {
    const reading = parseNewerMatchers(one.input);
    const isOne = reading.ok && reading.value.length === 1;
    expect(isOne).toBe(one.error === null);
    if (isOne) expect(reading.value).toEqual(wanted(one));
  });
  it.each(cases.compliance_both)('either parser: $input', (one) => {
    const reading = parseMatchers(one.input);
    expect(reading.ok).toBe(one.error === null);
    if (reading.ok) expect(reading.value).toEqual(wanted(one));
  });
});

describe('configurations of Alertmanager', () => {
  const ports = { environment: {}, ...languageChecks };
  const verdict = async (file: string, files?: Record<string, string>) => {
    const readFile = files === undefined ? undefined : (path: string) => Promise.resolve(files[path] ?? '');
    const [checked] = await checkFiles('alertmanager', [file], readFile === undefined ? ports : { ...ports, readFile });
    return checked;
  };
  it.each(load('config-files') as { file: string; error: string | null }[])('$file', async ({ file, error }) => {
    const checked = await verdict(`${FOLDER}/${file}`);
    expect([error, checked?.ok, checked?.problems.map(({ message }) => message)]).toEqual([
      error,
      error === null,
      error === null ? [] : expect.anything(),
    ]);
  });
  it.each(load('config-inline') as { test: string; yaml: string; error: string | null }[])(
    '$test $error',
    async ({ yaml, error }) => {
      const checked = await verdict('/am.yml', { '/am.yml': yaml });
      expect([error, checked?.ok, checked?.problems.map(({ message }) => message)]).toEqual([
        error,
        error === null,
        error === null ? [] : expect.anything(),
      ]);
    },
  );
});
