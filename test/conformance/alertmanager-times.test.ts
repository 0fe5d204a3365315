import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noFindings } from '../../electron/engine/config/problem.ts';
import { readTimeInterval } from '../../electron/engine/config/read-time-intervals.ts';
import { readYaml, type PlainValue } from '../../electron/engine/config/yaml-source.ts';
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
