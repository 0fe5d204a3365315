import { z } from 'zod';
import { isTimeZone } from '../../schedule/index.ts';
import { boolean, convert, decimal, duration, strict, text, texts } from './values.ts';

const atLeastOne = convert(
  (value) => (/^[1-9]\d{0,2}$/.test(value) ? Number(value) : null),
  'is not a number from 1 to 999',
  'Write a whole number of 1 or more.',
);
const percent = decimal.refine((value) => value >= 0 && value <= 100, 'A percentage lies between 0 and 100.');

/** The keys of a check, and of `check_defaults`, that say how results become a state. */
export const judgementKeys = {
  failures_before_down: atLeastOne.optional(),
  successes_before_up: atLeastOne.optional(),
  retry_interval: duration.optional(),
  degraded: strict({ latency: duration.optional(), certificate: duration.optional() }).optional(),
  flapping: strict({ enabled: boolean.optional(), high: percent.optional(), low: percent.optional() }).optional(),
};
export const dependencyKeys = { depends_on: texts.optional() };

export const judgementSection = strict(judgementKeys);
export type RawJudgement = z.output<typeof judgementSection> & { readonly depends_on?: readonly string[] | undefined };

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const weekdays = convert(parseWeekdays, 'is not a weekday', 'Write monday, or a range such as monday:friday.');
const daysOfMonth = convert(
  parseDaysOfMonth,
  'is not a day of the month',
  'Write 1 to 31, -1 for the last day, or a range such as 1:7.',
);
const timeZone = convert(
  (value) => (isTimeZone(value) ? value : null),
  'is not a time zone',
  'Write a name such as Europe/Berlin or UTC.',
);
const timeOfDay = convert(
  (value) => {
    const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(value) ?? [];
    return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
  },
  'is not a time of day',
  'Write it like 02:30, in quotes.',
);
const localTime = convert(parseLocalTime, 'is not a date and time', "Write it like '2026-12-24 22:00', in quotes.");

export const maintenanceEntry = strict({
  name: text().min(1, 'The name is empty'),
  checks: texts.optional(),
  matchers: texts.optional(),
  from: localTime.optional(),
  until: localTime.optional(),
  at: timeOfDay.optional(),
  duration: duration.optional(),
  weekdays: z.array(weekdays).min(1, 'The list is empty').optional(),
  days_of_month: z.array(daysOfMonth).min(1, 'The list is empty').optional(),
  time_zone: timeZone.optional(),
});

export const networkSection = strict({ anchors: z.array(anchor()).optional() });

function anchor() {
  return convert(
    (value) =>
      /^(?:[\w.-]+|\[[\da-fA-F:.]+\]):\d{1,5}$/.test(value) && Number(value.split(':').at(-1)) < 65536 ? value : null,
    'is not an address with a port',
    'Write it like router.example:443.',
  );
}

/** A date and time, in a zone that the entry names or, with an offset, exactly. */
export type LocalTime =
  | { readonly kind: 'exact'; readonly ms: number }
  | {
      readonly kind: 'local';
      readonly year: number;
      readonly month: number;
      readonly day: number;
      readonly minutes: number;
    };

function parseLocalTime(value: string): LocalTime | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)[T ]([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/.exec(
    value,
  );
  if (found === null) return null;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0] = found.slice(1, 6).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  if (found[6] !== undefined) return { kind: 'exact', ms: Date.parse(value.replace(' ', 'T')) };
  return { kind: 'local', year, month, day, minutes: hours * 60 + minutes };
}

/** A day, its first three letters or more, or a range of two that may go over the end of the week. */
function parseWeekdays(value: string): readonly number[] | null {
  const numberOf = (word: string): number =>
    word.length < 3 ? -1 : WEEKDAYS.findIndex((day) => day.startsWith(word.toLowerCase()));
  const [first = '', last = first, ...rest] = value.split(':');
  const [from, to] = [numberOf(first), numberOf(last)];
  if (from < 0 || to < 0 || rest.length > 0) return null;
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, i) => (from + i) % 7);
}

function parseDaysOfMonth(value: string): readonly number[] | null {
  const found = /^(-?\d{1,2})(?::(-?\d{1,2}))?$/.exec(value);
  if (found === null) return null;
  const from = Number(found[1]);
  const to = Number(found[2] ?? found[1]);
  const isDay = (day: number): boolean => Math.abs(day) >= 1 && Math.abs(day) <= 31;
  // A range from the beginning to the end of a month would depend on its length.
  if (!isDay(from) || !isDay(to) || from > to || Math.sign(from) !== Math.sign(to)) return null;
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
