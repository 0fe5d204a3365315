import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { NewLogEntry } from '../../collect/parse/log-entry.ts';
import { LOG_LEVELS } from '../../collect/parse/log-level.ts';
import type { LogType } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import { openDatabase } from '../open-database.ts';
import type { OpenDatabase } from '../open-database.ts';
import { decodeBody, decodeHead, encodeBlock } from './block-codec.ts';
import { DAY_MS } from './day-files.ts';
import type { LogOrigin, StoredEntry } from './log-entry.ts';

/** Committed entries of one type and day that are in no block yet, in the order of their sequences. */
export interface PendingDay {
  readonly type: LogType;
  readonly day: number;
  readonly entries: StoredEntry[];
  textBytes: number;
  lastAppendMs: number;
  /** Grows with every change, for what is derived from the entries. */
  version: number;
}

const MIGRATIONS = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value REAL NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE origins (id INTEGER PRIMARY KEY, source TEXT NOT NULL, file TEXT NOT NULL, UNIQUE (source, file)) STRICT;
   CREATE TABLE batches (
     id INTEGER PRIMARY KEY, type TEXT NOT NULL, day INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
     body_bytes INTEGER NOT NULL, head BLOB NOT NULL, body BLOB NOT NULL
   ) STRICT;
   CREATE INDEX batches_by_day ON batches (type, day, last_sequence);
   CREATE TABLE checkpoints (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
];
/** The end of the year 9999. */
const MAX_TIMESTAMP_MS = 253_402_300_799_999;
/** What an entry weighs in memory besides its characters, roughly. */
const ENTRY_OVERHEAD_BYTES = 64;

/**
 * The unsealed end of the log, in memory and in `hot.db`. A commit writes what was appended as one small blob per type and
 * day, together with the checkpoints of the readers, in one transaction: after a kill both are there or neither is.
 */
export class HotLog {
  readonly #open: OpenDatabase;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #pending = new Map<string, PendingDay>();
  readonly #origins = new Map<string, LogOrigin>();
  readonly #originIds = new Map<LogOrigin, number>();
  readonly #checkpoints = new Map<string, string>();
  #staged: { readonly type: LogType; readonly day: number; readonly entry: StoredEntry }[] = [];
  #nextSequence = 1;

  constructor(directory: string, options: { readonly log: Log; readonly clock: Clock }) {
    this.#clock = options.clock;
    this.#path = join(directory, 'hot.db');
    this.#open = openDatabase(this.#path, { migrations: MIGRATIONS, ...options });
    this.#load();
  }

  /** Whether the file is new, for whatever reason: what the day files hold is then unknown to it. */
  get isNew(): boolean {
    return this.#nextSequence === 1;
  }

  get lastSequence(): number {
    return this.#nextSequence - 1;
  }

  get pending(): Iterable<PendingDay> {
    return this.#pending.values();
  }

  get checkpoints(): ReadonlyMap<string, string> {
    return this.#checkpoints;
  }

  find(type: LogType, day: number): PendingDay | null {
    return this.#pending.get(dayKey(type, day)) ?? null;
  }

  /** Never give a sequence up to this one again. */
  skipThrough(sequence: number): void {
    this.#nextSequence = Math.max(this.#nextSequence, sequence + 1);
  }

  /** Take entries in. They are seen by nobody and lost with a kill until `commit`. */
  append(entries: readonly NewLogEntry[]): void {
    for (const entry of entries) {
      const timestampMs = this.#storable(entry.timestampMs);
      const stored: StoredEntry = {
        timestampMs,
        sequence: this.#nextSequence++,
        level: entry.level,
        origin: this.#origin(entry.source, entry.file),
        text: entry.text,
        fieldsJson: entry.fields === undefined ? '' : JSON.stringify(entry.fields),
      };
      this.#staged.push({ type: entry.type, day: Math.floor(timestampMs / DAY_MS), entry: stored });
    }
  }

  /**
   * Make durable what was appended, with the checkpoints that belong to it (null forgets one).
   *
   * @returns the days that grew, with the entries that came
   * @throws what the database throws, a full disk for one; everything stays appended and the next commit tries again
   */
  commit(checkpoints?: ReadonlyMap<string, string | null>): { day: PendingDay; entries: readonly StoredEntry[] }[] {
    if (this.#staged.length === 0 && (checkpoints === undefined || checkpoints.size === 0)) return [];
    const grown = Map.groupBy(this.#staged, ({ type, day }) => dayKey(type, day));
    const { db } = this.#open;
    db.exec('BEGIN IMMEDIATE');
    try {
      const insert = db.prepare(
        'INSERT INTO batches (type, day, last_sequence, body_bytes, head, body) VALUES (?, ?, ?, ?, ?, ?)',
      );
      for (const staged of grown.values()) {
        const last = staged.at(-1);
        if (last === undefined) continue;
        const entries = staged.map(({ entry }) => entry);
        const { head, body, bodyBytes } = encodeBlock(entries, (origin) => this.#originId(origin));
        insert.run(last.type, last.day, last.entry.sequence, bodyBytes, head, body);
      }
      const put = db.prepare('INSERT OR REPLACE INTO checkpoints (key, value) VALUES (?, ?)');
      const remove = db.prepare('DELETE FROM checkpoints WHERE key = ?');
      for (const [key, value] of checkpoints ?? []) {
        if (value === null) remove.run(key);
        else put.run(key, value);
      }
      this.#saveSequence();
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      this.#originIds.clear();
      this.#loadOrigins();
      throw error;
    }
    for (const [key, value] of checkpoints ?? []) {
      if (value === null) this.#checkpoints.delete(key);
      else this.#checkpoints.set(key, value);
    }
    this.#staged = [];
    return [...grown.values()].flatMap((staged) => {
      const first = staged[0];
      if (first === undefined) return [];
      const entries = staged.map(({ entry }) => entry);
      return [{ day: this.#grow(first.type, first.day, entries), entries }];
    });
  }

  /** Make all commits so far survive a power cut too: the blocks that follow count on it. */
  flushToDisk(): void {
    this.#open.db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** Forget the first entries of a day, which are sealed now. */
  dropSealed(day: PendingDay, sealedThrough: number): void {
    const firstKept = day.entries.findIndex((entry) => entry.sequence > sealedThrough);
    const dropped = day.entries.splice(0, firstKept < 0 ? day.entries.length : firstKept);
    day.textBytes -= weight(dropped);
    day.version++;
    if (day.entries.length === 0) this.#pending.delete(dayKey(day.type, day.day));
    // Last: if it fails, a later call or the next start makes up for it, while entries still here would be sealed twice.
    this.#open.db
      .prepare('DELETE FROM batches WHERE type = ? AND day = ? AND last_sequence <= ?')
      .run(day.type, day.day, sealedThrough);
  }

  sizeBytes(): number {
    let sizeBytes = 0;
    for (const suffix of ['', '-wal']) sizeBytes += statSync(this.#path + suffix, { throwIfNoEntry: false })?.size ?? 0;
    return sizeBytes;
  }

  close(): void {
    this.#open.close();
  }

  #load(): void {
    const { db } = this.#open;
    this.#loadOrigins();
    const originsById = new Map([...this.#originIds].map(([origin, id]) => [id, origin]));
    for (const row of db.prepare('SELECT key, value FROM checkpoints').all()) {
      this.#checkpoints.set(String(row['key']), String(row['value']));
    }
    const saved = db.prepare("SELECT value FROM meta WHERE key = 'nextSequence'").get()?.['value'];
    this.#nextSequence = Number(saved ?? 1);
    for (const row of db.prepare('SELECT type, day, body_bytes, head, body FROM batches ORDER BY id').all()) {
      const head = decodeHead(row['head'] as Uint8Array);
      const body = decodeBody(row['body'] as Uint8Array, Number(row['body_bytes']));
      const entries = Array.from({ length: head.length }, (_, index): StoredEntry => {
        const textStart = index === 0 ? 0 : (head.textEnds[index - 1] ?? 0);
        const fieldsStart = index === 0 ? (head.textEnds[head.length - 1] ?? 0) : (head.fieldsEnds[index - 1] ?? 0);
        return {
          timestampMs: head.timestampsMs[index] ?? 0,
          sequence: head.sequences[index] ?? 0,
          level: LOG_LEVELS[head.levels[index] ?? -1] ?? 'unknown',
          origin: originsById.get(head.originIds[index] ?? -1) ?? this.#origin('', ''),
          text: body.slice(textStart, head.textEnds[index]),
          fieldsJson: body.slice(fieldsStart, head.fieldsEnds[index]),
        };
      });
      this.#grow(row['type'] as LogType, Number(row['day']), entries);
    }
  }

  /** Whole milliseconds of a year that a file name can hold. */
  #storable(timestampMs: number): number {
    if (!Number.isFinite(timestampMs)) return this.#clock.now();
    return Math.min(MAX_TIMESTAMP_MS, Math.max(0, Math.round(timestampMs)));
  }

  #loadOrigins(): void {
    for (const row of this.#open.db.prepare('SELECT id, source, file FROM origins').all()) {
      this.#originIds.set(this.#origin(String(row['source']), String(row['file'])), Number(row['id']));
    }
  }

  #grow(type: LogType, day: number, entries: readonly StoredEntry[]): PendingDay {
    const key = dayKey(type, day);
    let pending = this.#pending.get(key);
    if (pending === undefined) {
      pending = { type, day, entries: [], textBytes: 0, lastAppendMs: 0, version: 0 };
      this.#pending.set(key, pending);
    }
    for (const entry of entries) pending.entries.push(entry);
    pending.textBytes += weight(entries);
    pending.lastAppendMs = this.#clock.now();
    pending.version++;
    return pending;
  }

  #saveSequence(): void {
    this.#open.db
      .prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('nextSequence', ?)")
      .run(this.#nextSequence);
  }

  #origin(source: string, file: string): LogOrigin {
    const key = `${source}\0${file}`;
    let origin = this.#origins.get(key);
    if (origin === undefined) this.#origins.set(key, (origin = { source, file }));
    return origin;
  }

  #originId(origin: LogOrigin): number {
    const known = this.#originIds.get(origin);
    if (known !== undefined) return known;
    const { lastInsertRowid } = this.#open.db
      .prepare('INSERT INTO origins (source, file) VALUES (?, ?)')
      .run(origin.source, origin.file);
    this.#originIds.set(origin, Number(lastInsertRowid));
    return Number(lastInsertRowid);
  }
}

function dayKey(type: LogType, day: number): string {
  return `${type} ${String(day)}`;
}

function weight(entries: readonly StoredEntry[]): number {
  let bytes = 0;
  for (const entry of entries) bytes += entry.text.length + entry.fieldsJson.length + ENTRY_OVERHEAD_BYTES;
  return bytes;
}
