/** A field of the form that adds a check: a key of its kind in the configuration. */
export interface CheckField {
  readonly key: string;
  readonly hint: string;
  readonly isRequired?: boolean;
  /** One of these, the first where nothing is chosen. */
  readonly choices?: readonly string[];
  /** Several values, separated by commas. */
  readonly isList?: boolean;
}

const SECRET = '${env:NAME}';
const LOGIN: readonly CheckField[] = [
  { key: 'username', hint: '' },
  { key: 'password', hint: SECRET },
];
const EXPIRY: CheckField = { key: 'certificate_expiry', hint: '14d' };

/** The main fields of each kind; everything else is written in the configuration. A kind that is not here is not offered. */
export const CHECK_FIELDS: Readonly<Record<string, readonly CheckField[]>> = {
  http: [{ key: 'url', hint: 'https://example.org/health', isRequired: true }, { key: 'keyword', hint: 'ok' }, EXPIRY],
  tcp: [{ key: 'address', hint: 'db.example:5432', isRequired: true }],
  tls: [{ key: 'address', hint: 'example.org:443', isRequired: true }, EXPIRY],
  icmp: [{ key: 'host', hint: 'router.example', isRequired: true }],
  dns: [
    { key: 'query_name', hint: 'www.example.org', isRequired: true },
    { key: 'query_type', hint: 'A', choices: ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'SOA', 'SRV', 'TXT'] },
    { key: 'server', hint: '192.0.2.53' },
    { key: 'expect', hint: '192.0.2.7', isList: true },
  ],
  websocket: [
    { key: 'url', hint: 'wss://example.org/live', isRequired: true },
    { key: 'send', hint: '' },
    { key: 'expect', hint: '' },
  ],
  grpc: [
    { key: 'address', hint: 'shop.example:50051', isRequired: true },
    { key: 'service', hint: '' },
  ],
  mqtt: [{ key: 'address', hint: 'broker.example:1883', isRequired: true }, ...LOGIN],
  smtp: [
    { key: 'address', hint: 'mail.example:587', isRequired: true },
    { key: 'security', hint: '', choices: ['none', 'starttls', 'implicit'] },
    ...LOGIN,
  ],
  imap: [
    { key: 'address', hint: 'mail.example:993', isRequired: true },
    { key: 'security', hint: '', choices: ['none', 'starttls', 'implicit'] },
    ...LOGIN,
  ],
  ntp: [
    { key: 'address', hint: 'time.example', isRequired: true },
    { key: 'max_offset', hint: '500ms' },
  ],
  snmp: [
    { key: 'address', hint: 'switch.example', isRequired: true },
    { key: 'community', hint: SECRET },
  ],
};

/** What the form says as the configuration writes it; empty fields say nothing. */
export function settingsOf(
  fields: readonly CheckField[],
  values: Readonly<Record<string, string>>,
): Record<string, string | string[]> {
  const settings: Record<string, string | string[]> = {};
  for (const { key, isList, choices } of fields) {
    const value = (values[key] ?? choices?.[0] ?? '').trim();
    if (value === '') continue;
    settings[key] = isList === true ? value.split(/\s*,\s*/).filter((one) => one !== '') : value;
  }
  return settings;
}
