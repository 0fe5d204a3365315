import { readFileSync } from 'node:fs';

/** Where the machine is in time. */
export interface TimeZone {
  /** E.g. `CET`. */
  readonly abbreviation: string;
  readonly offsetSeconds: number;
}

/**
 * The name that the zone has now, from the last line of /etc/localtime: `CET-1CEST,M3.5.0,M10.5.0/3`. A machine without
 * the file lives in UTC. Source: tzfile(5), version 2 and later; POSIX, TZ.
 *
 * @param offsetSeconds now, east of Greenwich positive
 */
export function readTimeZone(path: string, offsetSeconds: number): TimeZone {
  let rule = '';
  try {
    rule = readFileSync(path, 'latin1').trimEnd().split('\n').at(-1) ?? '';
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  const found = /^(<[^>]+>|[A-Za-z]+)([-+\d:]+)(<[^>]+>|[A-Za-z]+)?/.exec(rule);
  if (found === null) return { abbreviation: 'UTC', offsetSeconds };
  const [, standard = '', west = '0', summer] = found;
  const isStandard = summer === undefined || -secondsOf(west) === offsetSeconds;
  return { abbreviation: (isStandard ? standard : summer).replace(/[<>]/g, ''), offsetSeconds };
}

function secondsOf(text: string): number {
  const [hours = '0', minutes = '0', seconds = '0'] = text.replace(/^[-+]/, '').split(':');
  const sum = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return text.startsWith('-') ? -sum : sum;
}
