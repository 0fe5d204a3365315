import { DAY_MS, formatClock, formatDay, formatHourMinute } from '../format/time.ts';
import type { Unit } from '../format/unit.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 60, 90, 180, 365].map((count) => count * DAY_MS),
];

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/**
 * Round moments of local time within a span, at most `most` of them: on whole seconds, minutes, hours or days. Midnight
 * shows its date, the rest the time of day.
 */
export function timeTicks(start: number, end: number, most: number, locale: string): Tick[] {
  const step = TIME_STEPS.find((candidate) => (end - start) / candidate <= most) ?? 365 * DAY_MS;
  const ticks: Tick[] = [];
  for (let value = firstTick(start, step); value <= end; value = nextTick(value, step)) {
    if (value >= start) ticks.push({ value, label: timeLabel(value, step, locale) });
  }
  return ticks;
}

/** Steps count from local midnight, so that 6 h ticks stand at 0, 6, 12 and 18 o'clock, over changes of clock too. */
function firstTick(start: number, step: number): number {
  const midnight = new Date(start);
  midnight.setHours(0, 0, 0, 0);
  if (step >= DAY_MS) return midnight.getTime();
  return midnight.getTime() + Math.ceil((start - midnight.getTime()) / step) * step;
}

function nextTick(value: number, step: number): number {
  if (step < DAY_MS) return value + step;
  const date = new Date(value);
  date.setDate(date.getDate() + Math.round(step / DAY_MS));
  return date.getTime();
}

function timeLabel(value: number, step: number, locale: string): string {
  const date = new Date(value);
  const midnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
  if (step >= DAY_MS || (midnight && step >= HOUR)) return formatDay(value, locale);
  return step < MINUTE ? formatClock(value, locale) : formatHourMinute(value, locale);
}

/** The lower and upper end of a value axis, and its ticks. */
export interface ValueAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/**
 * An axis on round steps that holds `min` … `max`: 1, 2 or 5 times a power of ten, of two for bytes. It starts at zero
 * unless the values are negative, or far from zero and close together.
 */
export function valueAxis(min: number, max: number, most: number, unit: Unit): ValueAxis {
  const spread = max - min;
  const fromZero = min >= 0 && (spread === 0 || spread > max * 0.1 || unit === 'ratio');
  let low = fromZero ? 0 : min;
  let high = !fromZero && max < 0 && -max < spread * 9 ? 0 : max;
  if (low === high) {
    high = low === 0 ? 1 : low + Math.abs(low) * 0.5;
    if (low !== 0 && !fromZero) low -= Math.abs(low) * 0.5;
  }
  const step = roundStep((high - low) / most, unit);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step - 1e-9);
  const ticks: number[] = [];
  for (let i = first; i <= last; i++) ticks.push(clean(i * step));
  return { min: clean(first * step), max: clean(last * step), ticks };
}

function roundStep(rough: number, unit: Unit): number {
  if ((unit === 'bytes' || unit === 'bytesPerSecond') && rough >= 1) {
    const power = 2 ** Math.floor(Math.log2(rough));
    return power === rough ? rough : power * 2;
  }
  const power = 10 ** Math.floor(Math.log10(rough));
  const leading = rough / power;
  return (leading <= 1 ? 1 : leading <= 2 ? 2 : leading <= 5 ? 5 : 10) * power;
}

/** Take off the dust of binary fractions: 0.30000000000000004 is 0.3. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}
