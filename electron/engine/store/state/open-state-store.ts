import type { DatabaseSync } from 'node:sqlite';
import type { ManualMaintenances } from '../../collect/judge/maintenance.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import { openDatabase } from '../open-database.ts';
import { createAlertEpisodes, type AlertEpisodes } from './alert-episodes.ts';
import { createAlertTable, type AlertTable } from './alert-table.ts';
import { createCheckHistory, pruneCheckHistory, type CheckHistory } from './check-history.ts';
import { createDeliveryLog, settleOpenDeliveries, type Delivery, type DeliveryLog } from './delivery-log.ts';
import { createManualMaintenances } from './manual-maintenance.ts';
import { createNotificationLog, type NotificationLog } from './notification-log.ts';
import { readText } from './read-column.ts';
import { createAlertCareTable, type AlertCareTable } from './alert-care-table.ts';
import { createAuditLog, type AuditLog } from './audit-log.ts';
import { createIncidentTable, type IncidentTable } from './incident-table.ts';
import { createSilenceTable, type SilenceTable } from './silence-table.ts';
import { STATE_MIGRATIONS } from './state-migrations.ts';

/** Small things to remember between runs, by key. */
export interface Facts {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** What the program must not forget: alerts, what was told to whom, and what came of it. */
export interface StateStore {
  readonly notificationLog: NotificationLog;
  readonly deliveries: DeliveryLog;
  readonly alerts: AlertTable;
  readonly episodes: AlertEpisodes;
  readonly silences: SilenceTable;
  readonly cares: AlertCareTable;
  readonly audit: AuditLog;
  readonly incidents: IncidentTable;
  readonly facts: Facts;
  readonly checkHistory: CheckHistory;
  readonly maintenances: ManualMaintenances;
  /** Messages that the last run was sending when it was cut off. */
  readonly doubts: readonly Delivery[];
  /** Where a damaged file was put aside, when there was one. */
  readonly setAside: string | null;
  /** Drop what is older than the retention; call it about once a day. */
  prune(): void;
  close(): void;
}

export interface StateStoreOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly retentionMs?: number;
}

const DEFAULT_RETENTION_MS = 90 * 86_400_000;

/** Open `state.db`, settle what the last run left open, and drop what is old. */
export function openStateStore({
  file,
  clock,
  log,
  retentionMs = DEFAULT_RETENTION_MS,
}: StateStoreOptions): StateStore {
  const { db, setAside, close } = openDatabase(file, { migrations: STATE_MIGRATIONS, log, clock });
  const notificationLog = createNotificationLog(db);
  const doubts = settleOpenDeliveries(db, notificationLog, clock.now());
  for (const doubt of doubts) {
    log('warn', `A ${doubt.status} message to "${doubt.receiver}" by ${doubt.channel} about ${doubt.alerts.join(', ')} may or may not have arrived: the program ended while sending it.`); // prettier-ignore
  }
  const prune = (): void => {
    dropOld(db, clock.now() - retentionMs);
    pruneCheckHistory(db, clock.now());
  };
  prune();
  return {
    notificationLog,
    deliveries: createDeliveryLog(db, notificationLog),
    alerts: createAlertTable(db),
    episodes: createAlertEpisodes(db),
    silences: createSilenceTable(db),
    cares: createAlertCareTable(db),
    audit: createAuditLog(db),
    incidents: createIncidentTable(db),
    facts: createFacts(db),
    checkHistory: createCheckHistory(db),
    maintenances: createManualMaintenances(db),
    doubts,
    setAside,
    prune,
    close,
  };
}

function dropOld(db: DatabaseSync, beforeMs: number): void {
  db.prepare('DELETE FROM deliveries WHERE at < ?').run(beforeMs);
  db.prepare('DELETE FROM episodes WHERE resolved_at < ?').run(beforeMs);
  db.prepare('DELETE FROM notification_log WHERE at < ?').run(beforeMs);
  db.prepare('DELETE FROM maintenances WHERE until_at < ?').run(beforeMs);
  db.prepare('DELETE FROM audit WHERE at < ?').run(beforeMs);
  db.prepare('DELETE FROM incident_members WHERE incident IN (SELECT id FROM incidents WHERE ended_at < ?)').run(
    beforeMs,
  );
  db.prepare('DELETE FROM incidents WHERE ended_at < ?').run(beforeMs);
}

function createFacts(db: DatabaseSync): Facts {
  const select = db.prepare('SELECT value FROM facts WHERE key = ?');
  const upsert = db.prepare('INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM facts WHERE key = ?');
  return {
    get(key) {
      const row = select.get(key);
      return row === undefined ? null : readText(row, 'value');
    },
    set(key, value) {
      upsert.run(key, value);
    },
    remove(key) {
      remove.run(key);
    },
  };
}
