import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Matcher } from '../../../../shared/model/matcher.ts';
import type { ManualMaintenance, ManualMaintenances } from '../../collect/judge/maintenance.ts';
import { readJson, readNumber, readText } from './read-column.ts';

export const MANUAL_MAINTENANCE_TABLE = `
  CREATE TABLE maintenances (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checks TEXT NOT NULL,
    matchers TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL
  ) STRICT;
`;

export function createManualMaintenances(db: DatabaseSync): ManualMaintenances {
  const current = db.prepare('SELECT * FROM maintenances WHERE until_at > ? ORDER BY until_at, id');
  const insert = db.prepare(
    'INSERT INTO maintenances (name, checks, matchers, from_at, until_at) VALUES (?, ?, ?, ?, ?)',
  );
  const cut = db.prepare('UPDATE maintenances SET until_at = ?2 WHERE id = ?1 AND until_at > ?2');
  return {
    list: (nowMs) => current.all(nowMs).map(readMaintenance),
    begin(maintenance) {
      const { name, checks, matchers, fromMs, untilMs } = maintenance;
      const { lastInsertRowid } = insert.run(name, JSON.stringify(checks), JSON.stringify(matchers), fromMs, untilMs);
      return { id: Number(lastInsertRowid), ...maintenance };
    },
    end: (id, nowMs) => Number(cut.run(id, nowMs).changes) > 0,
  };
}

function readMaintenance(row: Record<string, SQLOutputValue>): ManualMaintenance {
  return {
    id: readNumber(row, 'id'),
    name: readText(row, 'name'),
    checks: readJson(row, 'checks') as readonly string[],
    matchers: readJson(row, 'matchers') as readonly Matcher[],
    fromMs: readNumber(row, 'from_at'),
    untilMs: readNumber(row, 'until_at'),
  };
}
