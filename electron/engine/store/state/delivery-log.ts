import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { NotificationKey, NotificationLogEntry } from './notification-key.ts';
import type { NotificationLog } from './notification-log.ts';
import { readJson, readNumber, readNullableNumber, readNullableText, readText } from './read-column.ts';

/**
 * What became of a message. `sending` and `waiting` are on their way (the latter between two attempts); `doubt` was cut off
 * by the end of the program while it was being sent, so that nobody knows whether it arrived.
 */
export type DeliveryOutcome = 'sending' | 'waiting' | FinalOutcome | 'doubt';
export type FinalOutcome = 'delivered' | 'refused' | 'failed' | 'suppressed';

export interface DeliveryEnd {
  readonly at: number;
  readonly outcome: FinalOutcome;
  readonly words: string | null;
  /** The channel is not to be told again: it was, or never can be. */
  readonly isTold: boolean;
}

export interface NewDelivery extends NotificationKey {
  readonly at: number;
  readonly status: 'firing' | 'resolved';
  /** Names of the alerts it tells about. */
  readonly alerts: readonly string[];
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
}

export interface Delivery extends NewDelivery {
  readonly id: number;
  readonly finishedAt: number | null;
  readonly outcome: DeliveryOutcome;
  readonly attempts: number;
  /** The words of the service, or why it failed; null when nothing was said. */
  readonly words: string | null;
}

/**
 * Every message with its fate. The row is there before the message is sent and is finished after, so that a program that
 * is killed in between leaves a doubt and never a silence.
 */
export interface DeliveryLog {
  /** An attempt is about to begin. */
  begin(delivery: NewDelivery): number;
  /** The attempt failed and another one follows. */
  wait(id: number, words: string): void;
  /** The next attempt is about to begin. */
  retry(id: number): void;
  /** The message has its fate. Where the channel is told, that enters the notification log in the same transaction. */
  finish(id: number, end: DeliveryEnd): void;
  /** Newest first. */
  list(limit: number): Delivery[];
  /** Messages that told of an alert, newest first; its fingerprint is asked for. */
  about(fingerprint: string, limit: number): Delivery[];
  /** Messages of a range, oldest first. */
  between(range: { readonly fromMs: number; readonly toMs: number; readonly limit: number }): Delivery[];
  /** How many messages met which fate, of those that are kept. */
  counts(): Readonly<Record<string, number>>;
}

export function createDeliveryLog(db: DatabaseSync, notificationLog: NotificationLog): DeliveryLog {
  const insert = db.prepare(
    `INSERT INTO deliveries (at, receiver, channel, group_key, status, alerts, firing, resolved, outcome, attempts)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'sending', 1)`,
  );
  const wait = db.prepare(`UPDATE deliveries SET outcome = 'waiting', words = ? WHERE id = ?`);
  const retry = db.prepare(`UPDATE deliveries SET outcome = 'sending', attempts = attempts + 1 WHERE id = ?`);
  const finish = db.prepare('UPDATE deliveries SET outcome = ?, finished_at = ?, words = ? WHERE id = ?');
  const one = db.prepare('SELECT * FROM deliveries WHERE id = ?');
  const fates = db.prepare('SELECT outcome, count(*) AS number FROM deliveries GROUP BY outcome');
  const newest = db.prepare('SELECT * FROM deliveries ORDER BY at DESC, id DESC LIMIT ?');
  const about = db.prepare(
    `SELECT * FROM deliveries WHERE EXISTS (SELECT 1 FROM json_each(firing) WHERE value = ?1)
       OR EXISTS (SELECT 1 FROM json_each(resolved) WHERE value = ?1)
     ORDER BY at DESC, id DESC LIMIT ?2`,
  );
  const inRange = db.prepare('SELECT * FROM deliveries WHERE at >= ? AND at <= ? ORDER BY at, id LIMIT ?');
  return {
    begin(delivery) {
      const { at, receiver, channel, groupKey, status } = delivery;
      const lists = [delivery.alerts, delivery.firing, delivery.resolved].map((list) => JSON.stringify(list));
      return Number(insert.run(at, receiver, channel, groupKey, status, ...lists).lastInsertRowid);
    },
    wait(id, words) {
      wait.run(words, id);
    },
    retry(id) {
      retry.run(id);
    },
    finish(id, { at, outcome, words, isTold }) {
      db.exec('BEGIN IMMEDIATE');
      try {
        finish.run(outcome, at, words, id);
        const row = one.get(id);
        if (row !== undefined && isTold) notificationLog.put(entryOf(readDelivery(row), at));
        db.exec('COMMIT');
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    list: (limit) => newest.all(limit).map(readDelivery),
    between: ({ fromMs, toMs, limit }) => inRange.all(fromMs, toMs, limit).map(readDelivery),
    about: (fingerprint, limit) => about.all(fingerprint, limit).map(readDelivery),
    counts: () => Object.fromEntries(fates.all().map(({ outcome, number }) => [String(outcome), Number(number)])),
  };
}

/**
 * Settle what the last run of the program left open. A message that was between two attempts did not arrive and is free to
 * be sent again; one that was being sent becomes a doubt and counts as told, because nothing is announced twice.
 *
 * @returns the doubts
 */
export function settleOpenDeliveries(db: DatabaseSync, notificationLog: NotificationLog, nowMs: number): Delivery[] {
  const words = 'The program ended before the outcome was known.';
  const doubts = db.prepare(`SELECT * FROM deliveries WHERE outcome = 'sending'`).all().map(readDelivery);
  db.exec('BEGIN IMMEDIATE');
  try {
    const close = db.prepare(
      'UPDATE deliveries SET outcome = ?, finished_at = ?, words = coalesce(words, ?) WHERE outcome = ?',
    );
    close.run('failed', nowMs, words, 'waiting');
    close.run('doubt', nowMs, words, 'sending');
    for (const doubt of doubts) notificationLog.put(entryOf(doubt, doubt.at));
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
  return doubts;
}

function entryOf(delivery: Delivery, at: number): NotificationLogEntry {
  const { groupKey, receiver, channel, firing, resolved } = delivery;
  return { groupKey, receiver, channel, at, firing, resolved };
}

function readDelivery(row: Record<string, SQLOutputValue>): Delivery {
  return {
    id: readNumber(row, 'id'),
    at: readNumber(row, 'at'),
    finishedAt: readNullableNumber(row, 'finished_at'),
    receiver: readText(row, 'receiver'),
    channel: readText(row, 'channel'),
    groupKey: readText(row, 'group_key'),
    status: readText(row, 'status') as Delivery['status'],
    alerts: readJson(row, 'alerts') as readonly string[],
    firing: readJson(row, 'firing') as readonly string[],
    resolved: readJson(row, 'resolved') as readonly string[],
    outcome: readText(row, 'outcome') as DeliveryOutcome,
    attempts: readNumber(row, 'attempts'),
    words: readNullableText(row, 'words'),
  };
}
