import { en } from '../../i18n/en.ts';
import type { MessageKey } from '../../i18n/en.ts';
import type { Translate } from '../../i18n/use-text.ts';
import { SERVICE_PROBE_NAMES } from './service-probe-names.ts';

/** How each kind of probe is called, in every language. A kind that is not here is shown by its key. */
const PROBE_NAMES: Readonly<Record<string, string>> = {
  http: 'HTTP',
  tcp: 'TCP',
  tls: 'TLS',
  icmp: 'ICMP (ping)',
  dns: 'DNS',
  websocket: 'WebSocket',
  grpc: 'gRPC',
  mqtt: 'MQTT',
  smtp: 'SMTP',
  imap: 'IMAP',
  ntp: 'NTP',
  snmp: 'SNMP',
  ...SERVICE_PROBE_NAMES,
};

export function probeName(kind: string): string {
  return PROBE_NAMES[kind] ?? kind;
}

/** The words for a fact that a probe found; a name without words, such as that of a measured value, is shown itself. */
export function detailName(name: string, t: Translate): string {
  const key = `probes.detail.${name}`;
  return isKey(key) ? t(key) : name;
}

function isKey(key: string): key is MessageKey {
  return Object.hasOwn(en, key);
}
