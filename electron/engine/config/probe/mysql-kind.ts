import type { Secret } from '../configuration.ts';
import { strict, text } from '../schema/values.ts';
import { validate } from '../validate.ts';
import { databaseLimitShape, describeDatabaseLimits, readDatabaseLimits } from './database-limits.ts';
import type { DatabaseLimits } from './database-limits.ts';
import { queriesShape } from './postgresql-kind.ts';
import type { DatabaseQuery } from './postgresql-kind.ts';
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

/** A user is needed: a client that hangs up without logging in is counted, and after 100 of them the host is locked out. */
export interface MysqlCheckConfig {
  readonly kind: 'mysql';
  readonly server: ServerAddress;
  readonly user: string;
  readonly password: Secret | null;
  /** Null chooses none. */
  readonly database: string | null;
  readonly tls: TlsSetting | null;
  readonly queries: readonly DatabaseQuery[];
  readonly limits: DatabaseLimits;
  readonly thresholds: Thresholds;
}

const schema = strict({
  address: serverAddress(3306),
  user: text().min(1, 'The user is empty'),
  ...passwordShape,
  database: text().optional(),
  ...tlsShape,
  ...queriesShape,
  ...databaseLimitShape,
  ...thresholdShape,
});

export const mysqlKind: ProbeKind<MysqlCheckConfig> = {
  read(value, reading) {
    const raw = validate(schema, value, reading.place, reading.findings);
    if (raw === undefined) return null;
    return {
      kind: 'mysql',
      server: raw.address,
      user: raw.user,
      password: readPassword(raw, reading),
      database: raw.database ?? null,
      tls: readTls(raw, reading.directory),
      queries: raw.queries ?? [],
      limits: readDatabaseLimits(raw),
      thresholds: readThresholds(raw),
    };
  },
  describe: (config) => ({
    address: formatAddress(config.server),
    user: config.user,
    ...describePassword(config.password),
    database: config.database ?? undefined,
    ...describeTls(config.tls),
    queries: config.queries.map(({ name, sql }) => ({ name, sql })),
    ...describeDatabaseLimits(config.limits),
    ...describeThresholds(config.thresholds),
  }),
  target: ({ server }) => ({ host: server.host, address: formatAddress(server) }),
};
