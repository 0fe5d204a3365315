import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import { readJson, readNullableNumber, readNumber, readText } from './read-column.ts';

/** One time that an alert fired, from beginning to end. Times are epoch milliseconds. */
export interface AlertEpisode {
  readonly fingerprint: string;
  readonly ruleId: string;
  readonly labels: LabelRecord;
  readonly annotations: LabelRecord;
  /** The last value while it fired; null when the sender told none. */
  readonly value: number | null;
  readonly firedAt: number;
  /** null while it fires. */
  readonly resolvedAt: number | null;
}

/** The history of alerts. */
export interface AlertEpisodes {
  /** The alert began to fire. Telling the same beginning twice changes nothing. */
  begin(episode: Omit<AlertEpisode, 'resolvedAt'>): void;
  /** The alert ended: closes its open episode, if there is one. */
  end(
    fingerprint: string,
    end: { readonly at: number; readonly annotations: LabelRecord; readonly value: number | null },
  ): void;
  /** Episodes that overlap the range, newest first. */
  list(range: { readonly fromMs: number; readonly toMs: number; readonly limit: number }): AlertEpisode[];
}

export function createAlertEpisodes(db: DatabaseSync): AlertEpisodes {
  const open = db.prepare('SELECT id FROM episodes WHERE fingerprint = ? AND resolved_at IS NULL');
  const insert = db.prepare(
    'INSERT INTO episodes (fingerprint, rule_id, labels, annotations, value, fired_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const close = db.prepare(
    `UPDATE episodes SET resolved_at = max(?, fired_at), annotations = ?, value = ?
     WHERE fingerprint = ? AND resolved_at IS NULL`,
  );
  const overlapping = db.prepare(
    `SELECT * FROM episodes WHERE fired_at <= ? AND (resolved_at IS NULL OR resolved_at >= ?)
     ORDER BY fired_at DESC, id DESC LIMIT ?`,
  );
  return {
    begin(episode) {
      const { fingerprint, ruleId, labels, annotations, value, firedAt } = episode;
      if (open.get(fingerprint) !== undefined) return;
      insert.run(fingerprint, ruleId, JSON.stringify(labels), JSON.stringify(annotations), storable(value), firedAt);
    },
    end(fingerprint, { at, annotations, value }) {
      close.run(at, JSON.stringify(annotations), storable(value), fingerprint);
    },
    list: ({ fromMs, toMs, limit }) => overlapping.all(toMs, fromMs, limit).map(readEpisode),
  };
}

/** SQLite has no NaN: it would come back as null, which is what a value that is no number means here as well. */
function storable(value: number | null): SQLInputValue {
  return value === null || Number.isNaN(value) ? null : value;
}

function readEpisode(row: Record<string, SQLOutputValue>): AlertEpisode {
  return {
    fingerprint: readText(row, 'fingerprint'),
    ruleId: readText(row, 'rule_id'),
    labels: readJson(row, 'labels') as LabelRecord,
    annotations: readJson(row, 'annotations') as LabelRecord,
    value: readNullableNumber(row, 'value'),
    firedAt: readNumber(row, 'fired_at'),
    resolvedAt: readNullableNumber(row, 'resolved_at'),
  };
}
