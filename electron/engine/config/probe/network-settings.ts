import { z } from 'zod';
import type { Secret } from '../configuration.ts';
import type { Described } from '../described.ts';
import { resolveBeside } from '../file-pattern.ts';
import { boolean, convert, duration, text } from '../schema/values.ts';
import { tlsConfig } from '../schema/http-client-schema.ts';
import { describeSecret, fileSecret, secretFrom } from '../secret.ts';
import { formatDuration } from '../duration.ts';

/** Where something listens. */
export interface Endpoint {
  /** A name or an address; one of IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `host:port`, `[::1]:port`; without a port, the default one of the protocol where it has one. */
export function endpoint(defaultPort: number | null): ReturnType<typeof convert<Endpoint>> {
  const remedy =
    defaultPort === null ? 'Write it like host:port.' : `Write it like host or host:${String(defaultPort)}.`;
  return convert((value) => parseEndpoint(value, defaultPort), 'is not an address', remedy);
}

export function parseEndpoint(value: string, defaultPort: number | null): Endpoint | null {
  const [, bracketed, plain, digits] = /^(?:\[([\da-fA-F:.%\w]+)\]|([^\s/:@[\]]+))(?::(\d{1,5}))?$/.exec(value) ?? [];
  const host = bracketed ?? plain ?? (/^[\da-fA-F:]+:[\da-fA-F:]*$/.test(value) ? value : undefined);
  const port = digits === undefined ? defaultPort : Number(digits);
  return host === undefined || port === null || port < 1 || port > 65_535 ? null : { host, port };
}

export function formatEndpoint({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
}

/** Which of a name's addresses is asked. */
export interface IpPreference {
  readonly family: 4 | 6;
  /** Another family will do where the name has no address of this one. */
  readonly hasFallback: boolean;
}

/** Keys as in a module of blackbox_exporter. */
export const ipShape = {
  preferred_ip_protocol: z.enum(['ip4', 'ip6']).optional(),
  ip_protocol_fallback: boolean.optional(),
};

interface RawIp {
  readonly preferred_ip_protocol?: 'ip4' | 'ip6' | undefined;
  readonly ip_protocol_fallback?: boolean | undefined;
}

/** Null where nothing is said: then the first address that answers is taken. */
export function readIp(raw: RawIp): IpPreference | null {
  if (raw.preferred_ip_protocol === undefined) return null;
  return { family: raw.preferred_ip_protocol === 'ip4' ? 4 : 6, hasFallback: raw.ip_protocol_fallback ?? true };
}

export function describeIp(ip: IpPreference | null): Record<string, Described> {
  return ip === null ? {} : { preferred_ip_protocol: `ip${String(ip.family)}`, ip_protocol_fallback: ip.hasFallback };
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** How the other side's certificate is judged, and which one is shown to it. */
export interface TlsSetting {
  /** In place of the authorities of the system; null for those. */
  readonly ca: Secret | null;
  readonly cert: Secret | null;
  readonly key: Secret | null;
  /** The name that the certificate must be for; null for that of the address. */
  readonly serverName: string | null;
  readonly insecureSkipVerify: boolean;
  readonly minVersion: TlsVersion | null;
  readonly maxVersion: TlsVersion | null;
}

const VERSIONS: Readonly<Record<'TLS10' | 'TLS11' | 'TLS12' | 'TLS13', TlsVersion>> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
};

/** Keys of a probe that may be secured. A certificate that expires sooner than `certificate_expiry` is degraded. */
export const tlsShape = {
  tls_config: tlsConfig.optional(),
  certificate_expiry: duration.optional(),
};

export function readTls(raw: z.output<typeof tlsConfig> | undefined, directory: string): TlsSetting {
  const secret = (value: string | undefined, file: string | undefined): Secret | null => {
    if (value !== undefined) return secretFrom(value);
    return file === undefined ? null : fileSecret(resolveBeside(directory, file));
  };
  return {
    ca: secret(raw?.ca, raw?.ca_file),
    cert: secret(raw?.cert, raw?.cert_file),
    key: secret(raw?.key, raw?.key_file),
    serverName: raw?.server_name ?? null,
    insecureSkipVerify: raw?.insecure_skip_verify ?? false,
    minVersion: raw?.min_version === undefined ? null : VERSIONS[raw.min_version],
    maxVersion: raw?.max_version === undefined ? null : VERSIONS[raw.max_version],
  };
}

export function describeTls(tls: TlsSetting): Described {
  const shown = (key: string, secret: Secret | null): Record<string, Described> =>
    secret === null ? {} : { [secret.kind === 'file' ? `${key}_file` : key]: describeSecret(secret) };
  const version = (wanted: TlsVersion | null): string | undefined =>
    wanted === null ? undefined : Object.entries(VERSIONS).find(([, one]) => one === wanted)?.[0];
  return {
    ...shown('ca', tls.ca),
    ...shown('cert', tls.cert),
    ...shown('key', tls.key),
    server_name: tls.serverName ?? undefined,
    insecure_skip_verify: tls.insecureSkipVerify ? true : undefined,
    min_version: version(tls.minVersion),
    max_version: version(tls.maxVersion),
  };
}

/** A duration as the file writes it; absent for null. */
export function describeLimit(limitMs: number | null): string | undefined {
  return limitMs === null ? undefined : formatDuration(limitMs);
}

/** Keys of a probe that logs in. */
export const loginShape = {
  username: text().optional(),
  password: text().optional(),
  password_file: text().optional(),
};

export interface Login {
  readonly username: string;
  readonly password: Secret;
}

interface RawLogin {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly password_file?: string | undefined;
}

/** Null where no name is given. */
export function readLogin(raw: RawLogin, directory: string): Login | null {
  if (raw.username === undefined) return null;
  const { username, password, password_file: file } = raw;
  return {
    username,
    password: file === undefined ? secretFrom(password ?? '') : fileSecret(resolveBeside(directory, file)),
  };
}

export function describeLogin(login: Login | null): Record<string, Described> {
  if (login === null) return {};
  const { username, password } = login;
  return { username, [password.kind === 'file' ? 'password_file' : 'password']: describeSecret(password) };
}
