/** The minutes that a cron expression means, as sets of numbers. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** When both are restricted, a day that fits either is meant. */
  readonly isEitherDay: boolean;
}

const SHORT: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Read five fields or a short form. @returns null when it is none, or means no minute at all. Source: crontab(5). */
export function parseCron(text: string): Cron | null {
  const trimmed = text.trim().toLowerCase();
  const fields = (SHORT[trimmed] ?? trimmed).split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5) return null;
  const minutes = readField(minute, 0, 59);
  const hours = readField(hour, 0, 23);
  const days = readField(day, 1, 31);
  const months = readField(month, 1, 12, MONTHS, 1);
  const weekdays = readField(weekday, 0, 7, WEEKDAYS, 0);
  if (!minutes || !hours || !days || !months || !weekdays) return null;
  // Sunday is 0 and 7.
  const week = new Set([...weekdays].map((one) => one % 7));
  const isEitherDay = !day.startsWith('*') && !weekday.startsWith('*');
  return { minutes, hours, days, months, weekdays: week, isEitherDay };
}

function readField(
  text: string,
  low: number,
  high: number,
  names: readonly string[] = [],
  firstName = 0,
): ReadonlySet<number> | null {
  const numberOf = (word: string): number => {
    const index = names.indexOf(word);
    return index >= 0 ? index + firstName : /^\d+$/.test(word) ? Number(word) : NaN;
  };
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [, range = '', stepText] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [first = '', last] = range === '*' ? [String(low), String(high)] : range.split('-');
    const from = numberOf(first);
    const step = stepText === undefined ? 1 : Number(stepText);
    const to = last === undefined ? (stepText === undefined ? from : high) : numberOf(last);
    if (!(from >= low && to <= high && from <= to && step >= 1)) return null;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

const DAY_MS = 86_400_000;
/** 29 February on a given weekday comes every 28 years, and after 40 at most around a century. */
const FURTHEST_DAYS = 41 * 366;

/**
 * The first meant minute after a time.
 *
 * A minute that the change to summer time skips is meant at the moment of the change; one that the change back repeats
 * is meant the first time, as cron does it for jobs that do not run every hour.
 *
 * @param timeZone an IANA name; null is that of this machine
 * @returns epoch milliseconds; null when there is none in the next decades, as for 30 February
 */
export function nextCronTime(cron: Cron, afterMs: number, timeZone: string | null): number | null {
  const zone = createZone(timeZone);
  const start = zone.wallOf(afterMs);
  for (let offset = 0; offset < FURTHEST_DAYS; offset++) {
    // Days are counted as if the wall clock were UTC, where each has 24 hours.
    const day = Math.floor(start / DAY_MS) * DAY_MS + offset * DAY_MS;
    if (!isMeantDay(cron, day)) continue;
    for (const hour of sorted(cron.hours)) {
      for (const minute of sorted(cron.minutes)) {
        const wall = day + (hour * 60 + minute) * 60_000;
        if (wall < start - DAY_MS / 12) continue;
        const instant = zone.instantOf(wall);
        if (instant > afterMs) return instant;
      }
    }
  }
  return null;
}

function isMeantDay(cron: Cron, dayMs: number): boolean {
  const date = new Date(dayMs);
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  const fitsDay = cron.days.has(date.getUTCDate());
  const fitsWeekday = cron.weekdays.has(date.getUTCDay());
  return cron.isEitherDay ? fitsDay || fitsWeekday : fitsDay && fitsWeekday;
}

function sorted(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b);
}

/** Between instants and what the clock on the wall shows, the latter as if it were UTC. */
function createZone(timeZone: string | null): {
  readonly wallOf: (instantMs: number) => number;
  readonly instantOf: (wallMs: number) => number;
} {
  const format = new Intl.DateTimeFormat('en-US', {
    ...(timeZone === null ? {} : { timeZone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const wallOf = (instantMs: number): number => {
    const parts = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  };
  const instantOf = (wallMs: number): number => {
    // The offset of either side of a change; the larger offset gives the earlier instant.
    const offsets = [wallMs - DAY_MS, wallMs + DAY_MS].map((near) => wallOf(near) - near);
    const candidates = offsets.map((offset) => wallMs - offset).sort((a, b) => a - b);
    const exact = candidates.find((instant) => wallOf(instant) === wallMs);
    // In the skipped hour no instant fits: the larger candidate is the wall time read with the offset before the change.
    return exact ?? candidates.at(-1) ?? wallMs;
  };
  return { wallOf, instantOf };
}
