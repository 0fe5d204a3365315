import type { DatabaseSync } from 'node:sqlite';
import type { NotificationKey, NotificationLogEntry } from './notification-key.ts';
import { readJson, readNumber } from './read-column.ts';

/** What each channel was told last about each group, so that nothing is told twice, not even after a restart. */
export interface NotificationLog {
  get(key: NotificationKey): NotificationLogEntry | null;
  put(entry: NotificationLogEntry): void;
}

export function createNotificationLog(db: DatabaseSync): NotificationLog {
  const select = db.prepare('SELECT * FROM notification_log WHERE group_key = ? AND receiver = ? AND channel = ?');
  const upsert = db.prepare(
    'INSERT OR REPLACE INTO notification_log (group_key, receiver, channel, at, firing, resolved) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return {
    get({ groupKey, receiver, channel }) {
      const row = select.get(groupKey, receiver, channel);
      if (row === undefined) return null;
      return {
        groupKey,
        receiver,
        channel,
        at: readNumber(row, 'at'),
        firing: readJson(row, 'firing') as readonly string[],
        resolved: readJson(row, 'resolved') as readonly string[],
      };
    },
    put({ groupKey, receiver, channel, at, firing, resolved }) {
      upsert.run(groupKey, receiver, channel, at, JSON.stringify(firing), JSON.stringify(resolved));
    },
  };
}
