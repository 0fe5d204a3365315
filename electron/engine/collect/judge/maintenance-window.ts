import { RE2JS } from 're2js';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';
import type { MaintenanceConfig, MaintenanceTimes } from '../../config/configuration.ts';
import { addDays, daysInMonth, weekdayOf, zonedCalendar } from '../../schedule/index.ts';
import type { Day } from '../../schedule/index.ts';

/** One time of maintenance, in epoch milliseconds. */
export interface MaintenanceTime {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A window that can be asked. */
export interface MaintenanceWindow {
  readonly name: string;
  /** The time that is going on at a moment; null when none is. */
  activeAt(ms: number): MaintenanceTime | null;
  /** The next time that begins after a moment, within a year; null when there is none. */
  nextAfter(ms: number): MaintenanceTime | null;
  covers(check: { readonly name: string; readonly labels: LabelRecord }): boolean;
}

const DAY_MS = 86_400_000;
const LOOK_AHEAD_DAYS = 366;

export function compileWindow({ name, checks, matchers, times }: MaintenanceConfig): MaintenanceWindow {
  const covers = compileScope(checks, matchers);
  return { name, covers, ...(times.kind === 'once' ? once(times) : recurring(times)) };
}

type Times = Pick<MaintenanceWindow, 'activeAt' | 'nextAfter'>;

function once(time: MaintenanceTime): Times {
  return {
    activeAt: (ms) => (ms >= time.fromMs && ms < time.untilMs ? time : null),
    nextAfter: (ms) => (time.fromMs > ms ? time : null),
  };
}

function recurring(times: Extract<MaintenanceTimes, { kind: 'recurring' }>): Times {
  const calendar = zonedCalendar(times.timeZone);
  const timeOf = (day: Day): MaintenanceTime | null => {
    if (!isChosen(times, day)) return null;
    const fromMs = calendar.instantOf(day, times.atMinutes);
    return { fromMs, untilMs: fromMs + times.durationMs };
  };
  const reachesBackDays = Math.ceil(times.durationMs / DAY_MS) + 1;
  return {
    activeAt(ms) {
      const today = calendar.dayAt(ms);
      for (let back = 0; back <= reachesBackDays; back += 1) {
        const time = timeOf(addDays(today, -back));
        if (time !== null && ms >= time.fromMs && ms < time.untilMs) return time;
      }
      return null;
    },
    nextAfter(ms) {
      const today = calendar.dayAt(ms);
      for (let ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead += 1) {
        const time = timeOf(addDays(today, ahead));
        if (time !== null && time.fromMs > ms) return time;
      }
      return null;
    },
  };
}

/** Both conditions hold where both are given, as in an Alertmanager's time interval. */
function isChosen({ weekdays, daysOfMonth }: Extract<MaintenanceTimes, { kind: 'recurring' }>, day: Day): boolean {
  if (weekdays !== null && !weekdays.includes(weekdayOf(day))) return false;
  if (daysOfMonth === null) return true;
  // Negative days count from the end: -1 is the last one.
  return daysOfMonth.includes(day.day) || daysOfMonth.includes(day.day - daysInMonth(day) - 1);
}

/** Checks by name or by labels; every check where neither is given. */
function compileScope(checks: readonly string[], matchers: readonly Matcher[]): MaintenanceWindow['covers'] {
  const tests = matchers.map(compileMatcher);
  return ({ name, labels }) => {
    if (checks.length === 0 && tests.length === 0) return true;
    return checks.includes(name) || (tests.length > 0 && tests.every((test) => test(labels)));
  };
}

function compileMatcher({ name, operator, value }: Matcher): (labels: LabelRecord) => boolean {
  const read = (labels: LabelRecord): string => (Object.hasOwn(labels, name) ? (labels[name] ?? '') : '');
  switch (operator) {
    case '=':
      return (labels) => read(labels) === value;
    case '!=':
      return (labels) => read(labels) !== value;
    case '=~':
    case '!~': {
      const pattern = RE2JS.compile(`^(?:${value})$`);
      return (labels) => pattern.matches(read(labels)) === (operator === '=~');
    }
  }
}
