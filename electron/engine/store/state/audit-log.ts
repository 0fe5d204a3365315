import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { readJson, readNumber, readText } from './read-column.ts';

/** By what way an action came: a window, a command, another program, a button of a popup, or the program's own doing. */
export type AuditVia = 'interface' | 'cli' | 'api' | 'popup' | 'engine';

/** Something that was done, and by whom. */
export interface AuditEntry {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The name that was given; the way it came where none was. */
  readonly who: string;
  readonly via: AuditVia;
  /** Such as `acknowledge`, `silence.create`, `config.saveFile`. */
  readonly action: string;
  /** What it was done to, in words: names of alerts, the matchers of a silence, a file. */
  readonly subject: string;
  /** Fingerprints of the alerts that it concerns. */
  readonly alerts: readonly string[];
  /** More in words: a note, until when; '' for nothing. */
  readonly detail: string;
}

export interface AuditRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
}

/** Every action that changed something, kept as long as the rest of the state. */
export interface AuditLog {
  write(entry: Omit<AuditEntry, 'id'>): void;
  /** Newest first. */
  list(range: AuditRange): AuditEntry[];
}

export function createAuditLog(db: DatabaseSync): AuditLog {
  const insert = db.prepare(
    'INSERT INTO audit (at, who, via, action, subject, alerts, detail) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const select = db.prepare('SELECT * FROM audit WHERE at >= ? AND at <= ? ORDER BY at DESC, id DESC LIMIT ?');
  return {
    write({ at, who, via, action, subject, alerts, detail }) {
      insert.run(at, who, via, action, subject, JSON.stringify(alerts), detail);
    },
    list: ({ fromMs, toMs, limit }) => select.all(fromMs, toMs, limit).map(readEntry),
  };
}

function readEntry(row: Record<string, SQLOutputValue>): AuditEntry {
  return {
    id: readNumber(row, 'id'),
    at: readNumber(row, 'at'),
    who: readText(row, 'who'),
    via: readText(row, 'via') as AuditVia,
    action: readText(row, 'action'),
    subject: readText(row, 'subject'),
    alerts: readJson(row, 'alerts') as readonly string[],
    detail: readText(row, 'detail'),
  };
}
