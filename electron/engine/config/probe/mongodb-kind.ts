import type { Secret } from '../configuration.ts';
import { duration, strict, text } from '../schema/values.ts';
import { validate } from '../validate.ts';
import { formatDuration } from '../duration.ts';
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

/** One server, also when it is a member of a set: what is asked is how it is, and not who serves writes now. */
export interface MongodbCheckConfig {
  readonly kind: 'mongodb';
  readonly server: ServerAddress;
  readonly user: string | null;
  readonly password: Secret | null;
  /** The database that knows the user. */
  readonly authSource: string;
  readonly tls: TlsSetting | null;
  /** How far a secondary may be behind before it is degraded. */
  readonly maxReplicationLagMs: number;
  readonly thresholds: Thresholds;
}

const schema = strict({
  address: serverAddress(27017),
  user: text().optional(),
  ...passwordShape,
  auth_source: text().optional(),
  ...tlsShape,
  max_replication_lag: duration.optional(),
  ...thresholdShape,
});

export const mongodbKind: ProbeKind<MongodbCheckConfig> = {
  read(value, reading) {
    const raw = validate(schema, value, reading.place, reading.findings);
    if (raw === undefined) return null;
    return {
      kind: 'mongodb',
      server: raw.address,
      user: raw.user ?? null,
      password: readPassword(raw, reading),
      authSource: raw.auth_source ?? 'admin',
      tls: readTls(raw, reading.directory),
      maxReplicationLagMs: raw.max_replication_lag ?? 60_000,
      thresholds: readThresholds(raw),
    };
  },
  describe: (config) => ({
    address: formatAddress(config.server),
    user: config.user ?? undefined,
    ...describePassword(config.password),
    auth_source: config.authSource,
    ...describeTls(config.tls),
    max_replication_lag: formatDuration(config.maxReplicationLagMs),
    ...describeThresholds(config.thresholds),
  }),
  target: ({ server }) => ({ host: server.host, address: formatAddress(server) }),
};
