import { z } from 'zod';
import { boolean, strict, text } from '../schema/values.ts';
import { validate } from '../validate.ts';
import {
  describeIp,
  describeLimit,
  describeLogin,
  describeTls,
  endpoint,
  formatEndpoint,
  ipShape,
  loginShape,
  readIp,
  readLogin,
  readTls,
  tlsShape,
} from './network-settings.ts';
import type { Endpoint, IpPreference, Login, TlsSetting } from './network-settings.ts';
import type { ProbeKind } from './probe-kind.ts';

export interface MqttCheckConfig {
  readonly kind: 'mqtt';
  readonly endpoint: Endpoint;
  readonly version: '3.1.1' | '5';
  /** Null for one of the program's own, another for each run. */
  readonly clientId: string | null;
  readonly login: Login | null;
  readonly isSecure: boolean;
  readonly tls: TlsSetting;
  readonly certificateExpiryMs: number | null;
  readonly ip: IpPreference | null;
}

const schema = strict({
  address: endpoint(1883),
  version: z.enum(['3.1.1', '5']).optional(),
  client_id: text().optional(),
  tls: boolean.optional(),
  ...loginShape,
  ...tlsShape,
  ...ipShape,
});

export const mqttKind: ProbeKind<MqttCheckConfig> = {
  read(value, { place, directory, findings }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    return {
      kind: 'mqtt',
      endpoint: raw.address,
      version: raw.version ?? '3.1.1',
      clientId: raw.client_id ?? null,
      login: readLogin(raw, directory),
      isSecure: raw.tls ?? raw.address.port === 8883,
      tls: readTls(raw.tls_config, directory),
      certificateExpiryMs: raw.certificate_expiry ?? null,
      ip: readIp(raw),
    };
  },
  describe: (config) => ({
    address: formatEndpoint(config.endpoint),
    version: config.version,
    client_id: config.clientId ?? undefined,
    tls: config.isSecure,
    tls_config: describeTls(config.tls),
    certificate_expiry: describeLimit(config.certificateExpiryMs),
    ...describeLogin(config.login),
    ...describeIp(config.ip),
  }),
  target: ({ endpoint }) => ({ host: endpoint.host, address: formatEndpoint(endpoint) }),
};
