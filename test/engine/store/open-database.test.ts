import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../electron/engine/schedule/clock.ts';
import { openDatabase } from '../../../electron/engine/store/open-database.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 8, 30, 5);
const clock: Clock = { now: () => NOW_MS, monotonic: () => 0, after: () => () => undefined };
const FIRST = 'CREATE TABLE note (text TEXT NOT NULL) STRICT';
const SECOND = 'CREATE TABLE extra (note INTEGER REFERENCES note(rowid)) STRICT';

describe('openDatabase', () => {
  let folder: string;
  let file: string;
  let messages: string[];
  const log = (_level: string, message: string): void => {
    messages.push(message);
  };
  const open = (migrations: readonly string[], readOnly = false): ReturnType<typeof openDatabase> =>
    openDatabase(file, { migrations, log, clock, readOnly });
  const pragma = (db: ReturnType<typeof openDatabase>['db'], name: string): unknown =>
    Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-database-'));
    file = join(folder, 'deep', 'some.db');
    messages = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('creates the file and its folder, in WAL mode, with foreign keys and space that can be given back', () => {
    const { db, setAside, close } = open([FIRST]);
    expect(pragma(db, 'journal_mode')).toBe('wal');
    expect(pragma(db, 'synchronous')).toBe(1);
    expect(pragma(db, 'foreign_keys')).toBe(1);
    expect(pragma(db, 'auto_vacuum')).toBe(2);
    expect(Number(pragma(db, 'busy_timeout'))).toBeGreaterThan(0);
    expect(setAside).toBeNull();
    close();
    close();
    expect(existsSync(file)).toBe(true);
  });

  it('applies only the migrations that a file has not seen', () => {
    const before = open([FIRST]);
    before.db.exec("INSERT INTO note VALUES ('kept')");
    before.close();
    const after = open([FIRST, SECOND]);
    expect(pragma(after.db, 'user_version')).toBe(2);
    expect(after.db.prepare('SELECT text FROM note').all().length).toBe(1);
    expect(after.db.prepare('SELECT count(*) AS n FROM extra').get()?.['n']).toBe(0);
    after.close();
  });

  it('leaves the file as it was when a migration fails', () => {
    open([FIRST]).close();
    expect(() => open([FIRST, SECOND, 'CREATE NONSENSE'])).toThrow(/NONSENSE/);
    const again = open([FIRST, SECOND]);
    expect(pragma(again.db, 'user_version')).toBe(2);
    again.close();
  });

  it('refuses a file of a newer version and says which', () => {
    open([FIRST, SECOND]).close();
    expect(() => open([FIRST])).toThrow(/some\.db" has version 2; this program knows versions up to 1/);
    expect(messages).toEqual([]);
  });

  it('sets a file aside that is not a database, with a message that names it', () => {
    open([FIRST]).close();
    writeFileSync(file, 'these are not the pages you are looking for'.repeat(200));
    const { db, setAside, close } = open([FIRST]);
    expect(setAside).toBe(`${file}.damaged-20261121T083005Z`);
    expect(readFileSync(String(setAside), 'utf8')).toMatch(/^these are not/);
    expect(messages.join()).toContain(setAside);
    expect(db.prepare('SELECT count(*) AS n FROM note').get()?.['n']).toBe(0);
    close();
  });

  it('sets a database aside whose pages are broken, and never overwrites an earlier one', () => {
    for (const expected of ['', '-2']) {
      const whole = open([FIRST]);
      const insert = whole.db.prepare('INSERT INTO note VALUES (?)');
      for (let i = 0; i < 2000; i++) insert.run(`note ${String(i)}`);
      whole.close();
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 8192, 20_000);
      writeFileSync(file, bytes);
      const fresh = open([FIRST]);
      expect(fresh.setAside).toBe(`${file}.damaged-20261121T083005Z${expected}`);
      fresh.close();
    }
  });

  it('sets a database aside when what the owner must read is broken', () => {
    open([FIRST]).close();
    let isFirst = true;
    const verify = (): void => {
      if (isFirst) {
        isFirst = false;
        throw Object.assign(new Error('malformed'), { errcode: 11 });
      }
    };
    const fresh = openDatabase(file, { migrations: [FIRST], log, clock, verify });
    expect(fresh.setAside).not.toBeNull();
    fresh.close();
  });

  it('looks without touching in read-only mode', () => {
    expect(() => open([FIRST], true)).toThrow();
    const writer = open([FIRST]);
    const reader = open([FIRST], true);
    expect(() => {
      reader.db.exec("INSERT INTO note VALUES ('no')");
    }).toThrow(/readonly/);
    expect(() => open([FIRST, SECOND], true)).toThrow(/for writing first/);
    reader.close();
    writer.close();
    writeFileSync(file, 'broken'.repeat(1000));
    expect(() => open([FIRST], true)).toThrow();
    expect(existsSync(`${file}.damaged-20261121T083005Z`)).toBe(false);
  });

  it('opens a database in memory', () => {
    const { db, close } = openDatabase(':memory:', { migrations: [FIRST, SECOND], log, clock });
    db.exec("INSERT INTO note VALUES ('x')");
    expect(db.prepare('SELECT count(*) AS n FROM note').get()?.['n']).toBe(1);
    close();
  });
});
