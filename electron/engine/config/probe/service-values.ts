import { z } from 'zod';
import type { Secret } from '../configuration.ts';
import type { Described } from '../described.ts';
import { resolveBeside } from '../file-pattern.ts';
import { below, problemAt } from '../problem.ts';
import { tlsConfig } from '../schema/http-client-schema.ts';
import { boolean, convert, text } from '../schema/values.ts';
import { describeSecret, fileSecret, secretFrom } from '../secret.ts';
import { complaintAbout } from '../target-address.ts';
import { describeTls as describeTlsSetting, readTls as readTlsSetting } from './network-settings.ts';
import type { TlsSetting } from './network-settings.ts';
import type { ProbeReading } from './probe-kind.ts';
import { sampleCondition } from './sample-condition.ts';
import type { Thresholds } from './sample-condition.ts';

/** Keys that the probes of several services have alike, each read and described in one way. */

export interface ServerAddress {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
}

/** `host` or `host:port`; an IPv6 address in brackets. */
export function serverAddress(defaultPort: number): z.ZodType<ServerAddress, string> {
  return convert(
    (value) => (complaintAbout(value) === null ? parseAddress(value, defaultPort) : null),
    'is not an address',
    `Write host:port, such as localhost:${String(defaultPort)}.`,
  );
}

function parseAddress(value: string, defaultPort: number): ServerAddress {
  const [, bracketed, name = '', port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(value) ?? [];
  return { host: bracketed ?? name, port: port === undefined ? defaultPort : Number(port) };
}

export function formatAddress({ host, port }: ServerAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
}

/** `tls: true` secures the connection, and so does saying how. */
export const tlsShape = { tls: boolean.optional(), tls_config: tlsConfig.optional() };

/** How the connection is secured; null leaves it plain. */
export function readTls(raw: z.output<z.ZodObject<typeof tlsShape>>, directory: string): TlsSetting | null {
  return (raw.tls ?? raw.tls_config !== undefined) ? readTlsSetting(raw.tls_config, directory) : null;
}

export function describeTls(tls: TlsSetting | null): Record<string, Described> {
  return tls === null ? {} : { tls: true, tls_config: describeTlsSetting(tls) };
}

export const passwordShape = { password: text().optional(), password_file: text().optional() };

/** A password in place (best as `${env:NAME}`) or in a file of its own; null when there is none. */
export function readPassword(
  raw: { readonly password?: string | undefined; readonly password_file?: string | undefined },
  { place, findings, directory }: ProbeReading,
): Secret | null {
  if (raw.password !== undefined && raw.password_file !== undefined) {
    const message = 'At most one of password and password_file may be given.';
    findings.problems.push(problemAt(below(place, 'password_file'), message, 'Remove one.', 'key'));
  }
  if (raw.password !== undefined) return secretFrom(raw.password);
  return raw.password_file === undefined ? null : fileSecret(resolveBeside(directory, raw.password_file));
}

export function describePassword(secret: Secret | null): Record<string, Described> {
  if (secret === null) return {};
  return { [secret.kind === 'file' ? 'password_file' : 'password']: describeSecret(secret) };
}

export const thresholdShape = {
  degraded_when: z.array(sampleCondition).optional(),
  down_when: z.array(sampleCondition).optional(),
};

export function readThresholds(raw: {
  readonly degraded_when?: Thresholds['degraded'] | undefined;
  readonly down_when?: Thresholds['down'] | undefined;
}): Thresholds {
  return { degraded: raw.degraded_when ?? [], down: raw.down_when ?? [] };
}

export function describeThresholds({ degraded, down }: Thresholds): Record<string, Described> {
  return { degraded_when: degraded.map(({ text: one }) => one), down_when: down.map(({ text: one }) => one) };
}
