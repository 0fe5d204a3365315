import type { DatabaseSync } from 'node:sqlite';
import { readJson } from './read-column.ts';

/** What people and escalation did about an alert while it fires. Times are epoch milliseconds. */
export interface AlertCare {
  readonly fingerprint: string;
  readonly acknowledged: { readonly at: number; readonly by: string; readonly note: string } | null;
  readonly snoozed: { readonly at: number; readonly by: string; readonly until: number; readonly note: string } | null;
  /** When someone was first to be told of it by a route that escalates; null before. */
  readonly noticedAt: number | null;
  /** Receivers that were told because nobody acknowledged it. */
  readonly escalated: readonly { readonly receiver: string; readonly at: number }[];
}

export interface AlertCareTable {
  load(): AlertCare[];
  put(cares: readonly AlertCare[]): void;
  remove(fingerprints: readonly string[]): void;
}

export function createAlertCareTable(db: DatabaseSync): AlertCareTable {
  const all = db.prepare('SELECT body FROM alert_cares');
  const upsert = db.prepare('INSERT OR REPLACE INTO alert_cares (fingerprint, body) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM alert_cares WHERE fingerprint = ?');
  return {
    load: () => all.all().map((row) => readJson(row, 'body') as AlertCare),
    put(cares) {
      for (const care of cares) upsert.run(care.fingerprint, JSON.stringify(care));
    },
    remove(fingerprints) {
      for (const fingerprint of fingerprints) remove.run(fingerprint);
    },
  };
}
