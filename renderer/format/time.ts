import { formatNumber, MISSING } from './number.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY_MS = 24 * HOUR;

/** Each stretch with the Intl.DurationFormat fields that it is told in; two at most, so that a width does not jump. */
const STRETCHES = [
  ['day', DAY_MS],
  ['hour', HOUR],
  ['minute', MINUTE],
  ['second', SECOND],
] as const;

/** `84 ms`, `4.2 s`, `12 min 5 s`, `3 d 4 h`: the two largest parts, in the words of the language. */
export function formatDuration(durationMs: number | null | undefined, locale: string): string {
  if (durationMs === null || durationMs === undefined || !Number.isFinite(durationMs)) return MISSING;
  const size = Math.abs(durationMs);
  const sign = durationMs < 0 ? '−' : '';
  if (size < 1) return size === 0 ? part(0, 'millisecond', locale) : `${formatNumber(durationMs * 1000, locale)} µs`;
  if (size < SECOND) return sign + part(size, 'millisecond', locale);
  // Three digits of almost a minute would read "60 s".
  if (size < MINUTE - 50) return sign + part(size / SECOND, 'second', locale);
  let rest = Math.round(size / SECOND) * SECOND;
  const index = STRETCHES.findIndex(([, ms]) => rest >= ms);
  const words: string[] = [];
  for (const [unit, ms] of STRETCHES.slice(index, index + 2)) {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    if (count > 0 || words.length === 0) words.push(part(count, unit, locale));
  }
  return sign + words.join(' ');
}

/** English uses the symbols of the SI (`5 min`, `2 h`), which are shorter than what Intl writes. */
const SYMBOLS: Readonly<Record<string, string>> = {
  millisecond: 'ms',
  second: 's',
  minute: 'min',
  hour: 'h',
  day: 'd',
};

function part(count: number, unit: string, locale: string): string {
  if (locale.startsWith('en')) return `${formatNumber(count, locale)} ${SYMBOLS[unit] ?? unit}`;
  return cached(`${locale} ${unit}`, numbers, () => {
    return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumSignificantDigits: 3 });
  }).format(count);
}

/** `12s ago`, `in 3h`; from a day on the date itself. */
export function formatRelative(at: number | null | undefined, now: number, locale: string): string {
  if (at === null || at === undefined) return MISSING;
  const distance = at - now;
  const size = Math.abs(distance);
  if (size >= DAY_MS) return formatDateTime(at).slice(0, 16);
  const format = cached(
    locale,
    relatives,
    () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' }),
  );
  if (size >= HOUR) return format.format(Math.trunc(distance / HOUR), 'hour');
  if (size >= MINUTE) return format.format(Math.trunc(distance / MINUTE), 'minute');
  return format.format(Math.trunc(distance / SECOND), 'second');
}

/** `14:02:11`, local time of day, 24 hours. */
export function formatClock(at: number | null | undefined, locale: string): string {
  return formatWith(at, locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
}

/** `14:02:11.084`: for log lines and beats, where order within a second matters. */
export function formatClockMs(at: number | null | undefined, locale: string): string {
  return formatWith(at, locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
}

/** Date and time of day, local, to the second, as ISO 8601 orders them: `2026-11-22 14:02:11` in every language. */
export function formatDateTime(at: number | null | undefined): string {
  if (at === null || at === undefined || !Number.isFinite(at)) return MISSING;
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Month and day: the coarse ticks of an axis. */
export function formatDay(at: number, locale: string): string {
  return formatWith(at, locale, { month: 'short', day: 'numeric' });
}

/** Hours and minutes: the ordinary ticks of an axis. */
export function formatHourMinute(at: number, locale: string): string {
  return formatWith(at, locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

const numbers = new Map<string, Intl.NumberFormat>();
const relatives = new Map<string, Intl.RelativeTimeFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

function formatWith(at: number | null | undefined, locale: string, options: Intl.DateTimeFormatOptions): string {
  if (at === null || at === undefined || !Number.isFinite(at)) return MISSING;
  return cached(`${locale} ${JSON.stringify(options)}`, dates, () => new Intl.DateTimeFormat(locale, options)).format(
    at,
  );
}

function cached<T>(key: string, known: Map<string, T>, make: () => T): T {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = make()));
  return value;
}
