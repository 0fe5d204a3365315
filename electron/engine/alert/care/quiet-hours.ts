import type { QuietHours } from '../../../../shared/model/quiet-hours.ts';
import { isInInterval, type TimeInterval } from '../../schedule/time-interval.ts';

const DAY_MINUTES = 1440;

/** Whether quiet hours are in force. They may run over midnight: they belong to the day on which they begin. */
export function isQuietAt(quiet: QuietHours, nowMs: number): boolean {
  if (!quiet.enabled || quiet.weekdays.length === 0) return false;
  return intervalsOf(quiet).some((interval) => isInInterval(interval, nowMs));
}

function intervalsOf({ start, end, weekdays }: QuietHours): TimeInterval[] {
  const [from, to] = [minuteOf(start), minuteOf(end)];
  const on = (days: readonly number[], times: TimeInterval['times']): TimeInterval => ({
    times,
    weekdays: days.map((day) => ({ begin: day, end: day })),
    daysOfMonth: [],
    months: [],
    years: [],
    location: 'Local',
  });
  if (from < to) return [on(weekdays, [{ start: from, end: to }])];
  const evening = on(weekdays, [{ start: from, end: DAY_MINUTES }]);
  const nextDays = weekdays.map((day) => (day + 1) % 7);
  return to === 0 ? [evening] : [evening, on(nextDays, [{ start: 0, end: to }])];
}

/** `22:30` in minutes of the day; the schema has checked its form. */
function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
