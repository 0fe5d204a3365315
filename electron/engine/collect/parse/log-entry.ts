import type { LogType } from '../../config/configuration.ts';
import type { LogLevel } from './log-level.ts';

/** Named values as text, whatever they were in the line. */
export type LogFields = Readonly<Record<string, string>>;

/** One event of a log: what a parser gives and a store takes. */
export interface NewLogEntry {
  /** Epoch milliseconds. */
  readonly timestampMs: number;
  /** Name of the configured source. */
  readonly source: string;
  readonly type: LogType;
  /** Absolute path of the file it was read from; `''` for what came another way. */
  readonly file: string;
  readonly level: LogLevel;
  /** The original line or lines, joined by `\n`, without the last line break. */
  readonly text: string;
  /** Only what the text does not hold; what it does hold is read from it again. */
  readonly fields?: LogFields;
}
