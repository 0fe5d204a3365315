import { z } from 'zod';
import { boolean, pattern, strict, text } from '../schema/values.ts';
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

export interface TcpCheckConfig {
  readonly kind: 'tcp';
  readonly endpoint: Endpoint;
  /** What is said in turn; empty when a connection is enough. */
  readonly dialogue: readonly TcpStep[];
  /** Secured from the first byte. */
  readonly isSecure: boolean;
  readonly tls: TlsSetting;
  /** A certificate that expires sooner is degraded; null for no limit. */
  readonly certificateExpiryMs: number | null;
  readonly ip: IpPreference | null;
  readonly sourceAddress: string | null;
}

/** One exchange: wait for a line that matches, then send, then secure the connection; each where it is asked for. */
export interface TcpStep {
  /** A regular expression (RE2); lines that do not match are passed over. */
  readonly expect: string | null;
  /** A line, sent with a line feed; `${1}` stands for what the first group of `expect` caught. */
  readonly send: string | null;
  readonly startTls: boolean;
}

const step = strict({
  expect: pattern.optional(),
  send: text().optional(),
  starttls: boolean.optional(),
});

/** Source of the keys: blackbox_exporter's manual, `<tcp_probe>`. */
const schema = strict({
  address: endpoint(null),
  query_response: z.array(step).optional(),
  tls: boolean.optional(),
  source_ip_address: text().optional(),
  ...tlsShape,
  ...ipShape,
});

export const tcpKind: ProbeKind<TcpCheckConfig> = {
  read(value, { place, directory, findings }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    return {
      kind: 'tcp',
      endpoint: raw.address,
      dialogue: (raw.query_response ?? []).map(({ expect, send, starttls }) => ({
        expect: expect ?? null,
        send: send ?? null,
        startTls: starttls ?? false,
      })),
      isSecure: raw.tls ?? false,
      tls: readTls(raw.tls_config, directory),
      certificateExpiryMs: raw.certificate_expiry ?? null,
      ip: readIp(raw),
      sourceAddress: raw.source_ip_address ?? null,
    };
  },
  describe: (tcp) => ({
    address: formatEndpoint(tcp.endpoint),
    query_response: tcp.dialogue.map(({ expect, send, startTls }) => ({
      expect: expect ?? undefined,
      send: send ?? undefined,
      starttls: startTls ? true : undefined,
    })),
    tls: tcp.isSecure,
    tls_config: describeTls(tcp.tls),
    certificate_expiry: describeLimit(tcp.certificateExpiryMs),
    source_ip_address: tcp.sourceAddress ?? undefined,
    ...describeIp(tcp.ip),
  }),
  retarget(config, target) {
    const parsed = parseEndpoint(target, null);
    return parsed === null ? null : { ...config, endpoint: parsed };
  },
  target: ({ endpoint }) => ({ host: endpoint.host, address: formatEndpoint(endpoint) }),
};
