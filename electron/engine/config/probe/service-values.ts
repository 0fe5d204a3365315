import { z } from 'zod';
import type { Secret } from '../configuration.ts';
import type { Described } from '../described.ts';
import { resolveBeside } from '../file-pattern.ts';
import { below, problemAt } from '../problem.ts';
import { boolean, convert, text } from '../schema/values.ts';
import { describeSecret, fileSecret, secretFrom } from '../secret.ts';
import { complaintAbout } from '../target-address.ts';
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

/** How the connection is secured; null leaves it plain. */
export interface ClientTls {
  readonly caFile: string | null;
  readonly insecureSkipVerify: boolean;
}

export const tlsShape = {
  tls: boolean.optional(),
  ca_file: text().optional(),
  insecure_skip_verify: boolean.optional(),
};

interface RawTls {
  readonly tls?: boolean | undefined;
  readonly ca_file?: string | undefined;
  readonly insecure_skip_verify?: boolean | undefined;
}

export function readTls(raw: RawTls, directory: string): ClientTls | null {
  if (!(raw.tls ?? (raw.ca_file !== undefined || raw.insecure_skip_verify === true))) return null;
  return {
    caFile: raw.ca_file === undefined ? null : resolveBeside(directory, raw.ca_file),
    insecureSkipVerify: raw.insecure_skip_verify ?? false,
  };
}

export function describeTls(tls: ClientTls | null): Record<string, Described> {
  if (tls === null) return {};
  return { tls: true, ca_file: tls.caFile ?? undefined, insecure_skip_verify: tls.insecureSkipVerify };
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
