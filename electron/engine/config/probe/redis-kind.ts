import type { Secret } from '../configuration.ts';
import { count, strict, text } from '../schema/values.ts';
import { validate } from '../validate.ts';
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

/** How a Redis server (or one that speaks its protocol) is reached. */
export interface RedisServer {
  readonly server: ServerAddress;
  /** Null for the default user. */
  readonly username: string | null;
  readonly password: Secret | null;
  readonly database: number;
  readonly tls: TlsSetting | null;
}

export interface RedisCheckConfig extends RedisServer {
  readonly kind: 'redis';
  readonly thresholds: Thresholds;
}

export const redisShape = {
  address: serverAddress(6379),
  username: text().optional(),
  ...passwordShape,
  database: count.optional(),
  ...tlsShape,
};

const schema = strict({ ...redisShape, ...thresholdShape });

export const redisKind: ProbeKind<RedisCheckConfig> = {
  read(value, reading) {
    const raw = validate(schema, value, reading.place, reading.findings);
    if (raw === undefined) return null;
    return {
      kind: 'redis',
      server: raw.address,
      username: raw.username ?? null,
      password: readPassword(raw, reading),
      database: raw.database ?? 0,
      tls: readTls(raw, reading.directory),
      thresholds: readThresholds(raw),
    };
  },
  describe: (config) => ({
    address: formatAddress(config.server),
    username: config.username ?? undefined,
    ...describePassword(config.password),
    database: config.database,
    ...describeTls(config.tls),
    ...describeThresholds(config.thresholds),
  }),
  target: ({ server }) => ({ host: server.host, address: formatAddress(server) }),
};
