/**
 * A time range as a person writes it and as the address carries it: `now-1h` … `now`, epoch milliseconds, or a local
 * date. Relative ends move with the clock.
 */
export interface RangeText {
  readonly from: string;
  readonly to: string;
}

/** A range in epoch milliseconds, `start` before `end`. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

export const DEFAULT_RANGE: RangeText = { from: 'now-1h', to: 'now' };

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

const RELATIVE = /^now(?:([+-])(\d{1,6})([smhdwMy]))?(?:\/([hdwM]))?$/;

/**
 * The moment that a text names, or null when it names none. Forms: `now`, `now-15m`, `now/d` (start of today),
 * `now-1d/d`, epoch milliseconds, and what `Date` reads (`2026-11-22 14:00`, local time).
 */
export function parseTime(text: string, now: number): number | null {
  const trimmed = text.trim();
  const relative = RELATIVE.exec(trimmed);
  if (relative !== null) {
    const [, sign, count, unit, floor] = relative;
    let at = now;
    if (unit !== undefined) at = shiftBy(now, (sign === '-' ? -1 : 1) * Number(count), unit);
    return floor === undefined ? at : startOf(at, floor);
  }
  if (/^\d{11,14}$/.test(trimmed)) return Number(trimmed);
  if (!/^\d{4}-\d{2}-\d{2}/.test(trimmed)) return null;
  const local = /^\d{4}-\d{2}-\d{2}$/.test(trimmed) ? `${trimmed}T00:00` : trimmed.replace(' ', 'T');
  const at = new Date(local).getTime();
  return Number.isNaN(at) ? null : at;
}

function shiftBy(at: number, count: number, unit: string): number {
  const ms = UNIT_MS[unit];
  if (ms !== undefined) return at + count * ms;
  const date = new Date(at);
  if (unit === 'M') date.setMonth(date.getMonth() + count);
  else date.setFullYear(date.getFullYear() + count);
  return date.getTime();
}

function startOf(at: number, unit: string): number {
  const date = new Date(at);
  date.setMinutes(0, 0, 0);
  if (unit === 'h') return date.getTime();
  date.setHours(0);
  // Weeks begin on Monday, as ISO 8601 has it.
  if (unit === 'w') date.setDate(date.getDate() - ((date.getDay() + 6) % 7));
  if (unit === 'M') date.setDate(1);
  return date.getTime();
}

/** The range at a moment; the default range where the text is wrong or its ends are in the wrong order. */
export function resolveRange(range: RangeText, now: number): TimeSpan {
  const start = parseTime(range.from, now);
  const end = parseTime(range.to, now);
  if (start === null || end === null || end - start < 1000) return { start: now - 3_600_000, end: now };
  return { start, end };
}

/** Whether the range ends at the present, so that it may run live. */
export function endsNow(range: RangeText): boolean {
  return range.to.trim() === 'now';
}

/** The same stretch of time as an absolute range. */
export function rangeOf(span: TimeSpan): RangeText {
  return { from: String(Math.round(span.start)), to: String(Math.round(span.end)) };
}

/** Move by a share of the length: −0.5 is half a range into the past. Never past `now`. */
export function shiftSpan(span: TimeSpan, share: number, now: number): TimeSpan {
  const length = span.end - span.start;
  const end = Math.min(span.end + share * length, Math.max(now, span.end));
  return { start: end - length, end };
}

/** Twice the length around the same middle, its end at most now. */
export function zoomOut(span: TimeSpan, now: number): TimeSpan {
  const length = Math.min((span.end - span.start) * 2, 20 * 365 * 86_400_000);
  const end = Math.min((span.start + span.end) / 2 + length / 2, Math.max(now, span.end));
  return { start: end - length, end };
}

/**
 * The part of a range in which something can be known, so that a history of minutes is not a dot at the edge of an hour.
 * At least a minute long; the whole range when the history is longer, or its beginning is not known.
 */
export function beginAt(span: TimeSpan, knownFrom: number | null): TimeSpan {
  if (knownFrom === null || knownFrom <= span.start || knownFrom > span.end) return span;
  return { start: Math.max(span.start, Math.min(knownFrom, span.end - 60_000)), end: span.end };
}

/** How often a live view of that length looks again, so that a step is about a pixel and never faster than a second. */
export function liveIntervalMs(lengthMs: number): number {
  if (lengthMs <= 5 * 60_000) return 1000;
  if (lengthMs <= 3_600_000) return 5000;
  if (lengthMs <= 6 * 3_600_000) return 15_000;
  return lengthMs <= 86_400_000 ? 30_000 : 60_000;
}
