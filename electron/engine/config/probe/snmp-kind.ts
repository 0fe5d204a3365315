import { z } from 'zod';
import type { Secret } from '../configuration.ts';
import { resolveBeside } from '../file-pattern.ts';
import { problemAt } from '../problem.ts';
import { convert, decimal, strict, text } from '../schema/values.ts';
import { describeSecret, fileSecret, secretFrom } from '../secret.ts';
import { validate } from '../validate.ts';
import { endpoint, formatEndpoint } from './network-settings.ts';
import type { Endpoint } from './network-settings.ts';
import type { ProbeKind } from './probe-kind.ts';

export interface SnmpCheckConfig {
  readonly kind: 'snmp';
  readonly endpoint: Endpoint;
  readonly access: SnmpAccess;
  readonly values: readonly SnmpValue[];
}

export type SnmpAccess =
  | { readonly version: '1' | '2c'; readonly community: Secret }
  | {
      readonly version: '3';
      readonly username: string;
      /** Null authenticates nobody. */
      readonly auth: { readonly protocol: SnmpAuth; readonly key: Secret } | null;
      /** Null encrypts nothing. */
      readonly privacy: { readonly protocol: SnmpPrivacy; readonly key: Secret } | null;
    };

export const SNMP_AUTH = ['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
export type SnmpAuth = (typeof SNMP_AUTH)[number];
export const SNMP_PRIVACY = ['des', 'aes', 'aes256b', 'aes256r'] as const;
export type SnmpPrivacy = (typeof SNMP_PRIVACY)[number];

/** One value that is asked for. */
export interface SnmpValue {
  readonly oid: string;
  /** How it is called in series and for people; the OID where nothing is said. */
  readonly name: string;
  /** Degraded outside of these; null for no limit. */
  readonly min: number | null;
  readonly max: number | null;
}

const oid = convert(
  (value) => (/^\.?\d+(?:\.\d+)+$/.test(value) ? value.replace(/^\./, '') : null),
  'is not an OID',
  'Write it in numbers, like 1.3.6.1.2.1.1.3.0.',
);

const schema = strict({
  address: endpoint(161),
  version: z.enum(['1', '2c', '3']).optional(),
  community: text().optional(),
  community_file: text().optional(),
  username: text().optional(),
  auth_protocol: z.enum(SNMP_AUTH).optional(),
  auth_key: text().optional(),
  auth_key_file: text().optional(),
  priv_protocol: z.enum(SNMP_PRIVACY).optional(),
  priv_key: text().optional(),
  priv_key_file: text().optional(),
  oids: z
    .array(strict({ oid, name: text().optional(), min: decimal.optional(), max: decimal.optional() }))
    .min(1, 'The list is empty')
    .optional(),
});

/** `sysUpTime`: every agent has it. */
const UPTIME: SnmpValue = { oid: '1.3.6.1.2.1.1.3.0', name: 'sysUpTime', min: null, max: null };

export const snmpKind: ProbeKind<SnmpCheckConfig> = {
  read(value, { place, directory, findings }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    const secret = (plain: string | undefined, file: string | undefined, otherwise: string): Secret =>
      file === undefined ? secretFrom(plain ?? otherwise) : fileSecret(resolveBeside(directory, file));
    const values = (raw.oids ?? []).map((one) => ({
      oid: one.oid,
      name: one.name ?? one.oid,
      min: one.min ?? null,
      max: one.max ?? null,
    }));
    const base = { kind: 'snmp', endpoint: raw.address, values: values.length === 0 ? [UPTIME] : values } as const;
    const version = raw.version ?? '2c';
    if (version !== '3') {
      return { ...base, access: { version, community: secret(raw.community, raw.community_file, 'public') } };
    }
    const complain = (message: string, remedy: string): null => {
      findings.problems.push(problemAt(place, message, remedy));
      return null;
    };
    if (raw.username === undefined) return complain('SNMP 3 needs a user.', 'Add "username".');
    const hasAuth = raw.auth_key !== undefined || raw.auth_key_file !== undefined;
    const hasPrivacy = raw.priv_key !== undefined || raw.priv_key_file !== undefined;
    if (hasPrivacy && !hasAuth) return complain('SNMP 3 encrypts for users with a key alone.', 'Add "auth_key".');
    return {
      ...base,
      access: {
        version,
        username: raw.username,
        auth: hasAuth
          ? { protocol: raw.auth_protocol ?? 'sha', key: secret(raw.auth_key, raw.auth_key_file, '') }
          : null,
        privacy: hasPrivacy
          ? { protocol: raw.priv_protocol ?? 'aes', key: secret(raw.priv_key, raw.priv_key_file, '') }
          : null,
      },
    };
  },
  describe: ({ endpoint, access, values }) => ({
    address: formatEndpoint(endpoint),
    version: access.version,
    ...(access.version === '3'
      ? {
          username: access.username,
          auth_protocol: access.auth?.protocol,
          ...shown('auth_key', access.auth?.key),
          priv_protocol: access.privacy?.protocol,
          ...shown('priv_key', access.privacy?.key),
        }
      : shown('community', access.community)),
    oids: values.map(({ oid, name, min, max }) => ({ oid, name, min: min ?? undefined, max: max ?? undefined })),
  }),
  target: ({ endpoint }) => ({ host: endpoint.host, address: formatEndpoint(endpoint) }),
};

function shown(key: string, secret: Secret | undefined): Record<string, string> {
  return secret === undefined ? {} : { [secret.kind === 'file' ? `${key}_file` : key]: describeSecret(secret) };
}
