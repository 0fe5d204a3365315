import { CHECK_HISTORY_TABLES } from './check-history.ts';
import { MANUAL_MAINTENANCE_TABLE } from './manual-maintenance.ts';

/** The tables of state.db. Scripts in order, never changed once released. Times are epoch milliseconds; lists and labels are JSON. */
export const STATE_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE notification_log (
    group_key TEXT NOT NULL,
    receiver TEXT NOT NULL,
    channel TEXT NOT NULL,
    at INTEGER NOT NULL,
    firing TEXT NOT NULL,
    resolved TEXT NOT NULL,
    PRIMARY KEY (group_key, receiver, channel)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE alerts (
    fingerprint TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE episodes (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    labels TEXT NOT NULL,
    annotations TEXT NOT NULL,
    value REAL,
    fired_at INTEGER NOT NULL,
    resolved_at INTEGER
  ) STRICT;
  CREATE INDEX episodes_by_alert ON episodes (fingerprint, fired_at);
  CREATE INDEX episodes_by_time ON episodes (fired_at);

  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    finished_at INTEGER,
    receiver TEXT NOT NULL,
    channel TEXT NOT NULL,
    group_key TEXT NOT NULL,
    status TEXT NOT NULL,
    alerts TEXT NOT NULL,
    firing TEXT NOT NULL,
    resolved TEXT NOT NULL,
    outcome TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    words TEXT
  ) STRICT;
  CREATE INDEX deliveries_by_time ON deliveries (at);
  CREATE INDEX deliveries_open ON deliveries (outcome) WHERE outcome IN ('sending', 'waiting');

  CREATE TABLE facts (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  CHECK_HISTORY_TABLES + MANUAL_MAINTENANCE_TABLE,
  `
  CREATE TABLE silences (
    id TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE alert_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL
  ) STRICT;
  INSERT INTO alert_log (body) SELECT '{"saved":[' || body || '],"removed":[]}' FROM alerts;
  DROP TABLE alerts;
  `,
  `
  CREATE TABLE alert_cares (
    fingerprint TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    via TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    alerts TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_time ON audit (at);

  CREATE TABLE incidents (
    id INTEGER PRIMARY KEY,
    started_at INTEGER NOT NULL,
    ended_at INTEGER
  ) STRICT;
  CREATE INDEX incidents_by_time ON incidents (started_at);

  CREATE TABLE incident_members (
    incident INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    fired_at INTEGER NOT NULL,
    resolved_at INTEGER,
    group_keys TEXT NOT NULL,
    labels TEXT NOT NULL,
    annotations TEXT NOT NULL,
    PRIMARY KEY (incident, fingerprint, fired_at)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX incident_members_by_alert ON incident_members (fingerprint, fired_at);
  `,
];
