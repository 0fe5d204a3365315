import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Log } from '../log.ts';
import type { Clock } from '../schedule/clock.ts';

export interface DatabaseOptions {
  /** Scripts in order, never changed once released; the file remembers in `user_version` how many it has seen. */
  readonly migrations: readonly string[];
  readonly log: Log;
  readonly clock: Clock;
  /** Look only: nothing is created, migrated or set aside, and a damaged file throws. */
  readonly readOnly?: boolean;
  /** Of a new file; small pages waste less behind the end of each blob. SQLite's own choice is 4096. */
  readonly pageSizeBytes?: number;
  /** Read what the owner cannot live without; damage that this meets counts as damage of the file. */
  readonly verify?: (db: DatabaseSync) => void;
}

export interface OpenDatabase {
  readonly db: DatabaseSync;
  /** Where a damaged file was moved to, when there was one. */
  readonly setAside: string | null;
  /** Safe to call twice. */
  readonly close: () => void;
}

const MEMORY = ':memory:';
const BUSY_TIMEOUT_MS = 5000;
/** Checking every page of a file up to this size takes a few tens of milliseconds; larger ones are checked as they are read. */
const FULL_CHECK_SIZE_BYTES = 16 * 1024 * 1024;
/** The write-ahead log is cut back to this size after it has grown by a large transaction. */
const LARGEST_IDLE_LOG_BYTES = 16 * 1024 * 1024;
/** Primary result codes: SQLITE_CORRUPT, SQLITE_NOTADB. Source: sqlite.org/rescode.html. */
const DAMAGE_CODES: readonly number[] = [11, 26];
/** SQLITE_IOERR_SHORT_READ: the file ends inside a page. */
const SHORT_READ_CODE = 522;

/**
 * Open an SQLite file (or `:memory:`) in WAL mode and bring it to the newest version. A damaged file is moved to
 * `<file>.damaged-<UTC time>` with its `-wal` and `-shm`, and a fresh one is opened in its place.
 *
 * @throws when the file was written by a newer version, or cannot be opened for a reason other than damage
 */
export function openDatabase(file: string, options: DatabaseOptions): OpenDatabase {
  try {
    return opened(prepare(file, options), null);
  } catch (error) {
    if (!isDamage(error) || options.readOnly === true || file === MEMORY) throw error;
    const setAside = moveAway(file, options.clock.now());
    options.log(
      'error',
      `Database "${file}" is damaged. It was set aside as "${setAside}" and a new one was started.`,
      {
        file,
        setAside,
        reason: error instanceof Error ? error.message : String(error),
      },
    );
    return opened(prepare(file, options), setAside);
  }
}

/** Whether an error of SQLite says that the file's content is broken, as against the caller's request or the disk. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  return DAMAGE_CODES.includes(error.errcode & 0xff) || error.errcode === SHORT_READ_CODE;
}

function opened(db: DatabaseSync, setAside: string | null): OpenDatabase {
  return {
    db,
    setAside,
    close() {
      if (db.isOpen) db.close();
    },
  };
}

function prepare(file: string, options: DatabaseOptions): DatabaseSync {
  const readOnly = options.readOnly ?? false;
  if (file !== MEMORY && !readOnly) mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file, { readOnly, enableForeignKeyConstraints: true, timeout: BUSY_TIMEOUT_MS });
  try {
    if (!readOnly) {
      if (options.pageSizeBytes !== undefined) db.exec(`PRAGMA page_size = ${String(options.pageSizeBytes)}`);
      // Before anything is written, so that space given up by retention can be handed back in small steps.
      db.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      db.exec(`PRAGMA journal_size_limit = ${String(LARGEST_IDLE_LOG_BYTES)}`);
    }
    checkPages(db);
    migrate(db, file, options.migrations, readOnly);
    options.verify?.(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function checkPages(db: DatabaseSync): void {
  if (readNumber(db, 'page_count') * readNumber(db, 'page_size') > FULL_CHECK_SIZE_BYTES) return;
  const verdict = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
  if (verdict !== 'ok') throw Object.assign(new Error(String(verdict)), { errcode: 11 });
}

function migrate(db: DatabaseSync, file: string, migrations: readonly string[], readOnly: boolean): void {
  const version = readNumber(db, 'user_version');
  if (version > migrations.length) {
    throw new Error(
      `Database "${file}" has version ${String(version)}; this program knows versions up to ${String(migrations.length)}. ` +
        'Start the newer program that wrote it, or choose another data directory.',
    );
  }
  if (version === migrations.length) return;
  if (readOnly) {
    throw new Error(
      `Database "${file}" has version ${String(version)} and needs version ${String(migrations.length)}: open it for writing first.`,
    );
  }
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const script of migrations.slice(version)) db.exec(script);
    db.exec(`PRAGMA user_version = ${String(migrations.length)}; COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function readNumber(db: DatabaseSync, pragma: string): number {
  return Number(Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0] ?? 0);
}

function moveAway(file: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  let target = `${file}.damaged-${time}`;
  for (let copy = 2; existsSync(target); copy++) target = `${file}.damaged-${time}-${String(copy)}`;
  renameSync(file, target);
  for (const suffix of ['-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix);
  return target;
}
