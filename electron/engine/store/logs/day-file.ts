import type { StatementSync } from 'node:sqlite';
import { LOG_LEVELS } from '../../collect/parse/log-level.ts';
import type { LogType } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import { openDatabase } from '../open-database.ts';
import type { OpenDatabase } from '../open-database.ts';
import { encodeBlock, levelCode } from './block-codec.ts';
import { foldText } from './index-terms.ts';
import type { IndexTerm, TermCollector } from './index-terms.ts';
import type { LogOrigin, StoredEntry } from './log-entry.ts';

/** What is known of a block without reading it. */
export interface BlockHeader {
  readonly id: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly entryCount: number;
  readonly bodyBytes: number;
  /** Per source, a count for each of `LOG_LEVELS`. */
  readonly counts: Readonly<Record<string, readonly number[]>>;
}

export interface DayFileOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly terms: TermCollector;
}

const MIGRATIONS = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value REAL NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE origins (id INTEGER PRIMARY KEY, source TEXT NOT NULL, file TEXT NOT NULL, UNIQUE (source, file)) STRICT;
   CREATE TABLE blocks (
     id INTEGER PRIMARY KEY, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, entry_count INTEGER NOT NULL,
     body_bytes INTEGER NOT NULL, counts TEXT NOT NULL, head BLOB NOT NULL, body BLOB NOT NULL
   ) STRICT;
   CREATE VIRTUAL TABLE terms USING fts5(words, content='', detail=none, columnsize=0, tokenize='ascii');`,
];

/**
 * The sealed entries of one log type and UTC day: blocks, and the index that says which blocks may hold a text. The
 * database is opened when it is first needed and may be closed in between; headers stay in memory.
 */
export class DayFile {
  readonly path: string;
  readonly type: LogType;
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly #options: DayFileOptions;
  #open: OpenDatabase | null = null;
  #statements = new Map<string, StatementSync>();
  #headers: BlockHeader[] | null = null;
  #origins = new Map<number, LogOrigin>();
  #originIds = new Map<string, number>();
  #sealedThrough = 0;
  #lastAppendMs = 0;

  constructor(path: string, type: LogType, day: number, options: DayFileOptions) {
    this.path = path;
    this.type = type;
    this.day = day;
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** Blocks in the order in which they were sealed. */
  headers(): readonly BlockHeader[] {
    return this.#headers ?? this.#load();
  }

  /** Highest sequence among the sealed entries; 0 when there are none. */
  sealedThrough(): number {
    if (this.#headers === null) this.#load();
    return this.#sealedThrough;
  }

  /** When entries last came in, by the wall clock. */
  lastAppendMs(): number {
    if (this.#headers === null) this.#load();
    return this.#lastAppendMs;
  }

  origin(id: number): LogOrigin {
    const origin = this.#origins.get(id);
    if (origin === undefined) throw new Error(`Log file "${this.path}" has no origin ${String(id)}.`);
    return origin;
  }

  readHead(id: number): Uint8Array {
    return this.#readBlob('SELECT head AS blob FROM blocks WHERE id = ?', id);
  }

  readBody(id: number): Uint8Array {
    return this.#readBlob('SELECT body AS blob FROM blocks WHERE id = ?', id);
  }

  /** Ids of the blocks that have all the terms. */
  blocksWith(terms: readonly IndexTerm[]): ReadonlySet<number> {
    const expression = terms.map((term) => `"${term.text}"${term.isPrefix ? '*' : ''}`).join(' AND ');
    const rows = this.#statement('SELECT rowid FROM terms WHERE terms MATCH ?').all(expression);
    return new Set(rows.map((row) => Number(row['rowid'])));
  }

  /** Write entries, ordered by key, as one block. On return it is on the disk. */
  addBlock(entries: readonly StoredEntry[], sealedThrough: number): void {
    const headers = this.#headers ?? this.#load();
    const db = this.#database().db;
    const firstMs = entries[0]?.timestampMs ?? 0;
    const lastMs = entries.at(-1)?.timestampMs ?? 0;
    const counts: Record<string, number[]> = Object.create(null) as Record<string, number[]>;
    for (const { origin, level } of entries) {
      const levels = (counts[origin.source] ??= LOG_LEVELS.map(() => 0));
      const code = levelCode(level);
      levels[code] = (levels[code] ?? 0) + 1;
    }
    const nowMs = this.#options.clock.now();
    db.exec('BEGIN IMMEDIATE');
    try {
      const block = encodeBlock(entries, (origin) => this.#originId(origin));
      const { lastInsertRowid } = this.#statement(
        'INSERT INTO blocks (first_ms, last_ms, entry_count, body_bytes, counts, head, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ).run(firstMs, lastMs, entries.length, block.bodyBytes, JSON.stringify(counts), block.head, block.body);
      this.#options.terms.add(foldText(entries.map((entry) => entry.text).join('\n')));
      this.#statement('INSERT INTO terms (rowid, words) VALUES (?, ?)').run(
        lastInsertRowid,
        this.#options.terms.take(),
      );
      const meta = this.#statement('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
      meta.run('sealedThrough', sealedThrough);
      meta.run('lastAppendMs', nowMs);
      db.exec('COMMIT');
      const id = Number(lastInsertRowid);
      headers.push({ id, firstMs, lastMs, entryCount: entries.length, bodyBytes: block.bodyBytes, counts });
    } catch (error) {
      this.#options.terms.take();
      if (db.isTransaction) db.exec('ROLLBACK');
      this.#loadOrigins();
      throw error;
    }
    this.#sealedThrough = sealedThrough;
    this.#lastAppendMs = nowMs;
  }

  close(): void {
    this.#open?.close();
    this.#open = null;
    this.#statements.clear();
  }

  #database(): OpenDatabase {
    if (this.#open !== null) return this.#open;
    const { log, clock } = this.#options;
    const open = openDatabase(this.path, {
      migrations: MIGRATIONS,
      log,
      clock,
      verify: (db) => db.prepare('SELECT id, counts FROM blocks').all(),
    });
    // Entries leave the hot file once they are here, so "committed" must mean "on the disk".
    open.db.exec('PRAGMA synchronous = FULL');
    if (open.setAside !== null) this.#headers = null;
    this.#open = open;
    return open;
  }

  #load(): BlockHeader[] {
    this.#database();
    const rows = this.#statement(
      'SELECT id, first_ms, last_ms, entry_count, body_bytes, counts FROM blocks ORDER BY id',
    ).all();
    this.#headers = rows.map((row) => ({
      id: Number(row['id']),
      firstMs: Number(row['first_ms']),
      lastMs: Number(row['last_ms']),
      entryCount: Number(row['entry_count']),
      bodyBytes: Number(row['body_bytes']),
      counts: JSON.parse(String(row['counts'])) as Record<string, number[]>,
    }));
    const meta = new Map(
      this.#statement('SELECT key, value FROM meta')
        .all()
        .map((row) => [row['key'], Number(row['value'])]),
    );
    this.#sealedThrough = meta.get('sealedThrough') ?? 0;
    this.#lastAppendMs = meta.get('lastAppendMs') ?? 0;
    this.#loadOrigins();
    return this.#headers;
  }

  #loadOrigins(): void {
    this.#origins.clear();
    this.#originIds.clear();
    for (const row of this.#statement('SELECT id, source, file FROM origins').all()) {
      this.#keepOrigin(Number(row['id']), { source: String(row['source']), file: String(row['file']) });
    }
  }

  #originId(origin: LogOrigin): number {
    const known = this.#originIds.get(originKey(origin));
    if (known !== undefined) return known;
    const { lastInsertRowid } = this.#statement('INSERT INTO origins (source, file) VALUES (?, ?)').run(
      origin.source,
      origin.file,
    );
    return this.#keepOrigin(Number(lastInsertRowid), origin);
  }

  #keepOrigin(id: number, origin: LogOrigin): number {
    this.#origins.set(id, origin);
    this.#originIds.set(originKey(origin), id);
    return id;
  }

  #readBlob(sql: string, id: number): Uint8Array {
    const blob = this.#statement(sql).get(id)?.['blob'];
    if (!(blob instanceof Uint8Array)) throw new Error(`Log file "${this.path}" has no block ${String(id)}.`);
    return blob;
  }

  #statement(sql: string): StatementSync {
    const db = this.#database().db;
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = db.prepare(sql)));
    return statement;
  }
}

function originKey(origin: LogOrigin): string {
  return `${origin.source}\0${origin.file}`;
}
