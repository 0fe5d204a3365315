import type { Log } from './log.ts';
import type { Clock } from './schedule/clock.ts';

export type LogLevel = Parameters<Log>[0];

export interface LogOptions {
  /** Where each line goes, its line end included. */
  readonly write: (line: string) => void;
  /** Entries below this level are left out. */
  readonly minimum: LogLevel;
  readonly clock: Pick<Clock, 'now'>;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * The log of the program, one line per entry: `2026-11-22T04:00:00.000Z WARN  message key=value`, which people read and
 * which the program's own log reader takes apart. A line end in a message or a field cannot start an entry of its own.
 */
export function createLog({ write, minimum, clock }: LogOptions): Log {
  return (level, message, fields = {}) => {
    if (RANK[level] < RANK[minimum]) return;
    const time = new Date(clock.now()).toISOString();
    const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${fieldText(value)}`);
    write(`${time} ${level.toUpperCase().padEnd(5)} ${escapeControls(message)}${pairs.join('')}\n`);
  };
}

/** As it is where it is one word, quoted as in JSON otherwise. */
function fieldText(value: string | number | boolean | null): string {
  return typeof value === 'string' && !/^[^\s"=\p{Cc}]+$/u.test(value) ? JSON.stringify(value) : String(value);
}

function escapeControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
