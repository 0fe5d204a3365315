export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export type { Gap } from './gap.ts';
export { isSleptThrough } from './job.ts';
export type { Job, Scheduler, SchedulerStats, Tick } from './job.ts';
export { createScheduler } from './scheduler.ts';
export { addDays, daysInMonth, isTimeZone, weekdayOf, zonedCalendar } from './zoned-time.ts';
export type { Day, ZonedCalendar } from './zoned-time.ts';
