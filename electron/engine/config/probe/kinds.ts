import { dnsKind } from './dns-kind.ts';
import { grpcKind } from './grpc-kind.ts';
import { httpKind } from './http-kind.ts';
import { icmpKind } from './icmp-kind.ts';
import { imapKind, smtpKind } from './mail-kinds.ts';
import { mqttKind } from './mqtt-kind.ts';
import { ntpKind } from './ntp-kind.ts';
import { snmpKind } from './snmp-kind.ts';
import { tcpKind } from './tcp-kind.ts';
import { tlsKind } from './tls-kind.ts';
import { webSocketKind } from './websocket-kind.ts';
import type { ProbeKind, ProbeTarget } from './probe-kind.ts';
import { SERVICE_KINDS } from './service-kinds.ts';

/** The kinds of probes, by the key under which a check names them. What runs a kind is in `collect/probe/create-probe.ts`. */
export const PROBE_KINDS = {
  http: httpKind,
  tcp: tcpKind,
  tls: tlsKind,
  icmp: icmpKind,
  dns: dnsKind,
  websocket: webSocketKind,
  grpc: grpcKind,
  mqtt: mqttKind,
  smtp: smtpKind,
  imap: imapKind,
  ntp: ntpKind,
  snmp: snmpKind,
  ...SERVICE_KINDS,
} as const;

export type ProbeKindName = keyof typeof PROBE_KINDS;

/** What a check asks. `kind` tells which it is. */
export type ProbeConfig = ConfigOf<(typeof PROBE_KINDS)[ProbeKindName]>;
export type ProbeConfigOf<Kind extends ProbeKindName> = ConfigOf<(typeof PROBE_KINDS)[Kind]>;

type ConfigOf<Kind> = Kind extends ProbeKind<infer Config> ? Config : never;

export const PROBE_KIND_NAMES = Object.keys(PROBE_KINDS) as readonly ProbeKindName[];

export function probeKind(name: ProbeKindName): ProbeKind<ProbeConfig> {
  return PROBE_KINDS[name];
}

/** Whom a check asks. */
export function probeTarget(probe: ProbeConfig): ProbeTarget {
  return probeKind(probe.kind).target(probe);
}
