import * as z from 'zod';

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

/** When nobody wants to be told, and what is told all the same. Times are those of the machine that watches. */
export const quietHoursSchema = z.object({
  enabled: z.boolean(),
  /** `22:00`. */
  start: clockTime,
  /** `07:00`; before or at the start it is on the next day. */
  end: clockTime,
  /** Days on which they begin; 0 is Sunday. */
  weekdays: z.array(z.number().int().min(0).max(6)),
  /** The least severity that gets through; `none` lets nothing through. */
  letThrough: z.enum(['info', 'warning', 'error', 'critical', 'none']),
  /** Popups alone, or every channel. */
  covers: z.enum(['popups', 'all']),
});
export type QuietHours = z.infer<typeof quietHoursSchema>;

export const NO_QUIET_HOURS: QuietHours = {
  enabled: false,
  start: '22:00',
  end: '07:00',
  weekdays: [0, 1, 2, 3, 4, 5, 6],
  letThrough: 'critical',
  covers: 'popups',
};
