/** A calendar day. */
export interface Day {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  /** 1–31. */
  readonly day: number;
}

/** The calendar of one time zone. */
export interface ZonedCalendar {
  /** The day that it is there. */
  dayAt(ms: number): Day;
  /** Minutes that a clock there shows after midnight. */
  minuteAt(ms: number): number;
  /**
   * When a clock there shows `minutes` after midnight of a day. A time that the clock leaps over when summer time begins
   * is taken as if it had not leapt; of a time that comes twice, the first.
   */
  instantOf(day: Day, minutes: number): number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** @param timeZone an IANA name; null for the zone of this machine */
export function zonedCalendar(timeZone: string | null): ZonedCalendar {
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
  /** What the clock shows, read as if it were UTC. */
  const shownAt = (ms: number): number => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  const offsetAt = (ms: number): number => shownAt(ms) - Math.floor(ms / 1000) * 1000;
  return {
    dayAt(ms) {
      const shown = new Date(shownAt(ms));
      return { year: shown.getUTCFullYear(), month: shown.getUTCMonth() + 1, day: shown.getUTCDate() };
    },
    minuteAt(ms) {
      const shown = new Date(shownAt(ms));
      return shown.getUTCHours() * 60 + shown.getUTCMinutes();
    },
    instantOf({ year, month, day }, minutes) {
      const wanted = Date.UTC(year, month - 1, day) + minutes * MINUTE_MS;
      const byOffsetBefore = wanted - offsetAt(wanted - DAY_MS);
      if (shownAt(byOffsetBefore) === wanted) return byOffsetBefore;
      const byOffsetAfter = wanted - offsetAt(wanted + DAY_MS);
      return shownAt(byOffsetAfter) === wanted ? byOffsetAfter : byOffsetBefore;
    },
  };
}

/** Whether the environment knows a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A day some days later, or earlier. */
export function addDays({ year, month, day }: Day, days: number): Day {
  const moved = new Date(Date.UTC(year, month - 1, day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/** 0 is Sunday. */
export function weekdayOf({ year, month, day }: Day): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

export function daysInMonth({ year, month }: Day): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
