import type { NewLogEntry } from '../parse/log-entry.ts';

/**
 * Where log entries go. What a reader remembers about its files goes the same way and becomes durable in the same step,
 * so that a kill loses no line and doubles none.
 */
export interface LogSink {
  append(entries: readonly NewLogEntry[]): void;
  /**
   * Make everything appended durable together with checkpoints: a key and what to remember, or null to forget it.
   *
   * @throws when it can't be written; what was appended stays appended, and a later commit writes it
   */
  commit(checkpoints?: ReadonlyMap<string, string | null>): void;
  /** All that is remembered. */
  checkpoints(): ReadonlyMap<string, string>;
}
