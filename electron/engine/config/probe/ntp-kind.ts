import { z } from 'zod';
import { convert, duration, strict } from '../schema/values.ts';
import { validate } from '../validate.ts';
import { describeLimit, endpoint, formatEndpoint } from './network-settings.ts';
import type { Endpoint } from './network-settings.ts';
import type { ProbeKind } from './probe-kind.ts';

export interface NtpCheckConfig {
  readonly kind: 'ntp';
  readonly endpoint: Endpoint;
  /** A larger difference between the clocks is degraded. */
  readonly maxOffsetMs: number;
  /** A server further from its reference clock than this is degraded, 1–15. */
  readonly maxStratum: number;
}

const stratum = convert(
  (value) => (/^(?:[1-9]|1[0-5])$/.test(value) ? Number(value) : null),
  'is not a stratum',
  'Write a number from 1 to 15.',
);

const schema = strict({
  address: endpoint(123),
  max_offset: z.optional(duration),
  max_stratum: stratum.optional(),
});

export const ntpKind: ProbeKind<NtpCheckConfig> = {
  read(value, { place, findings }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    return {
      kind: 'ntp',
      endpoint: raw.address,
      maxOffsetMs: raw.max_offset ?? 500,
      maxStratum: raw.max_stratum ?? 5,
    };
  },
  describe: (config) => ({
    address: formatEndpoint(config.endpoint),
    max_offset: describeLimit(config.maxOffsetMs),
    max_stratum: config.maxStratum,
  }),
  target: ({ endpoint }) => ({ host: endpoint.host, address: formatEndpoint(endpoint) }),
};
