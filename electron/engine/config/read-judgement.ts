import type {
  CheckConfig,
  CheckJudgement,
  MaintenanceConfig,
  MaintenanceTimes,
  NetworkConfig,
} from './configuration.ts';
import { findCycle } from './find-cycle.ts';
import { parseMatchers } from './parse-matchers.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import { judgementSection, maintenanceEntry, networkSection } from './schema/judgement-schema.ts';
import type { LocalTime, RawJudgement } from './schema/judgement-schema.ts';
import { zonedCalendar } from '../schedule/index.ts';
import { nearestWord, validate } from './validate.ts';
import { isPlainMap } from './yaml-source.ts';
import type { PlainValue } from './yaml-source.ts';

/**
 * One failure may be a lost packet; the second says that it is down. One good answer proves that a service answers. The
 * second look comes after seconds, so that down is known sooner, and more surely.
 *
 * Source: Gatus and Nagios use 2 to 3; the shares of flapping are those of Nagios.
 */
export const JUDGEMENT_DEFAULTS: CheckJudgement = {
  failuresBeforeDown: 2,
  successesBeforeUp: 1,
  retryIntervalMs: 5000,
  slowAfterMs: null,
  certificateMs: null,
  flapping: { highPercent: 20, lowPercent: 5 },
  dependsOn: [],
};

const LONGEST_MAINTENANCE_MS = 31 * 86_400_000;

/** `check_defaults`: what holds for every check that does not say otherwise. */
export function readCheckDefaults(value: PlainValue | undefined, place: Place, findings: Findings): CheckJudgement {
  const raw = validate(judgementSection, value ?? {}, place, findings) ?? {};
  return readJudgement(raw, JUDGEMENT_DEFAULTS, place, findings);
}

/** The keys of one check that say how it is judged, over the defaults. */
export function readJudgement(
  raw: RawJudgement,
  defaults: CheckJudgement,
  place: Place,
  findings: Findings,
): CheckJudgement {
  const { degraded, flapping } = raw;
  const retryIntervalMs = raw.retry_interval ?? defaults.retryIntervalMs;
  if (retryIntervalMs < 1000) {
    findings.problems.push(
      problemAt(
        below(place, 'retry_interval'),
        'A check cannot run more often than once a second.',
        'Write 1s or more.',
      ),
    );
  }
  const isOn = flapping?.enabled ?? (defaults.flapping !== null || flapping !== undefined);
  const before = defaults.flapping ?? JUDGEMENT_DEFAULTS.flapping ?? { highPercent: 20, lowPercent: 5 };
  const shares = { highPercent: flapping?.high ?? before.highPercent, lowPercent: flapping?.low ?? before.lowPercent };
  if (isOn && shares.lowPercent > shares.highPercent) {
    findings.problems.push(
      problemAt(
        below(place, 'flapping'),
        `Flapping would end above ${String(shares.lowPercent)} % and begin only at ${String(shares.highPercent)} %.`,
        'Make "low" smaller than "high".',
      ),
    );
  }
  return {
    failuresBeforeDown: raw.failures_before_down ?? defaults.failuresBeforeDown,
    successesBeforeUp: raw.successes_before_up ?? defaults.successesBeforeUp,
    retryIntervalMs,
    slowAfterMs: degraded?.latency ?? defaults.slowAfterMs,
    certificateMs: degraded?.certificate ?? defaults.certificateMs,
    flapping: isOn ? shares : null,
    dependsOn: raw.depends_on ?? [],
  };
}

/**
 * Dependencies on what does not exist, on the check itself, or in a circle.
 *
 * @param value the list as the file has it: an entry with another fault counts as a check all the same
 */
export function checkDependencies(
  value: PlainValue | undefined,
  checks: readonly CheckConfig[],
  place: Place,
  findings: Findings,
): void {
  const entries = Array.isArray(value) ? (value as readonly PlainValue[]) : [];
  const names = entries.map((entry) => {
    const name = isPlainMap(entry) ? entry['name'] : null;
    return typeof name === 'string' ? name : '';
  });
  for (const { name, judgement } of checks) {
    judgement.dependsOn.forEach((parent, at) => {
      if (names.includes(parent)) return;
      const nearest = nearestWord(parent, names);
      const remedy = nearest === undefined ? 'Name a check of this file.' : `Did you mean "${nearest}"?`;
      const message = `There is no check "${parent}" to depend on.`;
      findings.problems.push(problemAt(below(place, names.indexOf(name), 'depends_on', at), message, remedy));
    });
  }
  const cycle = findCycle(new Map(checks.map(({ name, judgement }) => [name, judgement.dependsOn])));
  const [first, second] = cycle ?? [];
  if (cycle === null || first === undefined || second === undefined) return;
  const at = checks.find(({ name }) => name === first)?.judgement.dependsOn.indexOf(second) ?? 0;
  const message = `The checks depend on each other in a circle: ${cycle.join(' → ')}.`;
  findings.problems.push(
    problemAt(below(place, names.indexOf(first), 'depends_on', at), message, 'Remove one of these dependencies.'),
  );
}

/** One entry of `maintenance`; null when it is wrong. */
export function readMaintenance(value: PlainValue, place: Place, findings: Findings): MaintenanceConfig | null {
  const raw = validate(maintenanceEntry, value, place, findings);
  if (raw === undefined) return null;
  const matchers = (raw.matchers ?? []).flatMap((text, index) => {
    const reading = parseMatchers(text);
    if (reading.ok) return reading.value;
    findings.problems.push(
      problemAt(below(place, 'matchers', index), `${reading.message}.`, 'Write it like team="core" or team=~"a|b".'),
    );
    return [];
  });
  const times = readTimes(raw, place, findings);
  return times === null ? null : { name: raw.name, checks: raw.checks ?? [], matchers, times };
}

interface RawTimes {
  readonly from?: LocalTime | undefined;
  readonly until?: LocalTime | undefined;
  readonly at?: number | undefined;
  readonly duration?: number | undefined;
  readonly weekdays?: readonly (readonly number[])[] | undefined;
  readonly days_of_month?: readonly (readonly number[])[] | undefined;
  readonly time_zone?: string | undefined;
}

function readTimes(raw: RawTimes, place: Place, findings: Findings): MaintenanceTimes | null {
  const fail = (message: string, remedy: string, key?: string): null => {
    findings.problems.push(problemAt(key === undefined ? place : below(place, key), message, remedy));
    return null;
  };
  const { from, until, at, duration } = raw;
  if (duration !== undefined && (duration === 0 || duration > LONGEST_MAINTENANCE_MS)) {
    return fail('A maintenance lasts longer than 0 and at most 31 days.', 'Write it like 2h.', 'duration');
  }
  if ((from === undefined) === (at === undefined)) {
    return fail(
      'A maintenance has either "from" (once) or "at" (again and again).',
      "Write from: '2026-12-24 22:00' with until, or at: '02:00' with duration.",
    );
  }
  if (at !== undefined) {
    if (duration === undefined || until !== undefined)
      return fail('A recurring maintenance has a duration.', 'Write duration: 2h beside at.');
    return {
      kind: 'recurring',
      atMinutes: at,
      durationMs: duration,
      weekdays: raw.weekdays?.flat() ?? null,
      daysOfMonth: raw.days_of_month?.flat() ?? null,
      timeZone: raw.time_zone ?? null,
    };
  }
  if (from === undefined || (until === undefined) === (duration === undefined))
    return fail('A maintenance has either "until" or "duration".', 'Keep one of them.');
  if (raw.weekdays !== undefined || raw.days_of_month !== undefined)
    return fail('What begins at a date takes place once.', 'Use "at" with "weekdays" or "days_of_month".');
  const calendar = zonedCalendar(raw.time_zone ?? null);
  const instant = (time: LocalTime): number =>
    time.kind === 'exact' ? time.ms : calendar.instantOf(time, time.minutes);
  const fromMs = instant(from);
  const untilMs = until === undefined ? fromMs + (duration ?? 0) : instant(until);
  if (untilMs <= fromMs) return fail('The maintenance ends before it begins.', 'Write a later time.', 'until');
  return { kind: 'once', fromMs, untilMs };
}

export function readNetwork(value: PlainValue | undefined, place: Place, findings: Findings): NetworkConfig {
  const raw = validate(networkSection, value ?? {}, place, findings) ?? {};
  return { anchors: raw.anchors ?? [] };
}
