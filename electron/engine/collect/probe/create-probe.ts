import type { ProbeConfig, ProbeConfigOf, ProbeKindName } from '../../config/index.ts';
import { createDnsProbe } from './dns-probe.ts';
import { createGrpcProbe } from './grpc-probe.ts';
import { createHttpProbe } from './http-probe.ts';
import { createIcmpProbe } from './icmp-probe.ts';
import { createImapProbe } from './imap-probe.ts';
import { createMqttProbe } from './mqtt-probe.ts';
import { createNtpProbe } from './ntp-probe.ts';
import { createSmtpProbe } from './smtp-probe.ts';
import { createSnmpProbe } from './snmp-probe.ts';
import { createTcpProbe } from './tcp-probe.ts';
import { createTlsProbe } from './tls-probe.ts';
import { createWebSocketProbe } from './websocket-probe.ts';
import { SERVICE_PROBES } from './service-probes.ts';
import type { CreateProbe, Probe, ProbePorts } from './probe.ts';

/** What runs each kind of probe; how a kind is configured is in `config/probe/kinds.ts`. */
const CREATORS = {
  http: createHttpProbe,
  tcp: createTcpProbe,
  tls: createTlsProbe,
  icmp: createIcmpProbe,
  dns: createDnsProbe,
  websocket: createWebSocketProbe,
  grpc: createGrpcProbe,
  mqtt: createMqttProbe,
  smtp: createSmtpProbe,
  imap: createImapProbe,
  ntp: createNtpProbe,
  snmp: createSnmpProbe,
  ...SERVICE_PROBES,
} satisfies { readonly [Kind in ProbeKindName]: CreateProbe<ProbeConfigOf<Kind>> };

/** The probe that asks what the configuration says. */
export function createProbe(config: ProbeConfig, timeoutMs: number, ports: ProbePorts): Probe {
  // The record above pairs each kind with its configuration; the compiler loses that when it is read with a variable.
  const create: CreateProbe<never> = CREATORS[config.kind];
  return create(config as never, timeoutMs, ports);
}
