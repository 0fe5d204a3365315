import { z } from 'zod';
import type { Secret } from '../configuration.ts';
import { below, problemAt } from '../problem.ts';
import { strict, text } from '../schema/values.ts';
import { validate } from '../validate.ts';
import { databaseLimitShape, describeDatabaseLimits, readDatabaseLimits } from './database-limits.ts';
import type { DatabaseLimits } from './database-limits.ts';
import type { ProbeKind } from './probe-kind.ts';
import type { Thresholds } from './sample-condition.ts';
import {
  describePassword,
  describeThresholds,
  describeTls,
  formatAddress,
  passwordShape,
  readPassword,
  readThresholds,
  readTls,
  serverAddress,
  thresholdShape,
  tlsShape,
} from './service-values.ts';
import type { TlsSetting } from './network-settings.ts';
import type { ServerAddress } from './service-values.ts';

/** A question of the owner: its first value of its first row becomes a sample. */
export interface DatabaseQuery {
  readonly name: string;
  readonly sql: string;
}

export const queriesShape = { queries: z.array(strict({ name: text().min(1), sql: text().min(1) })).optional() };

export interface PostgresqlCheckConfig {
  readonly kind: 'postgresql';
  readonly server: ServerAddress;
  /** Null asks only whether the server answers. */
  readonly user: string | null;
  readonly password: Secret | null;
  readonly database: string;
  readonly tls: TlsSetting | null;
  readonly queries: readonly DatabaseQuery[];
  readonly limits: DatabaseLimits;
  readonly thresholds: Thresholds;
}

const schema = strict({
  address: serverAddress(5432),
  user: text().optional(),
  ...passwordShape,
  database: text().optional(),
  ...tlsShape,
  ...queriesShape,
  ...databaseLimitShape,
  ...thresholdShape,
});

export const postgresqlKind: ProbeKind<PostgresqlCheckConfig> = {
  read(value, reading) {
    const { place, findings, directory } = reading;
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    const queries = raw.queries ?? [];
    if (raw.user === undefined && queries.length > 0) {
      findings.problems.push(problemAt(below(place, 'queries'), 'Queries need a user.', 'Add the key user.', 'key'));
    }
    return {
      kind: 'postgresql',
      server: raw.address,
      user: raw.user ?? null,
      password: readPassword(raw, reading),
      database: raw.database ?? 'postgres',
      tls: readTls(raw, directory),
      queries,
      limits: readDatabaseLimits(raw),
      thresholds: readThresholds(raw),
    };
  },
  describe: (config) => ({
    address: formatAddress(config.server),
    user: config.user ?? undefined,
    ...describePassword(config.password),
    database: config.database,
    ...describeTls(config.tls),
    queries: config.queries.map(({ name, sql }) => ({ name, sql })),
    ...describeDatabaseLimits(config.limits),
    ...describeThresholds(config.thresholds),
  }),
  target: ({ server }) => ({ host: server.host, address: formatAddress(server) }),
};
