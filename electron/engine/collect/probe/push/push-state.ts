import { formatDuration, nextCronTime, parseCron } from '../../../config/index.ts';
import type { PushCheckConfig, PushSchedule } from '../../../config/index.ts';
import { UP } from '../run-probe.ts';
import type { Verdict } from '../run-probe.ts';
import { verdict } from '../run-service.ts';

/** What a job says when it reports. */
export interface PushReport {
  readonly signal: 'start' | 'success' | 'fail';
  /** Words of the job; empty when it said none. */
  readonly message: string;
  /** How long the job says that it took; null when it does not say. */
  readonly durationMs: number | null;
  /** Null when it told none. */
  readonly exitCode: number | null;
}

/** What is known of a job, kept over restarts. Times are epoch milliseconds. */
export interface PushState {
  /** Since when reports are expected. */
  readonly firstSeenAt: number;
  /** The last report that ended a run; null before the first. */
  readonly last: (PushReport & { readonly at: number }) | null;
  /** When the run under way began; null when none is known to be under way. */
  readonly startedAt: number | null;
  /** How long the last run took; null when that is not known. */
  readonly runMs: number | null;
  readonly reports: number;
  /** How long nobody could be heard since the last report: asleep, or not running. It moves the deadline. */
  readonly deafMs: number;
}

export function newPushState(now: number): PushState {
  return { firstSeenAt: now, last: null, startedAt: null, runMs: null, reports: 0, deafMs: 0 };
}

/** The state after one more report. */
export function takeReport(state: PushState, report: PushReport, now: number): PushState {
  if (report.signal === 'start') return { ...state, startedAt: now };
  const measured = state.startedAt === null ? null : now - state.startedAt;
  return {
    ...state,
    last: { ...report, at: now },
    startedAt: null,
    runMs: report.durationMs ?? measured,
    reports: state.reports + 1,
    deafMs: 0,
  };
}

/** When the next report is due, without grace; null for a schedule that has no further time. */
export function dueAt(schedule: PushSchedule, { last, firstSeenAt, deafMs }: PushState): number | null {
  const from = last?.at ?? firstSeenAt;
  if (schedule.kind === 'interval') return from + schedule.everyMs + deafMs;
  const cron = parseCron(schedule.expression);
  const next = cron === null ? null : nextCronTime(cron, from, schedule.timeZone);
  return next === null ? null : next + deafMs;
}

/** What the state says of the job at a moment. */
export function judgePush(state: PushState, { schedule, graceMs, maxRunMs }: PushCheckConfig, now: number): Verdict {
  const { last, startedAt } = state;
  if (last?.signal === 'fail') {
    const code = last.exitCode === null ? '' : ` with exit code ${String(last.exitCode)}`;
    const words = last.message === '' ? '.' : `: ${last.message}`;
    return verdict('down', 'failed', `The job reported ${inWords(now - last.at)} ago that it failed${code}${words}`);
  }
  if (startedAt !== null && maxRunMs !== null && now - startedAt > maxRunMs) {
    const message = `The job began ${inWords(now - startedAt)} ago and has not reported its end; ${formatDuration(maxRunMs)} is the most.`;
    return verdict('down', 'run-time', message);
  }
  const due = dueAt(schedule, state);
  const isLate = due !== null && now > due + graceMs;
  if (last === null) {
    if (!isLate)
      return verdict('unknown', 'waiting', 'The job has not reported yet. Let it ask the address of its token.');
    return verdict('down', 'never', `The job has never reported; its first report was due ${inWords(now - due)} ago.`);
  }
  if (!isLate) return UP;
  const message = `The job last reported ${inWords(now - last.at)} ago; a report was due ${inWords(now - due)} ago. Does it run?`;
  return verdict('down', 'late', message);
}

function inWords(ms: number): string {
  return ms < 1000 ? 'less than a second' : formatDuration(Math.floor(ms / 1000) * 1000);
}
