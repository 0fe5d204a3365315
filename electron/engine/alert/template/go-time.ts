import {
  CallFailure,
  textOf,
  type TemplateFunction,
  type TemplateStruct,
  type TemplateValue,
} from './template-value.ts';
import { formatFloat } from './format-float.ts';

/** Where a time is shown: minutes east of UTC at that moment, and the abbreviation. */
export interface Zone {
  readonly offsetMinutes: number;
  readonly name: string;
}

const UTC: Zone = { offsetMinutes: 0, name: 'UTC' };

/** Instants and durations are nanoseconds in a bigint, as in Go; times are in UTC where nothing else is said. */
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
export const TIME_TYPE = '*time.Time';
export const DURATION_TYPE = 'time.Duration';

/** A Go time.Time with the methods that templates call. */
export function goTime(nanoseconds: bigint, zone: Zone = UTC): TemplateStruct {
  const date = wallDate(nanoseconds, zone);
  const number = (value: number): TemplateFunction => method([], () => BigInt(value));
  const compare = (test: (other: bigint) => boolean): TemplateFunction =>
    method([TIME_TYPE], (other) => test(nanosecondsOf(other ?? null)));
  return {
    kind: 'struct',
    type: TIME_TYPE,
    fields: new Map<string, TemplateValue>([['$nanoseconds', nanoseconds]]),
    text: formatTime(nanoseconds, '2006-01-02 15:04:05.999999999 -0700 MST', zone),
    methods: new Map<string, TemplateFunction>([
      ['Format', method(['string'], (layout) => formatTime(nanoseconds, textOf(layout), zone))],
      ['String', method([], () => formatTime(nanoseconds, '2006-01-02 15:04:05.999999999 -0700 MST', zone))],
      ['UTC', method([], () => goTime(nanoseconds))],
      ['Add', method([DURATION_TYPE], (duration) => goTime(nanoseconds + nanosecondsOf(duration ?? null), zone))],
      ['Sub', method([TIME_TYPE], (other) => goDuration(nanoseconds - nanosecondsOf(other ?? null)))],
      ['Before', compare((other) => nanoseconds < other)],
      ['After', compare((other) => nanoseconds > other)],
      ['Equal', compare((other) => nanoseconds === other)],
      ['Unix', method([], () => floorDivide(nanoseconds, SECOND))],
      ['UnixMilli', method([], () => floorDivide(nanoseconds, 1_000_000n))],
      ['UnixMicro', method([], () => floorDivide(nanoseconds, 1000n))],
      ['UnixNano', method([], () => nanoseconds)],
      ['Year', number(date.getUTCFullYear())],
      ['Month', method([], () => MONTHS[date.getUTCMonth()] ?? '')],
      ['Day', number(date.getUTCDate())],
      ['Hour', number(date.getUTCHours())],
      ['Minute', number(date.getUTCMinutes())],
      ['Second', number(date.getUTCSeconds())],
      ['Weekday', method([], () => DAYS[date.getUTCDay()] ?? '')],
      ['YearDay', number(yearDay(date))],
    ]),
  };
}

/** A Go time.Duration with the methods that templates call. */
export function goDuration(nanoseconds: bigint): TemplateStruct {
  const text = formatDuration(nanoseconds);
  const ratio = (unit: bigint): TemplateFunction =>
    method([], () => Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit));
  return {
    kind: 'struct',
    type: DURATION_TYPE,
    fields: new Map<string, TemplateValue>([['$nanoseconds', nanoseconds]]),
    text,
    methods: new Map<string, TemplateFunction>([
      ['String', method([], () => text)],
      ['Abs', method([], () => goDuration(nanoseconds < 0n ? -nanoseconds : nanoseconds))],
      ['Hours', ratio(HOUR)],
      ['Minutes', ratio(MINUTE)],
      ['Seconds', ratio(SECOND)],
      ['Milliseconds', method([], () => nanoseconds / 1_000_000n)],
      ['Microseconds', method([], () => nanoseconds / 1000n)],
      ['Nanoseconds', method([], () => nanoseconds)],
      ['Truncate', method([DURATION_TYPE], (unit) => goDuration(truncate(nanoseconds, nanosecondsOf(unit ?? null))))],
    ]),
  };
}

/** The nanoseconds of a value that {@link goTime} or {@link goDuration} made. */
export function nanosecondsOf(value: TemplateValue): bigint {
  const inner =
    value !== null && typeof value === 'object' && value.kind === 'struct' ? value.fields.get('$nanoseconds') : null;
  if (typeof inner !== 'bigint') throw new CallFailure('not a time');
  return inner;
}

function method(
  parameters: readonly string[],
  call: (...values: readonly TemplateValue[]) => TemplateValue,
): TemplateFunction {
  return { parameters, call };
}

function truncate(value: bigint, unit: bigint): bigint {
  return unit <= 0n ? value : value - (value % unit);
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function yearDay(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']; // prettier-ignore
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** The parts of a layout, longest first: Go describes a format by how 2006-01-02 15:04:05 -0700 MST would look in it. */
const LAYOUT =
  /January|Jan|Monday|Mon|MST|2006|-07:00:00|-07:00|-0700|-07|Z07:00|Z0700|Z07|002|__2|_2|01|02|03|04|05|06|15|PM|pm|[.,]0+(?!\d)|[.,]9+(?!\d)|1|2|3|4|5/g;

/** Format an instant by a Go layout, in UTC where no zone is given. Source: Go, package time, Layout. */
export function formatTime(nanoseconds: bigint, layout: string, zone: Zone = UTC): string {
  const date = wallDate(nanoseconds, zone);
  const fraction = String(nanoseconds - floorDivide(nanoseconds, SECOND) * SECOND).padStart(9, '0');
  const two = (value: number): string => String(value).padStart(2, '0');
  const hour12 = date.getUTCHours() % 12 || 12;
  return layout.replace(LAYOUT, (part) => {
    if (/^[.,]0/.test(part)) return part.charAt(0) + fraction.slice(0, part.length - 1);
    if (/^[.,]9/.test(part)) {
      const kept = fraction.slice(0, part.length - 1).replace(/0+$/, '');
      return kept === '' ? '' : part.charAt(0) + kept;
    }
    switch (part) {
      case 'January':
        return MONTHS[date.getUTCMonth()] ?? '';
      case 'Jan':
        return (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3);
      case 'Monday':
        return DAYS[date.getUTCDay()] ?? '';
      case 'Mon':
        return (DAYS[date.getUTCDay()] ?? '').slice(0, 3);
      case 'MST':
        return zone.name;
      case '2006':
        return String(date.getUTCFullYear()).padStart(4, '0');
      case '06':
        return two(date.getUTCFullYear() % 100);
      case '01':
        return two(date.getUTCMonth() + 1);
      case '1':
        return String(date.getUTCMonth() + 1);
      case '02':
        return two(date.getUTCDate());
      case '_2':
        return String(date.getUTCDate()).padStart(2, ' ');
      case '2':
        return String(date.getUTCDate());
      case '002':
        return String(yearDay(date)).padStart(3, '0');
      case '__2':
        return String(yearDay(date)).padStart(3, ' ');
      case '15':
        return two(date.getUTCHours());
      case '03':
        return two(hour12);
      case '3':
        return String(hour12);
      case '04':
        return two(date.getUTCMinutes());
      case '4':
        return String(date.getUTCMinutes());
      case '05':
        return two(date.getUTCSeconds());
      case '5':
        return String(date.getUTCSeconds());
      case 'PM':
        return date.getUTCHours() >= 12 ? 'PM' : 'AM';
      case 'pm':
        return date.getUTCHours() >= 12 ? 'pm' : 'am';
      default:
        return part.startsWith('Z') && zone.offsetMinutes === 0 ? 'Z' : offsetText(part.replace('Z', '-'), zone);
    }
  });
}

/** `1h2m0.5s`. Source: Go, time.Duration.String. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const value = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const decimal = (unit: bigint): string => {
    const rest = String(value % unit)
      .padStart(String(unit).length - 1, '0')
      .replace(/0+$/, '');
    return `${String(value / unit)}${rest === '' ? '' : `.${rest}`}`;
  };
  if (value < 1000n) return `${sign}${String(value)}ns`;
  if (value < 1_000_000n) return `${sign}${decimal(1000n)}µs`;
  if (value < SECOND) return `${sign}${decimal(1_000_000n)}ms`;
  const hours = value / HOUR;
  const minutes = (value % HOUR) / MINUTE;
  const rest = String(value % SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const seconds = `${String((value % MINUTE) / SECOND)}${rest === '' ? '' : `.${rest}`}s`;
  return `${sign}${hours > 0n ? `${String(hours)}h` : ''}${hours > 0n || minutes > 0n ? `${String(minutes)}m` : ''}${seconds}`;
}

const INT64_MAX = 2 ** 63;

/** Seconds as nanoseconds that fit Go's int64. */
export function nanosecondsFromSeconds(seconds: number, what: 'timestamp' | 'duration'): bigint {
  const nanoseconds = seconds * 1e9;
  if (nanoseconds > INT64_MAX || nanoseconds < -INT64_MAX) {
    const target = what === 'timestamp' ? 'a nanoseconds timestamp' : 'a time.Duration';
    throw new CallFailure(
      `${formatFloat(seconds, 'g', -1)} cannot be represented as ${target} since it overflows int64`,
    );
  }
  return BigInt(Math.trunc(nanoseconds));
}

/** A date whose UTC fields show the wall time of the zone. */
function wallDate(nanoseconds: bigint, { offsetMinutes }: Zone): Date {
  return new Date(Number(floorDivide(nanoseconds, 1_000_000n)) + offsetMinutes * 60_000);
}

/** `-0700`, `-07:00:00` and their like for a zone. */
function offsetText(part: string, { offsetMinutes }: Zone): string {
  const minutes = Math.abs(offsetMinutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = offsetMinutes < 0 ? '-' : '+';
  return part.replace('-07', `${sign}${two(Math.floor(minutes / 60))}`).replace(/(:?)00/, `$1${two(minutes % 60)}`);
}

/**
 * A zone by its IANA name at a moment.
 *
 * @throws CallFailure for a name that is not known
 */
export function zoneAt(name: string, nanoseconds: bigint): Zone {
  if (name === 'UTC' || name === '') return UTC;
  const at = Number(floorDivide(nanoseconds, 1_000_000n));
  try {
    const zoned = name === 'Local' ? {} : { timeZone: name };
    const part = (timeZoneName: 'longOffset' | 'short'): string =>
      new Intl.DateTimeFormat('en-US', { ...zoned, timeZoneName }).formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''; // prettier-ignore
    const [, sign = '+', hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(part('longOffset')) ?? [];
    const offsetMinutes = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
    const short = part('short');
    return {
      offsetMinutes,
      name: short.startsWith('GMT') && offsetMinutes !== 0 ? abbreviation(offsetMinutes) : short,
    };
  } catch (error) {
    if (error instanceof RangeError) throw new CallFailure(`unknown time zone ${name}`, { cause: error });
    throw error;
  }
}

/** Zones without a name of their own go by their offset, as `+08`. */
function abbreviation(offsetMinutes: number): string {
  return offsetText('-07', { offsetMinutes, name: '' }) + (offsetMinutes % 60 === 0 ? '' : String(Math.abs(offsetMinutes) % 60).padStart(2, '0')); // prettier-ignore
}
