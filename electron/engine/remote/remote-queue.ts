import type { Log } from '../log.ts';
import type { Clock } from '../schedule/index.ts';
import { openDatabase } from '../store/open-database.ts';

/** A request as it will be sent: a compressed message. */
export interface QueuedRequest {
  readonly id: number;
  readonly samples: number;
  readonly body: Uint8Array;
}

/** What waits to be sent, on disk. Every receiver has its own place in the same row of requests. */
export interface RemoteQueue {
  /** Name the receivers. A new one begins with what is pushed from now on; one that is gone leaves nothing behind. */
  setReceivers(names: readonly string[]): void;
  /** All of it, or, when it throws, none. */
  push(requests: readonly Omit<QueuedRequest, 'id'>[]): void;
  /** What a receiver is to get next; null when it has everything. */
  next(receiver: string): QueuedRequest | null;
  /** The receiver has this request and all before it. */
  confirm(receiver: string, id: number): void;
  /** How many samples a receiver has not got yet. */
  pending(receiver: string): number;
  close(): void;
}

export interface RemoteQueueOptions {
  /** The database file, or `:memory:`. */
  readonly file: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Beyond it the oldest requests are given up; 1 GB. */
  readonly mostBytes?: number;
}

const MIGRATIONS = [
  `CREATE TABLE request (id INTEGER PRIMARY KEY AUTOINCREMENT, samples INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
   CREATE TABLE receiver (name TEXT PRIMARY KEY, confirmed INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
];
const MOST_BYTES = 1024 ** 3;
/** How much is given up at once when the queue is full. */
const GIVEN_UP = 100;
const VACUUM_PAGES = 1_000;

/** @throws as `openDatabase` does */
export function openRemoteQueue(options: RemoteQueueOptions): RemoteQueue {
  const { file, log, clock, mostBytes = MOST_BYTES } = options;
  const database = openDatabase(file, { migrations: MIGRATIONS, log, clock });
  const { db } = database;
  const insert = db.prepare('INSERT INTO request (samples, body) VALUES (?, ?)');
  const following = db.prepare(
    `SELECT id, samples, body FROM request
     WHERE id > (SELECT confirmed FROM receiver WHERE name = ?) ORDER BY id LIMIT 1`,
  );
  const waiting = db.prepare(
    `SELECT coalesce(sum(samples), 0) AS n FROM request
     WHERE id > (SELECT confirmed FROM receiver WHERE name = ?)`,
  );
  const move = db.prepare('UPDATE receiver SET confirmed = ? WHERE name = ? AND confirmed < ?');
  const forget = db.prepare('DELETE FROM request WHERE id <= (SELECT min(confirmed) FROM receiver)');
  const size = db.prepare('SELECT coalesce(sum(length(body)), 0) AS n, count(*) AS requests FROM request');
  const oldest = db.prepare(
    'SELECT max(id) AS id, sum(samples) AS n FROM (SELECT id, samples FROM request ORDER BY id LIMIT ?)',
  );
  let sizeBytes = Number(size.get()?.['n']);

  function transaction(work: () => void): void {
    db.exec('BEGIN IMMEDIATE');
    try {
      work();
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Rows that every receiver has are deleted; an empty queue gives its room back to the disk. */
  function clean(): void {
    if (forget.run().changes === 0) return;
    const { n, requests } = size.get() ?? {};
    sizeBytes = Number(n);
    if (requests === 0) db.exec(`PRAGMA incremental_vacuum(${String(VACUUM_PAGES)})`);
  }

  function giveUpOldest(): void {
    const { id, n } = oldest.get(GIVEN_UP) ?? {};
    db.prepare('DELETE FROM request WHERE id <= ?').run(Number(id));
    sizeBytes = Number(size.get()?.['n']);
    log('error', `The queue of remote_write is full: ${String(n)} samples that were never sent are given up.`, {
      samples: Number(n),
      limitBytes: mostBytes,
    });
  }

  return {
    setReceivers(names) {
      transaction(() => {
        const known = db.prepare('SELECT name FROM receiver').all();
        for (const { name } of known) {
          if (!names.includes(String(name))) db.prepare('DELETE FROM receiver WHERE name = ?').run(String(name));
        }
        const last = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'request'").get()?.['seq'] ?? 0;
        for (const name of names) db.prepare('INSERT OR IGNORE INTO receiver VALUES (?, ?)').run(name, Number(last));
        if (names.length === 0) db.exec('DELETE FROM request');
      });
      clean();
    },
    push(requests) {
      transaction(() => {
        for (const { samples, body } of requests) insert.run(samples, body);
      });
      for (const { body } of requests) sizeBytes += body.length;
      while (sizeBytes > mostBytes) giveUpOldest();
    },
    next(receiver) {
      const row = following.get(receiver);
      if (row === undefined) return null;
      return { id: Number(row['id']), samples: Number(row['samples']), body: row['body'] as Uint8Array };
    },
    confirm(receiver, id) {
      move.run(id, receiver, id);
      clean();
    },
    pending: (receiver) => Number(waiting.get(receiver)?.['n']),
    close: () => database.close(),
  };
}
