const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** `02/Jan/2026:03:04:05.678 +0000`, `02-Jan-2026 03:04:05.678`, `2 Jan 2026 03:04:05`. */
const DAY_FIRST =
  /(\d{1,2})[-/ ]([A-Za-z]{3})[-/ ](\d{4})[: ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|UTC|GMT|[+-]\d\d:?\d\d))?/y;
/** `Jan  2 03:04:05`, `Fri Jan 02 03:04:05.678901 2026`. */
const MONTH_FIRST =
  /(?:[A-Z][a-z]{2},? )?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: (\d{4})(?!\d))?/y;
/** `26/01/02 03:04:05`. */
const SHORT_YEAR = /(\d\d)\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/y;
/** `03:04:05.678`: the fraction tells it from a duration. */
const TIME_ONLY = /(\d\d):(\d\d):(\d\d)[.,](\d{3,9})(?!\d)/y;
/** Seconds with a fraction, or milliseconds, since 1970. */
const EPOCH = /(1\d{9}\.\d{3,9}|1\d{12})(?=[\s\]|]|$)/y;
const ZONE = / ?(Z|UTC|GMT|[+-]\d\d:?\d\d)(?![0-9A-Za-z])/y;

/**
 * Reads the point in time written at a place of a text. Times without a zone are local. The result is in the fields, not
 * in an object per line; each stream has its own reader.
 */
export class TimeReader {
  /** Epoch milliseconds of the last successful `read`. */
  timestampMs = 0;
  /** Where the time ended in the text. */
  end = 0;
  readonly #offsetMinutesAt: (localMs: number) => number;
  #cachedHour = Number.NaN;
  #cachedOffsetMs = 0;

  /** @param offsetMinutesAt minutes that local time is ahead of UTC, given the local time read as if it were UTC */
  constructor(offsetMinutesAt: (localMs: number) => number = systemOffsetMinutes) {
    this.#offsetMinutesAt = offsetMinutesAt;
  }

  /**
   * @param nowMs decides the year or day that the text leaves out: the latest one that is not in the future
   * @returns whether there is a time at `at`
   */
  read(text: string, at: number, nowMs: number): boolean {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      return (
        this.#readIso(text, at) ||
        this.#readDayFirst(text, at) ||
        this.#readShortYear(text, at) ||
        this.#readTimeOnly(text, at, nowMs) ||
        this.#readEpoch(text, at)
      );
    }
    return code >= 0x41 && code <= 0x5a && this.#readMonthFirst(text, at, nowMs);
  }

  /** The time of klog's `0102 03:04:05.678901`. */
  fromMonthAndDay(month: number, day: number, timeOfDayMs: number, nowMs: number): number {
    const year = new Date(nowMs).getUTCFullYear();
    const timestampMs = this.#toUtc(Date.UTC(year, month - 1, day) + timeOfDayMs);
    return timestampMs > nowMs + 2 * DAY_MS
      ? this.#toUtc(Date.UTC(year - 1, month - 1, day) + timeOfDayMs)
      : timestampMs;
  }

  /** `2026-01-02T03:04:05.678+01:00` and its relatives: `/` in the date, a space, a comma, no seconds, no zone. */
  #readIso(text: string, at: number): boolean {
    const year = digits(text, at, 4);
    const separator = text.charCodeAt(at + 4);
    const month = digits(text, at + 5, 2);
    const day = digits(text, at + 8, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31) return false;
    if ((separator !== 0x2d && separator !== 0x2f) || text.charCodeAt(at + 7) !== separator) return false;
    const between = text[at + 10];
    const hour = digits(text, at + 11, 2);
    const minute = digits(text, at + 14, 2);
    if ((between !== 'T' && between !== ' ' && between !== 't') || hour < 0 || minute < 0 || text[at + 13] !== ':')
      return false;
    let end = at + 16;
    let second = 0;
    let fractionMs = 0;
    if (text[end] === ':' && digits(text, end + 1, 2) >= 0) {
      second = digits(text, end + 1, 2);
      end += 3;
      const mark = text[end];
      if ((mark === '.' || mark === ',' || mark === ':') && isDigit(text.charCodeAt(end + 1))) {
        const start = ++end;
        while (isDigit(text.charCodeAt(end))) end++;
        fractionMs = fraction(text.slice(start, end));
      }
    }
    const localMs = Date.UTC(year, month - 1, day, hour, minute, second, fractionMs);
    return this.#finish(localMs, text, end);
  }

  #readDayFirst(text: string, at: number): boolean {
    const match = matchAt(DAY_FIRST, text, at);
    if (match === null) return false;
    const month = MONTHS.indexOf((match[2] ?? '').toLowerCase());
    if (month < 0) return false;
    const time = timeOfDayMs(match[4], match[5], match[6], match[7]);
    const localMs = Date.UTC(Number(match[3]), month, Number(match[1])) + time;
    this.end = at + match[0].length;
    this.timestampMs = match[8] === undefined ? this.#toUtc(localMs) : localMs - zoneOffsetMs(match[8]);
    return true;
  }

  #readMonthFirst(text: string, at: number, nowMs: number): boolean {
    const match = matchAt(MONTH_FIRST, text, at);
    if (match === null) return false;
    const month = MONTHS.indexOf((match[1] ?? '').toLowerCase());
    if (month < 0) return false;
    const time = timeOfDayMs(match[3], match[4], match[5], match[6]);
    const day = Number(match[2]);
    this.end = at + match[0].length;
    this.timestampMs =
      match[7] === undefined
        ? this.fromMonthAndDay(month + 1, day, time, nowMs)
        : this.#toUtc(Date.UTC(Number(match[7]), month, day) + time);
    return true;
  }

  #readShortYear(text: string, at: number): boolean {
    const match = matchAt(SHORT_YEAR, text, at);
    if (match === null) return false;
    const localMs =
      Date.UTC(2000 + Number(match[1]), Number(match[2]) - 1, Number(match[3])) +
      timeOfDayMs(match[4], match[5], match[6], match[7]);
    return this.#finish(localMs, text, at + match[0].length);
  }

  #readTimeOnly(text: string, at: number, nowMs: number): boolean {
    const match = matchAt(TIME_ONLY, text, at);
    if (match === null) return false;
    const localNowMs = nowMs + this.#offsetMinutesAt(nowMs) * 60_000;
    const midnightMs = Math.floor(localNowMs / DAY_MS) * DAY_MS;
    const timestampMs = this.#toUtc(midnightMs + timeOfDayMs(match[1], match[2], match[3], match[4]));
    this.timestampMs = timestampMs > nowMs + HOUR_MS ? timestampMs - DAY_MS : timestampMs;
    this.end = at + match[0].length;
    return true;
  }

  #readEpoch(text: string, at: number): boolean {
    const match = matchAt(EPOCH, text, at);
    if (match === null) return false;
    this.timestampMs = epochToMs(Number(match[0]));
    this.end = at + match[0].length;
    return true;
  }

  #finish(localMs: number, text: string, end: number): boolean {
    const zone = matchAt(ZONE, text, end);
    this.end = end + (zone?.[0].length ?? 0);
    this.timestampMs = zone?.[1] === undefined ? this.#toUtc(localMs) : localMs - zoneOffsetMs(zone[1]);
    return true;
  }

  /** Zones change at whole hours nearly always, and lines of a log rarely change their hour. */
  #toUtc(localMs: number): number {
    const quarter = Math.floor(localMs / (HOUR_MS / 4));
    if (quarter !== this.#cachedHour) {
      this.#cachedHour = quarter;
      this.#cachedOffsetMs = this.#offsetMinutesAt(localMs) * 60_000;
    }
    return localMs - this.#cachedOffsetMs;
  }
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size (1973 to 5138). */
export function epochToMs(value: number): number {
  const size = Math.abs(value);
  if (size < 1e11) return value * 1000;
  if (size < 1e14) return value;
  return size < 1e17 ? value / 1000 : value / 1e6;
}

function systemOffsetMinutes(localMs: number): number {
  const parts = new Date(localMs);
  const local = new Date(
    parts.getUTCFullYear(),
    parts.getUTCMonth(),
    parts.getUTCDate(),
    parts.getUTCHours(),
    parts.getUTCMinutes(),
  );
  return -local.getTimezoneOffset();
}

function zoneOffsetMs(zone: string): number {
  const sign = zone.startsWith('-') ? -1 : 1;
  if (!zone.startsWith('+') && sign > 0) return 0;
  return sign * (digits(zone, 1, 2) * 60 + digits(zone, zone.length - 2, 2)) * 60_000;
}

function timeOfDayMs(hour = '0', minute = '0', second = '0', fractionText = ''): number {
  return ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + fraction(fractionText);
}

function fraction(text: string): number {
  return text === '' ? 0 : Math.floor(Number(`0.${text}`) * 1000 + 1e-6);
}

/** The number made of `count` digits at `at`, or -1. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index++) {
    const code = text.charCodeAt(index);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - 0x30;
  }
  return value;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
