import type { DatabaseSync } from 'node:sqlite';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import { readJson, readNumber } from './read-column.ts';

/** An alert as the router knows it, kept so that it outlives a restart. Times are epoch milliseconds. */
export interface StoredAlert {
  readonly fingerprint: string;
  readonly ruleId: string;
  readonly labels: LabelRecord;
  readonly annotations: LabelRecord;
  /** null when the sender told none, or no number. */
  readonly value: number | null;
  readonly generatorUrl: string;
  readonly startsAt: number;
  /** When it ended; while it fires: until when it is believed without another word. */
  readonly endsAt: number;
  readonly updatedAt: number;
  /** Its sender set no end, so `endsAt` is a guess that any word replaces. */
  readonly hasGuessedEnd: boolean;
}

export interface AlertTable {
  load(): StoredAlert[];
  /** Write and remove in one transaction, with whatever else `alongside` writes. */
  apply(saved: readonly StoredAlert[], removed: readonly string[], alongside?: () => void): void;
}

/** What one call of `apply` wrote. */
interface Entry {
  readonly saved: readonly StoredAlert[];
  readonly removed: readonly string[];
}

/** Rows may hold this many times the alerts that live, before the oldest of them are written anew. */
const MOST_WASTE = 2;
const LEAST_ENTRIES = 2_000;
/** Old rows that one call cleans at most, so that none takes long. */
const CLEANED_AT_ONCE = 2;

/**
 * The alerts as a log: a post of a hundred alerts is one row, since a row for each costs the main thread a tenth of a
 * millisecond. The newest row that names an alert counts. The oldest rows are cleaned as new ones come: what of them still
 * lives is written again at the end.
 */
export function createAlertTable(db: DatabaseSync): AlertTable {
  const all = db.prepare('SELECT id, body FROM alert_log ORDER BY id');
  const oldest = db.prepare('SELECT id, body FROM alert_log ORDER BY id LIMIT 1');
  const insert = db.prepare('INSERT INTO alert_log (body) VALUES (?)');
  const remove = db.prepare('DELETE FROM alert_log WHERE id = ?');
  /** The newest row of each alert that lives. */
  const rowOf = new Map<string, number>();
  /** Alerts and removals in all rows. */
  let entries = 0;

  function note(id: number, { saved, removed }: Entry): void {
    for (const { fingerprint } of saved) rowOf.set(fingerprint, id);
    for (const fingerprint of removed) rowOf.delete(fingerprint);
    entries += saved.length + removed.length;
  }

  function append(entry: Entry): void {
    note(Number(insert.run(JSON.stringify(entry)).lastInsertRowid), entry);
  }

  /** Removals in the oldest row have nothing left to remove. */
  function cleanOldest(): void {
    const row = oldest.get();
    if (row === undefined) return;
    const id = readNumber(row, 'id');
    const entry = readJson(row, 'body') as Entry;
    remove.run(id);
    entries -= entry.saved.length + entry.removed.length;
    const living = entry.saved.filter(({ fingerprint }) => rowOf.get(fingerprint) === id);
    if (living.length > 0) append({ saved: living, removed: [] });
  }

  return {
    load() {
      const alerts = new Map<string, StoredAlert>();
      entries = 0;
      rowOf.clear();
      for (const row of all.all()) {
        const entry = readJson(row, 'body') as Entry;
        note(readNumber(row, 'id'), entry);
        for (const alert of entry.saved) alerts.set(alert.fingerprint, alert);
        for (const fingerprint of entry.removed) alerts.delete(fingerprint);
      }
      return [...alerts.values()];
    },
    apply(saved, removed, alongside) {
      db.exec('BEGIN IMMEDIATE');
      try {
        if (saved.length + removed.length > 0) append({ saved, removed });
        for (let i = 0; i < CLEANED_AT_ONCE && entries > LEAST_ENTRIES + MOST_WASTE * rowOf.size; i++) cleanOldest();
        alongside?.();
        db.exec('COMMIT');
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
  };
}
