import { duration, strict } from '../schema/values.ts';
import { validate } from '../validate.ts';
import {
  describeIp,
  describeLimit,
  describeTls,
  endpoint,
  formatEndpoint,
  ipShape,
  readIp,
  readTls,
  tlsShape,
} from './network-settings.ts';
import type { Endpoint, IpPreference, TlsSetting } from './network-settings.ts';
import type { ProbeKind } from './probe-kind.ts';

export interface TlsCheckConfig {
  readonly kind: 'tls';
  readonly endpoint: Endpoint;
  readonly tls: TlsSetting;
  /** A certificate of the chain that expires sooner than this is degraded. */
  readonly certificateExpiryMs: number;
  readonly ip: IpPreference | null;
}

const DAY_MS = 86_400_000;

const schema = strict({ address: endpoint(443), ...tlsShape, certificate_expiry: duration.optional(), ...ipShape });

export const tlsKind: ProbeKind<TlsCheckConfig> = {
  read(value, { place, directory, findings }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    return {
      kind: 'tls',
      endpoint: raw.address,
      tls: readTls(raw.tls_config, directory),
      certificateExpiryMs: raw.certificate_expiry ?? 14 * DAY_MS,
      ip: readIp(raw),
    };
  },
  describe: (config) => ({
    address: formatEndpoint(config.endpoint),
    tls_config: describeTls(config.tls),
    certificate_expiry: describeLimit(config.certificateExpiryMs),
    ...describeIp(config.ip),
  }),
  target: ({ endpoint }) => ({ host: endpoint.host, address: formatEndpoint(endpoint) }),
};
