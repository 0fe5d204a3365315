import { boolean, strict, text } from '../schema/values.ts';
import { validate } from '../validate.ts';
import {
  describeIp,
  describeLimit,
  describeTls,
  endpoint,
  formatEndpoint,
  parseEndpoint,
  ipShape,
  readIp,
  readTls,
  tlsShape,
} from './network-settings.ts';
import type { Endpoint, IpPreference, TlsSetting } from './network-settings.ts';
import type { ProbeKind } from './probe-kind.ts';

export interface GrpcCheckConfig {
  readonly kind: 'grpc';
  readonly endpoint: Endpoint;
  /** The service whose health is asked; `''` for that of the whole server. */
  readonly service: string;
  readonly isSecure: boolean;
  readonly tls: TlsSetting;
  readonly certificateExpiryMs: number | null;
  readonly ip: IpPreference | null;
}

/** Source of the keys: blackbox_exporter's manual, `<grpc_probe>`. */
const schema = strict({
  address: endpoint(443),
  service: text().optional(),
  tls: boolean.optional(),
  ...tlsShape,
  ...ipShape,
});

export const grpcKind: ProbeKind<GrpcCheckConfig> = {
  read(value, { place, directory, findings }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    return {
      kind: 'grpc',
      endpoint: raw.address,
      service: raw.service ?? '',
      isSecure: raw.tls ?? false,
      tls: readTls(raw.tls_config, directory),
      certificateExpiryMs: raw.certificate_expiry ?? null,
      ip: readIp(raw),
    };
  },
  describe: (config) => ({
    address: formatEndpoint(config.endpoint),
    service: config.service,
    tls: config.isSecure,
    tls_config: describeTls(config.tls),
    certificate_expiry: describeLimit(config.certificateExpiryMs),
    ...describeIp(config.ip),
  }),
  retarget(config, target) {
    const parsed = parseEndpoint(target.replace(/^https?:\/\//, '').replace(/\/$/, ''), config.isSecure ? 443 : 80);
    return parsed === null ? null : { ...config, endpoint: parsed };
  },
  target: ({ endpoint }) => ({ host: endpoint.host, address: formatEndpoint(endpoint) }),
};
