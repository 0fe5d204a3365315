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

/** The local parts of a moment. */
interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly minuteOfDay: number;
}

const WEEKDAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Whether a moment (epoch milliseconds) lies in an interval. */
export function isInInterval(interval: TimeInterval, atMs: number): boolean {
  const wall = wallTime(atMs, interval.location);
  const { times, weekdays, daysOfMonth, months, years } = interval;
  return (
    (times.length === 0 || times.some(({ start, end }) => wall.minuteOfDay >= start && wall.minuteOfDay < end)) &&
    isInAny(weekdays, wall.weekday) &&
    (daysOfMonth.length === 0 || daysOfMonth.some((range) => isDayInRange(range, wall))) &&
    isInAny(months, wall.month) &&
    isInAny(years, wall.year)
  );
}

/** Whether a zone's name is known; `Local` and `UTC` are. */
export function isTimeZone(name: string): boolean {
  try {
    wallTime(0, name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function isInAny(ranges: readonly NumberRange[], value: number): boolean {
  return ranges.length === 0 || ranges.some(({ begin, end }) => value >= begin && value <= end);
}

/** Days that the month does not have are cut off at its ends, so that 29 to 31 is empty in a short February. */
function isDayInRange({ begin, end }: NumberRange, { year, month, day }: WallTime): boolean {
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const first = begin < 0 ? daysInMonth + begin + 1 : begin;
  const last = end < 0 ? daysInMonth + end + 1 : end;
  if (first > daysInMonth || last < 1) return false;
  return day >= first && day <= last;
}

/** @throws RangeError for a zone that is not known */
function wallTime(atMs: number, location: string): WallTime {
  const zone = location === 'Local' ? {} : { timeZone: location };
  const format = new Intl.DateTimeFormat('en-US-u-hc-h23', {
    ...zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
  });
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return {
    year: Number(parts['year']),
    month: Number(parts['month']),
    day: Number(parts['day']),
    weekday: WEEKDAY_NAMES.indexOf(parts['weekday'] ?? ''),
    minuteOfDay: Number(parts['hour']) * 60 + Number(parts['minute']),
  };
}
