import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type {
  CheckMemory,
  HistoryState,
  RememberedStanding,
  SketchUnit,
  StateInterval,
} from '../../collect/judge/check-memory.ts';
import { readJson, readNullableText, readNumber, readText } from './read-column.ts';

/** What is known about checks: how long each was in which state and how quickly it answered. */
export interface CheckHistory extends CheckMemory {
  /** Milliseconds in each state within a time, by check. */
  durations(range: TimeRange): ReadonlyMap<string, StateDurations>;
  durationsOf(check: string, range: TimeRange): StateDurations;
  /** Stretches of these states that overlap a time, the newest first. */
  intervals(check: string, range: TimeRange, states: readonly HistoryState[], limit: number): StateInterval[];
  /** Packed sketches of all slots that end after a moment. */
  sketches(check: string, unit: SketchUnit, fromMs: number): Uint8Array[];
}

/** Epoch milliseconds. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Milliseconds by state; a state that did not occur is absent. */
export type StateDurations = Readonly<Partial<Record<HistoryState, number>>>;

/** The longest range of uptime is 90 days; what is older than this says nothing any more. */
export const CHECK_HISTORY_MS = 92 * 86_400_000;
/** Percentiles of the last day are made from hours, longer ones from days. */
const HOURS_KEPT_MS = 2 * 86_400_000;

/** The tables of the history of checks, for the migrations of state.db. */
export const CHECK_HISTORY_TABLES = `
  CREATE TABLE check_intervals (
    name TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (name, from_at)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX check_intervals_by_end ON check_intervals (until_at);

  CREATE TABLE check_sketches (
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    sketch BLOB NOT NULL,
    PRIMARY KEY (name, unit, start_at)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE check_standings (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

export function createCheckHistory(db: DatabaseSync): CheckHistory {
  const putInterval = db.prepare(
    `INSERT INTO check_intervals (name, from_at, until_at, state, reason) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (name, from_at) DO UPDATE SET until_at = excluded.until_at, state = excluded.state, reason = excluded.reason`,
  );
  const putSketch = db.prepare(
    'INSERT OR REPLACE INTO check_sketches (name, unit, start_at, sketch) VALUES (?, ?, ?, ?)',
  );
  const putStanding = db.prepare('INSERT OR REPLACE INTO check_standings (name, body) VALUES (?, ?)');
  const allStandings = db.prepare('SELECT body FROM check_standings');
  const oneSketch = db.prepare('SELECT sketch FROM check_sketches WHERE name = ? AND unit = ? AND start_at = ?');
  const laterSketches = db.prepare('SELECT sketch FROM check_sketches WHERE name = ? AND unit = ? AND start_at >= ?');
  const sums = 'SELECT name, state, sum(min(until_at, ?2) - max(from_at, ?1)) AS total FROM check_intervals';
  const within = 'until_at > ?1 AND from_at < ?2';
  const sumOfAll = db.prepare(`${sums} WHERE ${within} GROUP BY name, state`);
  const sumOfOne = db.prepare(`${sums} WHERE name = ?3 AND ${within} GROUP BY name, state`);
  const listed = db.prepare(
    `SELECT * FROM check_intervals WHERE name = ? AND until_at >= ? AND from_at < ?
     AND state IN (SELECT value FROM json_each(?)) ORDER BY from_at DESC LIMIT ?`,
  );

  return {
    standings: () => allStandings.all().map((row) => readJson(row, 'body') as RememberedStanding),
    sketch({ check, unit, startMs }) {
      const row = oneSketch.get(check, unit, startMs);
      return row === undefined ? null : readBytes(row, 'sketch');
    },
    save({ intervals, sketches, standings }) {
      if (intervals.length + sketches.length + standings.length === 0) return;
      db.exec('BEGIN IMMEDIATE');
      try {
        for (const { check, fromMs, untilMs, state, reason } of intervals) {
          putInterval.run(check, Math.round(fromMs), Math.round(untilMs), state, reason);
        }
        for (const { check, unit, startMs, packed } of sketches) putSketch.run(check, unit, startMs, packed);
        for (const standing of standings) putStanding.run(standing.check, JSON.stringify(standing));
        db.exec('COMMIT');
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    durations: ({ fromMs, toMs }) => readDurations(sumOfAll.all(fromMs, toMs)),
    durationsOf: (check, { fromMs, toMs }) => readDurations(sumOfOne.all(fromMs, toMs, check)).get(check) ?? {},
    intervals: (check, { fromMs, toMs }, states, limit) =>
      listed.all(check, fromMs, toMs, JSON.stringify(states), limit).map(readInterval),
    sketches: (check, unit, fromMs) => laterSketches.all(check, unit, fromMs).map((row) => readBytes(row, 'sketch')),
  };
}

/** Drop what no range reaches any more. */
export function pruneCheckHistory(db: DatabaseSync, nowMs: number): void {
  db.prepare('DELETE FROM check_intervals WHERE until_at < ?').run(nowMs - CHECK_HISTORY_MS);
  db.prepare(`DELETE FROM check_sketches WHERE start_at < ? OR (unit = 'hour' AND start_at < ?)`).run(
    nowMs - CHECK_HISTORY_MS,
    nowMs - HOURS_KEPT_MS,
  );
}

type Row = Readonly<Record<string, SQLOutputValue>>;

function readDurations(rows: readonly Row[]): Map<string, StateDurations> {
  const found = new Map<string, Partial<Record<HistoryState, number>>>();
  for (const row of rows) {
    const name = readText(row, 'name');
    const durations = found.get(name) ?? {};
    durations[readText(row, 'state') as HistoryState] = readNumber(row, 'total');
    found.set(name, durations);
  }
  return found;
}

function readInterval(row: Row): StateInterval {
  return {
    check: readText(row, 'name'),
    state: readText(row, 'state') as HistoryState,
    reason: readNullableText(row, 'reason'),
    fromMs: readNumber(row, 'from_at'),
    untilMs: readNumber(row, 'until_at'),
  };
}

function readBytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`Column "${column}" holds no bytes.`);
  return value;
}
