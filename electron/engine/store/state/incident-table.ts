import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import { readJson, readNullableNumber, readNumber, readText } from './read-column.ts';

/** One time that an alert fired, as part of an incident. Times are epoch milliseconds. */
export interface IncidentMember {
  readonly fingerprint: string;
  readonly firedAt: number;
  /** null while it fires. */
  readonly resolvedAt: number | null;
  /** The groups in which it is told. */
  readonly groupKeys: readonly string[];
  readonly labels: LabelRecord;
  readonly annotations: LabelRecord;
}

/** Alerts that fired together. */
export interface Incident {
  readonly id: number;
  readonly startedAt: number;
  /** null while one of its alerts fires. */
  readonly endedAt: number | null;
  readonly members: readonly IncidentMember[];
}

export interface IncidentTable {
  begin(startedAt: number): number;
  join(incident: number, member: IncidentMember): void;
  /** The alert ended: its open membership is closed. */
  leave(incident: number, fingerprint: string, at: number): void;
  setEnd(incident: number, endedAt: number | null): void;
  get(id: number): Incident | null;
  /** Incidents that overlap the range, newest first. */
  list(range: { readonly fromMs: number; readonly toMs: number; readonly limit: number }): Incident[];
}

export function createIncidentTable(db: DatabaseSync): IncidentTable {
  const insert = db.prepare('INSERT INTO incidents (started_at) VALUES (?)');
  const insertMember = db.prepare(
    `INSERT OR REPLACE INTO incident_members (incident, fingerprint, fired_at, resolved_at, group_keys, labels, annotations)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const close = db.prepare(
    `UPDATE incident_members SET resolved_at = max(?, fired_at)
     WHERE incident = ? AND fingerprint = ? AND resolved_at IS NULL`,
  );
  const end = db.prepare('UPDATE incidents SET ended_at = ? WHERE id = ?');
  const one = db.prepare('SELECT * FROM incidents WHERE id = ?');
  const members = db.prepare('SELECT * FROM incident_members WHERE incident = ? ORDER BY fired_at, fingerprint');
  const overlapping = db.prepare(
    `SELECT * FROM incidents WHERE started_at <= ? AND (ended_at IS NULL OR ended_at >= ?)
     ORDER BY started_at DESC, id DESC LIMIT ?`,
  );
  const read = (row: Record<string, SQLOutputValue>): Incident => ({
    id: readNumber(row, 'id'),
    startedAt: readNumber(row, 'started_at'),
    endedAt: readNullableNumber(row, 'ended_at'),
    members: members.all(readNumber(row, 'id')).map(readMember),
  });
  return {
    begin: (startedAt) => Number(insert.run(startedAt).lastInsertRowid),
    join(incident, { fingerprint, firedAt, resolvedAt, groupKeys, labels, annotations }) {
      const texts = [groupKeys, labels, annotations].map((value) => JSON.stringify(value));
      insertMember.run(incident, fingerprint, firedAt, resolvedAt, ...texts);
    },
    leave(incident, fingerprint, at) {
      close.run(at, incident, fingerprint);
    },
    setEnd(incident, endedAt) {
      end.run(endedAt, incident);
    },
    get(id) {
      const row = one.get(id);
      return row === undefined ? null : read(row);
    },
    list: ({ fromMs, toMs, limit }) => overlapping.all(toMs, fromMs, limit).map(read),
  };
}

function readMember(row: Record<string, SQLOutputValue>): IncidentMember {
  return {
    fingerprint: readText(row, 'fingerprint'),
    firedAt: readNumber(row, 'fired_at'),
    resolvedAt: readNullableNumber(row, 'resolved_at'),
    groupKeys: readJson(row, 'group_keys') as readonly string[],
    labels: readJson(row, 'labels') as LabelRecord,
    annotations: readJson(row, 'annotations') as LabelRecord,
  };
}
