import type { CheckJudgement, MaintenanceConfig } from './configuration.ts';
import type { Described } from './described.ts';
import { describeMatcher } from './describe-matcher.ts';
import { formatDuration } from './duration.ts';

/** The keys of a check that say how it is judged. */
export function describeJudgement(judgement: CheckJudgement): Readonly<Record<string, Described>> {
  const { slowAfterMs, certificateMs, flapping } = judgement;
  return {
    failures_before_down: judgement.failuresBeforeDown,
    successes_before_up: judgement.successesBeforeUp,
    retry_interval: formatDuration(judgement.retryIntervalMs),
    degraded: {
      latency: slowAfterMs === null ? undefined : formatDuration(slowAfterMs),
      certificate: certificateMs === null ? undefined : formatDuration(certificateMs),
    },
    flapping: flapping === null ? { enabled: false } : { high: flapping.highPercent, low: flapping.lowPercent },
    depends_on: judgement.dependsOn,
  };
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

export function describeMaintenance({ name, checks, matchers, times }: MaintenanceConfig): Described {
  return { name, checks, matchers: matchers.map(describeMatcher), ...describeTimes(times) };
}

function describeTimes(times: MaintenanceConfig['times']): Readonly<Record<string, Described>> {
  if (times.kind === 'once') {
    return { from: new Date(times.fromMs).toISOString(), until: new Date(times.untilMs).toISOString() };
  }
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    at: `${two(Math.floor(times.atMinutes / 60))}:${two(times.atMinutes % 60)}`,
    duration: formatDuration(times.durationMs),
    weekdays: times.weekdays?.map((day) => WEEKDAYS[day] ?? ''),
    days_of_month: times.daysOfMonth?.map(String),
    time_zone: times.timeZone ?? undefined,
  };
}
