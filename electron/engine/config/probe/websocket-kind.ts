import { convert, labelMap, pattern, strict, text, texts } from '../schema/values.ts';
import { hidden, withoutPassword } from '../show-url.ts';
import { validate } from '../validate.ts';
import { describeLimit, describeTls, readTls, tlsShape } from './network-settings.ts';
import type { TlsSetting } from './network-settings.ts';
import type { ProbeKind } from './probe-kind.ts';

export interface WebSocketCheckConfig {
  readonly kind: 'websocket';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly subprotocols: readonly string[];
  /** A message to send when the connection is open. */
  readonly send: string | null;
  /** A regular expression (RE2) that a message must match; null asks only for an answer to a ping. */
  readonly expect: string | null;
  readonly tls: TlsSetting;
  readonly certificateExpiryMs: number | null;
}

const url = convert(
  (value) => (/^wss?:\/\/[^/]/i.test(value) && URL.canParse(value) ? value : null),
  'is not a URL with ws or wss and a host',
  'Write it like wss://host:port/path.',
);

const schema = strict({
  url,
  headers: labelMap.optional(),
  subprotocols: texts.optional(),
  send: text().optional(),
  expect: pattern.optional(),
  ...tlsShape,
});

export const webSocketKind: ProbeKind<WebSocketCheckConfig> = {
  read(value, { place, directory, findings }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    return {
      kind: 'websocket',
      url: raw.url,
      headers: raw.headers ?? {},
      subprotocols: raw.subprotocols ?? [],
      send: raw.send ?? null,
      expect: raw.expect ?? null,
      tls: readTls(raw.tls_config, directory),
      certificateExpiryMs: raw.certificate_expiry ?? null,
    };
  },
  describe: (config) => ({
    url: withoutPassword(config.url),
    headers: hidden(config.headers),
    subprotocols: config.subprotocols,
    send: config.send ?? undefined,
    expect: config.expect ?? undefined,
    tls_config: describeTls(config.tls),
    certificate_expiry: describeLimit(config.certificateExpiryMs),
  }),
  target({ url: text }) {
    const plain = new URL(text);
    plain.username = '';
    plain.password = '';
    return { host: plain.hostname.replace(/^\[|\]$/g, ''), address: plain.href };
  },
};
