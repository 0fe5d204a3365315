import { daysInMonth, weekdayOf, zonedCalendar, type Day } from './zoned-time.ts';

/** The zone of this machine. Source: Alertmanager manual, `location`. */
export const LOCAL = 'Local';

/** A range of whole numbers, both ends included. */
export interface NumberRange {
  readonly begin: number;
  readonly end: number;
}

/** A range of minutes of a day, the end excluded: 540 to 1020 is 09:00 to 17:00. */
export interface MinuteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * A repeating span of time. Each field that is given must contain the moment; an empty one contains all moments.
 * Source: Alertmanager manual, `<time_interval>`.
 */
export interface TimeInterval {
  readonly times: readonly MinuteRange[];
  /** 0 is Sunday. */
  readonly weekdays: readonly NumberRange[];
  /** From 1; negative ones count from the end of the month, -1 being its last day. */
  readonly daysOfMonth: readonly NumberRange[];
  /** From 1. */
  readonly months: readonly NumberRange[];
  readonly years: readonly NumberRange[];
  /** An IANA name; `Local` is this machine's zone. */
  readonly location: string;
}

/** Whether a moment (epoch milliseconds) lies in an interval. */
export function isInInterval(interval: TimeInterval, atMs: number): boolean {
  const calendar = zonedCalendar(interval.location === LOCAL ? null : interval.location);
  const day = calendar.dayAt(atMs);
  const minute = calendar.minuteAt(atMs);
  const { times, weekdays, daysOfMonth, months, years } = interval;
  return (
    (times.length === 0 || times.some(({ start, end }) => minute >= start && minute < end)) &&
    isInAny(weekdays, weekdayOf(day)) &&
    (daysOfMonth.length === 0 || daysOfMonth.some((range) => isDayInRange(range, day))) &&
    isInAny(months, day.month) &&
    isInAny(years, day.year)
  );
}

function isInAny(ranges: readonly NumberRange[], value: number): boolean {
  return ranges.length === 0 || ranges.some(({ begin, end }) => value >= begin && value <= end);
}

/** Days that the month does not have are cut off at its ends, so that 29 to 31 is empty in a short February. */
function isDayInRange({ begin, end }: NumberRange, on: Day): boolean {
  const days = daysInMonth(on);
  const first = begin < 0 ? days + begin + 1 : begin;
  const last = end < 0 ? days + end + 1 : end;
  if (first > days || last < 1) return false;
  return on.day >= first && on.day <= last;
}
