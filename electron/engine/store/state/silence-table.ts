import type { DatabaseSync } from 'node:sqlite';
import type { Matcher } from '../../../../shared/model/matcher.ts';
import { readJson } from './read-column.ts';

/** Alerts that meet all matchers are not told about for a while. Times are epoch milliseconds. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly updatedAt: number;
  readonly createdBy: string;
  readonly comment: string;
}

export interface SilenceTable {
  load(): Silence[];
  put(silences: readonly Silence[]): void;
  remove(ids: readonly string[]): void;
}

export function createSilenceTable(db: DatabaseSync): SilenceTable {
  const all = db.prepare('SELECT body FROM silences');
  const upsert = db.prepare('INSERT OR REPLACE INTO silences (id, body) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM silences WHERE id = ?');
  return {
    load: () => all.all().map((row) => readJson(row, 'body') as Silence),
    put(silences) {
      db.exec('BEGIN IMMEDIATE');
      try {
        for (const silence of silences) upsert.run(silence.id, JSON.stringify(silence));
        db.exec('COMMIT');
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    remove(ids) {
      for (const id of ids) remove.run(id);
    },
  };
}
