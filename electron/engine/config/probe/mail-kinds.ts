import { z } from 'zod';
import { strict, text } from '../schema/values.ts';
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

/** `none`: in the open. `starttls`: secured after the greeting. `implicit`: secured from the first byte. */
export type MailSecurity = 'none' | 'starttls' | 'implicit';

interface MailCheckConfig {
  readonly endpoint: Endpoint;
  readonly security: MailSecurity;
  readonly tls: TlsSetting;
  /** A certificate that expires sooner is degraded; null for no limit. */
  readonly certificateExpiryMs: number | null;
  readonly ip: IpPreference | null;
  /** Null logs nobody in. */
  readonly login: Login | null;
}

export interface SmtpCheckConfig extends MailCheckConfig {
  readonly kind: 'smtp';
  /** How the program introduces itself; null for the name of this machine. */
  readonly ehlo: string | null;
}

export interface ImapCheckConfig extends MailCheckConfig {
  readonly kind: 'imap';
}

const shape = {
  security: z.enum(['none', 'starttls', 'implicit']).optional(),
  ...tlsShape,
  ...ipShape,
  ...loginShape,
};

const smtpSchema = strict({ address: endpoint(25), ehlo: text().optional(), ...shape });
const imapSchema = strict({ address: endpoint(143), ...shape });

export const smtpKind: ProbeKind<SmtpCheckConfig> = {
  read(value, { place, directory, findings }) {
    const raw = validate(smtpSchema, value, place, findings);
    if (raw === undefined) return null;
    return { kind: 'smtp', ...readMail(raw, raw.address.port === 465, directory), ehlo: raw.ehlo ?? null };
  },
  describe: (config) => ({ ...describeMail(config), ehlo: config.ehlo ?? undefined }),
  target: ({ endpoint }) => ({ host: endpoint.host, address: formatEndpoint(endpoint) }),
};

export const imapKind: ProbeKind<ImapCheckConfig> = {
  read(value, { place, directory, findings }) {
    const raw = validate(imapSchema, value, place, findings);
    if (raw === undefined) return null;
    return { kind: 'imap', ...readMail(raw, raw.address.port === 993, directory) };
  },
  describe: (config) => describeMail(config),
  target: ({ endpoint }) => ({ host: endpoint.host, address: formatEndpoint(endpoint) }),
};

function readMail(raw: z.output<typeof imapSchema>, isSecurePort: boolean, directory: string): MailCheckConfig {
  return {
    endpoint: raw.address,
    security: raw.security ?? (isSecurePort ? 'implicit' : 'none'),
    tls: readTls(raw.tls_config, directory),
    certificateExpiryMs: raw.certificate_expiry ?? null,
    ip: readIp(raw),
    login: readLogin(raw, directory),
  };
}

function describeMail(config: MailCheckConfig) {
  return {
    address: formatEndpoint(config.endpoint),
    security: config.security,
    tls_config: describeTls(config.tls),
    certificate_expiry: describeLimit(config.certificateExpiryMs),
    ...describeLogin(config.login),
    ...describeIp(config.ip),
  };
}
