import type { NewLogEntry } from '../../collect/parse/log-entry.ts';
import type { LogLevel } from '../../collect/parse/log-level.ts';

/** Where an entry came from. One object per (source, file), shared by all its entries. */
export interface LogOrigin {
  readonly source: string;
  readonly file: string;
}

/** An entry as the store holds it. `sequence` grows by one per appended entry and never repeats. */
export interface StoredEntry {
  readonly timestampMs: number;
  readonly sequence: number;
  readonly level: LogLevel;
  readonly origin: LogOrigin;
  readonly text: string;
  /** JSON of the fields that came with the entry; `''` when none did. */
  readonly fieldsJson: string;
}

/** An entry as a reader gets it. `id` stays the same for as long as the entry is kept. */
export interface LogEntry extends NewLogEntry {
  readonly id: string;
}

/** Place in the order of all entries: by time, and by arrival where times are equal. */
export interface EntryKey {
  readonly timestampMs: number;
  readonly sequence: number;
}

export function compareKeys(a: EntryKey, b: EntryKey): number {
  return a.timestampMs - b.timestampMs || a.sequence - b.sequence;
}

/** The id is the key in base 36, so that a link needs no lookup table. */
export function formatEntryId(key: EntryKey): string {
  return `${key.timestampMs.toString(36)}.${key.sequence.toString(36)}`;
}

/** @returns null when the text is not an id that `formatEntryId` makes */
export function parseEntryId(id: string): EntryKey | null {
  const match = /^(-?[0-9a-z]{1,11})\.([0-9a-z]{1,11})$/.exec(id);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { timestampMs: parseInt(match[1], 36), sequence: parseInt(match[2], 36) };
}
