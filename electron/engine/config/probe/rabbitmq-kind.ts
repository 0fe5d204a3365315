import type { Secret } from '../configuration.ts';
import { tlsConfig } from '../schema/http-client-schema.ts';
import { boolean, count, pattern, strict, text, webUrl } from '../schema/values.ts';
import { withoutPassword } from '../show-url.ts';
import { validate } from '../validate.ts';
import { describeTls, readTls } from './network-settings.ts';
import type { TlsSetting } from './network-settings.ts';
import type { ProbeKind } from './probe-kind.ts';
import type { Thresholds } from './sample-condition.ts';
import {
  describePassword,
  describeThresholds,
  passwordShape,
  readPassword,
  readThresholds,
  thresholdShape,
} from './service-values.ts';

/** A management API and who asks it. */
export interface RabbitmqServer {
  /** `http://host:15672` */
  readonly url: string;
  readonly user: string;
  readonly password: Secret | null;
  readonly tls: TlsSetting;
}

export interface RabbitmqCheckConfig extends RabbitmqServer {
  readonly kind: 'rabbitmq';
  /** Null looks at all that the user may see. */
  readonly vhost: string | null;
  /** RE2 over the whole name of a queue; the others are not looked at. */
  readonly queues: string | null;
  /** Messages that wait in one queue, from where on it is degraded; null sets no limit. */
  readonly maxReady: number | null;
  /** Whether a queue with messages and nobody who takes them is degraded. */
  readonly needsConsumers: boolean;
  readonly thresholds: Thresholds;
}

export const rabbitmqShape = {
  url: webUrl,
  user: text().optional(),
  ...passwordShape,
  tls_config: tlsConfig.optional(),
};

const schema = strict({
  ...rabbitmqShape,
  vhost: text().optional(),
  queues: pattern.optional(),
  max_ready: count.optional(),
  needs_consumers: boolean.optional(),
  ...thresholdShape,
});

export const rabbitmqKind: ProbeKind<RabbitmqCheckConfig> = {
  read(value, reading) {
    const raw = validate(schema, value, reading.place, reading.findings);
    if (raw === undefined) return null;
    return {
      kind: 'rabbitmq',
      url: raw.url,
      user: raw.user ?? 'guest',
      password: readPassword(raw, reading),
      tls: readTls(raw.tls_config, reading.directory),
      vhost: raw.vhost ?? null,
      queues: raw.queues ?? null,
      maxReady: raw.max_ready ?? null,
      needsConsumers: raw.needs_consumers ?? true,
      thresholds: readThresholds(raw),
    };
  },
  describe: (config) => ({
    url: withoutPassword(config.url),
    user: config.user,
    ...describePassword(config.password),
    tls_config: describeTls(config.tls),
    vhost: config.vhost ?? undefined,
    queues: config.queues ?? undefined,
    max_ready: config.maxReady ?? undefined,
    needs_consumers: config.needsConsumers,
    ...describeThresholds(config.thresholds),
  }),
  target: ({ url }) => ({ host: new URL(url).hostname, address: new URL(url).origin }),
};
