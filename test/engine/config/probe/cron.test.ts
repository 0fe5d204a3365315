import { describe, expect, it } from 'vitest';
import { nextCronTime, parseCron } from '../../../../electron/engine/config/probe/cron.ts';

function next(expression: string, after: string, timeZone = 'UTC'): string | null {
  const cron = parseCron(expression);
  if (cron === null) throw new Error(`${expression} is no cron expression`);
  const at = nextCronTime(cron, Date.parse(after), timeZone);
  return at === null ? null : new Date(at).toISOString().replace(':00.000Z', 'Z');
}

describe('a cron expression', () => {
  it.each([
    ['*/15 * * * *', '2026-03-01T10:07Z', '2026-03-01T10:15Z'],
    ['30 3 * * *', '2026-03-01T03:30Z', '2026-03-02T03:30Z'],
    ['0 0 1 * *', '2026-12-15T00:00Z', '2027-01-01T00:00Z'],
    ['0 9 * * mon-fri', '2026-03-06T10:00Z', '2026-03-09T09:00Z'],
    ['0 0 13 * fri', '2026-03-01T00:00Z', '2026-03-06T00:00Z'],
    ['0 12 29 2 *', '2026-03-01T00:00Z', '2028-02-29T12:00Z'],
    ['5-10/5 1,13 * jan *', '2026-01-01T01:05Z', '2026-01-01T01:10Z'],
    ['@weekly', '2026-03-04T00:00Z', '2026-03-08T00:00Z'],
  ])('%s after %s means %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it('that means no day has no time', () => {
    expect(next('0 0 30 2 *', '2026-01-01T00:00Z')).toBeNull();
  });

  it('follows the time zone over the change to summer time and back', () => {
    expect(next('0 3 * * *', '2026-03-28T12:00Z', 'Europe/Berlin')).toBe('2026-03-29T01:00Z');
    // 02:30 is skipped: what is meant happens at the moment of the change.
    expect(next('30 2 * * *', '2026-03-28T12:00Z', 'Europe/Berlin')).toBe('2026-03-29T01:30Z');
    // 02:30 comes twice: the first counts, and the next is a day later.
    expect(next('30 2 * * *', '2026-10-24T12:00Z', 'Europe/Berlin')).toBe('2026-10-25T00:30Z');
    expect(next('30 2 * * *', '2026-10-25T00:30Z', 'Europe/Berlin')).toBe('2026-10-26T01:30Z');
  });

  it.each(['', '* * * *', '60 * * * *', '* 24 * * *', '0 0 0 * *', '*/0 * * * *', 'x * * * *', '5-1 * * * *'])(
    'is not "%s"',
    (text) => {
      expect(parseCron(text)).toBeNull();
    },
  );
});
