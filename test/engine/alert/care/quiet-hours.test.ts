import { describe, expect, it } from 'vitest';
import { isQuietAt } from '../../../../electron/engine/alert/care/index.ts';
import { NO_QUIET_HOURS, type QuietHours } from '../../../../shared/model/quiet-hours.ts';

/** In the zone of the machine, in which quiet hours are meant. 5 January 2026 is a Monday. */
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 0, day, hour, minute).getTime();
const nights: QuietHours = { ...NO_QUIET_HOURS, enabled: true, start: '22:30', end: '07:00', weekdays: [1] };

describe('quiet hours', () => {
  it('run over midnight and belong to the day on which they begin', () => {
    expect([at(5, 22, 29), at(5, 22, 30), at(6, 6, 59), at(6, 7)].map((ms) => isQuietAt(nights, ms))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isQuietAt(nights, at(6, 23))).toBe(false);
    expect(isQuietAt(nights, at(5, 1))).toBe(false);
  });

  it('may lie within a day, and are off until they are switched on', () => {
    const lunch = { ...nights, start: '12:00', end: '13:00' };
    expect([isQuietAt(lunch, at(5, 12)), isQuietAt(lunch, at(5, 13))]).toEqual([true, false]);
    expect(isQuietAt({ ...lunch, enabled: false }, at(5, 12))).toBe(false);
  });
});
