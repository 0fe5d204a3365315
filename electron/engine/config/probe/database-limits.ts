import { convert, duration } from '../schema/values.ts';
import type { Described } from '../described.ts';
import { formatDuration } from '../duration.ts';

/** From where on a database is degraded. */
export interface DatabaseLimits {
  /** Connections, as a share of the most that the server takes. */
  readonly connectionsRatio: number;
  /** How long a statement may wait for the lock of another. */
  readonly blockedMs: number;
  /** How long a transaction may be open. */
  readonly transactionMs: number;
  /** How far a replica may be behind. */
  readonly replicationLagMs: number;
}

const DEFAULTS: DatabaseLimits = {
  connectionsRatio: 0.9,
  blockedMs: 60_000,
  transactionMs: 3_600_000,
  replicationLagMs: 60_000,
};

const ratio = convert(parseRatio, 'is not a share', 'Write it like 90% or 0.9.');

function parseRatio(text: string): number | null {
  const [, number = '', percent] = /^(\d+(?:\.\d+)?)(%)?$/.exec(text) ?? [];
  if (number === '') return null;
  const value = percent === undefined ? Number(number) : Number(number) / 100;
  return value > 0 && value <= 1 ? value : null;
}

export const databaseLimitShape = {
  max_connections_ratio: ratio.optional(),
  max_blocked: duration.optional(),
  max_transaction: duration.optional(),
  max_replication_lag: duration.optional(),
};

export function readDatabaseLimits(raw: {
  readonly max_connections_ratio?: number | undefined;
  readonly max_blocked?: number | undefined;
  readonly max_transaction?: number | undefined;
  readonly max_replication_lag?: number | undefined;
}): DatabaseLimits {
  return {
    connectionsRatio: raw.max_connections_ratio ?? DEFAULTS.connectionsRatio,
    blockedMs: raw.max_blocked ?? DEFAULTS.blockedMs,
    transactionMs: raw.max_transaction ?? DEFAULTS.transactionMs,
    replicationLagMs: raw.max_replication_lag ?? DEFAULTS.replicationLagMs,
  };
}

export function describeDatabaseLimits(limits: DatabaseLimits): Record<string, Described> {
  return {
    max_connections_ratio: limits.connectionsRatio,
    max_blocked: formatDuration(limits.blockedMs),
    max_transaction: formatDuration(limits.transactionMs),
    max_replication_lag: formatDuration(limits.replicationLagMs),
  };
}
