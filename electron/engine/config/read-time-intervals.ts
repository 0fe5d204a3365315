import { LOCAL, type MinuteRange, type NumberRange, type TimeInterval } from '../schedule/time-interval.ts';
import { isTimeZone } from '../schedule/zoned-time.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import { timeInterval, timeIntervalParts } from './schema/alertmanager-schema.ts';
import { validate } from './validate.ts';
import type { PlainValue } from './yaml-source.ts';

/** The intervals by name; each is in force when one of its parts is. */
export type NamedTimeIntervals = Readonly<Record<string, readonly TimeInterval[]>>;

/** Lists of named intervals: `time_intervals`, and `mute_time_intervals`, its older name. */
export interface RawTimes {
  readonly time_intervals?: readonly unknown[] | undefined;
  readonly mute_time_intervals?: readonly unknown[] | undefined;
}

export function readTimeIntervals(raw: RawTimes, place: Place, findings: Findings): NamedTimeIntervals {
  const named: Record<string, readonly TimeInterval[]> = {};
  for (const key of ['time_intervals', 'mute_time_intervals'] as const) {
    for (const [index, entry] of (raw[key] ?? []).entries()) {
      const at = below(place, key, index);
      const interval = validate(timeInterval, entry as PlainValue, at, findings);
      if (interval === undefined) continue;
      const { name } = interval;
      if (name === '') {
        findings.problems.push(problemAt(below(at, 'name'), 'missing name in time interval.', 'Name it.'));
      }
      if (Object.hasOwn(named, name)) {
        const message = `time interval "${name}" is not unique.`;
        findings.problems.push(problemAt(below(at, 'name'), message, 'Give each interval a name of its own.'));
      }
      named[name] = (interval.time_intervals ?? []).flatMap(
        (part, place) => readTimeInterval(part as PlainValue, below(at, 'time_intervals', place), findings) ?? [],
      );
    }
  }
  return named;
}

/**
 * One interval; null when a part of it is wrong.
 *
 * Source: Alertmanager manual, `<time_interval>`; the messages are those of its `timeinterval` package.
 */
export function readTimeInterval(value: PlainValue, place: Place, findings: Findings): TimeInterval | null {
  const before = findings.problems.length;
  const raw = validate(timeIntervalParts, value ?? {}, place, findings);
  if (raw === undefined) return null;
  const collect = <T>(key: keyof typeof READERS & keyof typeof raw, read: (text: string) => T): T[] =>
    (raw[key] ?? []).flatMap((text, index) => {
      try {
        return [read(text)];
      } catch (error) {
        if (!(error instanceof IntervalFault)) throw error;
        findings.problems.push(problemAt(below(place, key, index), `${error.message}.`, READERS[key]));
        return [];
      }
    });
  const times = (raw.times ?? []).flatMap((range, index) => {
    try {
      return [readMinutes(range.start_time, range.end_time)];
    } catch (error) {
      if (!(error instanceof IntervalFault)) throw error;
      const remedy = 'Write start_time and end_time as HH:MM, split at midnight; 24:00 is the end of a day.';
      findings.problems.push(problemAt(below(place, 'times', index), `${error.message}.`, remedy));
      return [];
    }
  });
  const interval: TimeInterval = {
    times,
    weekdays: collect('weekdays', (text) => ordered(text, weekday, () => 'start day cannot be before end day')),
    daysOfMonth: collect('days_of_month', readDays),
    months: collect('months', (text) =>
      ordered(text, month, (from, to) => `end month ${to} is before start month ${from}`),
    ),
    years: collect('years', (text) => ordered(text, year, (from, to) => `end year ${to} is before start year ${from}`)),
    location: raw.location ?? 'UTC',
  };
  if (interval.location !== LOCAL && !isTimeZone(interval.location)) {
    const message = `unknown time zone ${interval.location}.`;
    findings.problems.push(
      problemAt(below(place, 'location'), message, 'Use a name like Asia/Shanghai, UTC or Local.'),
    );
  }
  return findings.problems.length > before ? null : interval;
}

/** What to write, by key. */
const READERS = {
  weekdays: 'Write names, such as monday or monday:friday.',
  days_of_month: 'Write days from 1 to 31, or from -1 (the last) to -31, such as 1:5 or -3:-1.',
  months: 'Write names or numbers, such as january:march or 1:3.',
  years: 'Write years, such as 2026 or 2026:2028.',
} as const;

class IntervalFault extends Error {}

/** By the number of the day; 0 is Sunday. */
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

function ends(text: string): readonly [from: string, to: string] {
  const [from = '', to = from, ...more] = text.toLowerCase().split(':');
  if (more.length > 0) throw new IntervalFault(`"${text}" holds more than one ":"`);
  return [from, to];
}

function ordered(
  text: string,
  read: (word: string) => number,
  complain: (from: string, to: string) => string,
): NumberRange {
  const [from, to] = ends(text);
  const range = { begin: read(from), end: read(to) };
  if (range.begin > range.end) throw new IntervalFault(complain(from, to));
  return range;
}

function weekday(word: string): number {
  const index = WEEKDAYS.indexOf(word);
  if (index < 0) throw new IntervalFault(`${word} is not a valid weekday`);
  return index;
}

function month(word: string): number {
  const index = MONTHS.indexOf(word) + 1;
  const number = index > 0 ? index : wholeNumber(word);
  if (number === null || number < 1 || number > 12) throw new IntervalFault(`${word} is not a valid month`);
  return number;
}

function year(word: string): number {
  const number = wholeNumber(word);
  if (number === null) throw new IntervalFault(`${word} is not a valid year`);
  return number;
}

function readDays(text: string): NumberRange {
  const [from, to] = ends(text);
  const [begin, end] = [dayOfMonth(from), dayOfMonth(to)];
  if (begin < 0 && end > 0) throw new IntervalFault('end day must be negative if start day is negative');
  // Compared as in the shortest month in which both can be meant: one of 31 days.
  const last = end < 0 ? 31 + end + 1 : end;
  const first = begin < 0 ? 31 + begin + 1 : begin;
  if (last < first) throw new IntervalFault(`end day ${to} is always before start day ${from}`);
  return { begin, end };
}

function dayOfMonth(word: string): number {
  const number = wholeNumber(word);
  if (number === null) throw new IntervalFault(`${word} is not a valid day of the month`);
  if (number === 0 || Math.abs(number) > 31) {
    throw new IntervalFault(`${word} is not a valid day of the month: out of range`);
  }
  return number;
}

function wholeNumber(word: string): number | null {
  return /^-?\d+$/.test(word) ? Number(word) : null;
}

function readMinutes(startText: string | undefined, endText: string | undefined): MinuteRange {
  if (startText === undefined || endText === undefined) {
    throw new IntervalFault('both start and end times must be provided');
  }
  const [start, end] = [minuteOfDay(startText), minuteOfDay(endText)];
  if (start >= end) throw new IntervalFault('start time cannot be equal or greater than end time');
  return { start, end };
}

function minuteOfDay(text: string): number {
  const [, hours, minutes] = /^((?:[01]\d|2[0-3])(?=:[0-5]\d$)|24(?=:00$)):(\d\d)$/.exec(text) ?? [];
  if (hours === undefined) throw new IntervalFault(`couldn't parse timestamp ${text}, invalid format`);
  return Number(hours) * 60 + Number(minutes);
}
