import { z } from 'zod';
import type { Secret } from '../configuration.ts';
import type { Described } from '../described.ts';
import { below, problemAt } from '../problem.ts';
import { tlsConfig } from '../schema/http-client-schema.ts';
import { count, strict, text, texts, webUrl } from '../schema/values.ts';
import { validate } from '../validate.ts';
import { describeTls as describeTlsSetting, readTls as readTlsSetting } from './network-settings.ts';
import type { TlsSetting } from './network-settings.ts';
import type { ProbeKind, ProbeReading } from './probe-kind.ts';
import { rabbitmqShape } from './rabbitmq-kind.ts';
import type { RabbitmqServer } from './rabbitmq-kind.ts';
import { redisShape } from './redis-kind.ts';
import type { RedisServer } from './redis-kind.ts';
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
  thresholdShape,
} from './service-values.ts';

/** Flower, which speaks to the workers for us. */
export interface FlowerServer {
  /** `http://host:5555`, with the prefix that Flower was given. */
  readonly url: string;
  readonly user: string | null;
  readonly password: Secret | null;
  readonly tls: TlsSetting;
}

export interface FlowerCheckConfig extends FlowerServer {
  readonly kind: 'flower';
  /** Workers that must be online; empty asks for any one. */
  readonly workers: readonly string[];
  readonly thresholds: Thresholds;
}

export interface CeleryCheckConfig {
  readonly kind: 'celery';
  readonly broker:
    | { readonly kind: 'redis'; readonly server: RedisServer }
    | { readonly kind: 'rabbitmq'; readonly server: RabbitmqServer; readonly vhost: string };
  readonly queues: readonly string[];
  /** Tasks that wait in one queue, from where on it is degraded; null sets no limit. */
  readonly maxLength: number | null;
  /** Where workers are asked for; null looks at the broker alone. */
  readonly flower: FlowerServer | null;
  readonly workers: readonly string[];
  readonly thresholds: Thresholds;
}

const flowerShape = {
  url: webUrl,
  user: text().optional(),
  ...passwordShape,
  tls_config: tlsConfig.optional(),
};

const flowerSchema = strict({ ...flowerShape, workers: texts.optional(), ...thresholdShape });

const celerySchema = strict({
  redis: strict(redisShape).optional(),
  rabbitmq: strict({ ...rabbitmqShape, vhost: text().optional() }).optional(),
  queues: z.array(text()).min(1, 'The list is empty').optional(),
  max_length: count.optional(),
  flower: strict(flowerShape).optional(),
  workers: texts.optional(),
  ...thresholdShape,
});

export const flowerKind: ProbeKind<FlowerCheckConfig> = {
  read(value, reading) {
    const raw = validate(flowerSchema, value, reading.place, reading.findings);
    if (raw === undefined) return null;
    return {
      kind: 'flower',
      ...readFlower(raw, reading),
      workers: raw.workers ?? [],
      thresholds: readThresholds(raw),
    };
  },
  describe: (config) => ({
    ...describeServer(config),
    workers: config.workers,
    ...describeThresholds(config.thresholds),
  }),
  target: ({ url }) => ({ host: new URL(url).hostname, address: plainUrl(url) }),
};

export const celeryKind: ProbeKind<CeleryCheckConfig> = {
  read(value, reading) {
    const raw = validate(celerySchema, value, reading.place, reading.findings);
    if (raw === undefined) return null;
    if ((raw.redis === undefined) === (raw.rabbitmq === undefined)) {
      const message = 'A Celery check asks one broker.';
      reading.findings.problems.push(problemAt(reading.place, message, 'Give either redis or rabbitmq.'));
      return null;
    }
    if (raw.workers !== undefined && raw.flower === undefined) {
      const at = below(reading.place, 'workers');
      reading.findings.problems.push(problemAt(at, 'Workers are asked through Flower.', 'Add the key flower.', 'key'));
    }
    return {
      kind: 'celery',
      broker: readBroker(raw, reading),
      queues: raw.queues ?? ['celery'],
      maxLength: raw.max_length ?? null,
      flower: raw.flower === undefined ? null : readFlower(raw.flower, within(reading, 'flower')),
      workers: raw.workers ?? [],
      thresholds: readThresholds(raw),
    };
  },
  describe: ({ broker, queues, maxLength, flower, workers, thresholds }) => ({
    [broker.kind]:
      broker.kind === 'redis'
        ? {
            address: formatAddress(broker.server.server),
            username: broker.server.username ?? undefined,
            ...describePassword(broker.server.password),
            database: broker.server.database,
            ...describeTls(broker.server.tls),
          }
        : { ...describeServer(broker.server), vhost: broker.vhost },
    queues,
    max_length: maxLength ?? undefined,
    flower: flower === null ? undefined : describeServer(flower),
    workers,
    ...describeThresholds(thresholds),
  }),
  target: ({ broker }) =>
    broker.kind === 'redis'
      ? { host: broker.server.server.host, address: formatAddress(broker.server.server) }
      : { host: new URL(broker.server.url).hostname, address: plainUrl(broker.server.url) },
};

function readBroker(raw: z.output<typeof celerySchema>, reading: ProbeReading): CeleryCheckConfig['broker'] {
  const { redis, rabbitmq } = raw;
  if (redis !== undefined) {
    const { address: server, username = null, database = 0 } = redis;
    const password = readPassword(redis, within(reading, 'redis'));
    return { kind: 'redis', server: { server, username, password, database, tls: readTls(redis, reading.directory) } };
  }
  const { url = '', user = 'guest', vhost = '/' } = rabbitmq ?? {};
  const password = readPassword(rabbitmq ?? {}, within(reading, 'rabbitmq'));
  const tls = readTlsSetting(rabbitmq?.tls_config, reading.directory);
  return { kind: 'rabbitmq', server: { url, user, password, tls }, vhost };
}

function readFlower(
  raw: {
    readonly url: string;
    readonly user?: string | undefined;
    readonly password?: string | undefined;
    readonly password_file?: string | undefined;
    readonly tls_config?: z.output<typeof tlsConfig> | undefined;
  },
  reading: ProbeReading,
): FlowerServer {
  return {
    url: raw.url,
    user: raw.user ?? null,
    password: readPassword(raw, reading),
    tls: readTlsSetting(raw.tls_config, reading.directory),
  };
}

function describeServer({ url, user, password, tls }: FlowerServer): Record<string, Described> {
  return {
    url: plainUrl(url),
    user: user ?? undefined,
    ...describePassword(password),
    tls_config: describeTlsSetting(tls),
  };
}

function within(reading: ProbeReading, key: string): ProbeReading {
  return { ...reading, place: below(reading.place, key) };
}

function plainUrl(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}
