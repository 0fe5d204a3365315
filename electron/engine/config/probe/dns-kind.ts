import { z } from 'zod';
import { boolean, convert, pattern, strict, text, texts } from '../schema/values.ts';
import { problemAt, below } from '../problem.ts';
import { validate } from '../validate.ts';
import { describeIp, describeTls, endpoint, formatEndpoint, ipShape, parseEndpoint, readIp, readTls, tlsShape } from './network-settings.ts'; // prettier-ignore
import type { Endpoint, IpPreference, TlsSetting } from './network-settings.ts';
import type { ProbeKind } from './probe-kind.ts';

export interface DnsCheckConfig {
  readonly kind: 'dns';
  /** Null for the first name server of this machine. */
  readonly server: Endpoint | null;
  readonly name: string;
  /** Number of the record type; see {@link DNS_TYPES}. */
  readonly type: number;
  readonly typeName: string;
  readonly class: number;
  readonly wantsRecursion: boolean;
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly tls: TlsSetting;
  /** Accepted response codes, such as `NOERROR`. */
  readonly rcodes: readonly string[];
  /** Values that the answer must have, such as an address; others may stand beside them. */
  readonly expect: readonly string[];
  readonly answer: RecordRules;
  readonly authority: RecordRules;
  readonly additional: RecordRules;
  readonly ip: IpPreference | null;
  readonly sourceAddress: string | null;
}

/** Regular expressions over records as a zone file writes them. */
export interface RecordRules {
  readonly failIfMatches: readonly string[];
  readonly failIfAllMatch: readonly string[];
  readonly failIfNotMatches: readonly string[];
  readonly failIfNoneMatches: readonly string[];
}

/** Source: IANA, "Domain Name System (DNS) Parameters". */
export const DNS_TYPES: Readonly<Record<string, number>> = {
  A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, HINFO: 13, MX: 15, TXT: 16, RP: 17, AAAA: 28, LOC: 29, SRV: 33, NAPTR: 35,
  DNAME: 39, DS: 43, SSHFP: 44, RRSIG: 46, NSEC: 47, DNSKEY: 48, NSEC3: 50, TLSA: 52, CDS: 59, CDNSKEY: 60, SVCB: 64,
  HTTPS: 65, SPF: 99, AXFR: 252, ANY: 255, URI: 256, CAA: 257,
}; // prettier-ignore
export const DNS_CLASSES: Readonly<Record<string, number>> = { IN: 1, CH: 3, HS: 4, ANY: 255 };
export const DNS_RCODES: readonly string[] = [
  'NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH',
  'NOTZONE',
]; // prettier-ignore

const recordType = convert(
  (value) => {
    const name = value.toUpperCase();
    return name in DNS_TYPES ? name : null;
  },
  'is not a type of records',
  'Write A, AAAA, MX, TXT or another one.',
);
const recordClass = convert(
  (value) => DNS_CLASSES[value.toUpperCase()] ?? null,
  'is not a class of records',
  'Write IN, CH or HS.',
);
const rcode = convert(
  (value) => (DNS_RCODES.includes(value.toUpperCase()) ? value.toUpperCase() : null),
  'is not a response code',
  'Write NOERROR, NXDOMAIN or another one.',
);
const patterns = z.array(pattern).optional();
const rules = strict({
  fail_if_matches_regexp: patterns,
  fail_if_all_match_regexp: patterns,
  fail_if_not_matches_regexp: patterns,
  fail_if_none_matches_regexp: patterns,
});

/** Source of the keys that are not ours: blackbox_exporter's manual, `<dns_probe>`. */
const schema = strict({
  server: endpoint(53).optional(),
  query_name: text().min(1, 'The name is empty'),
  query_type: recordType.optional(),
  query_class: recordClass.optional(),
  recursion_desired: boolean.optional(),
  transport_protocol: z.enum(['udp', 'tcp']).optional(),
  dns_over_tls: boolean.optional(),
  source_ip_address: text().optional(),
  valid_rcodes: z.array(rcode).optional(),
  expect: texts.optional(),
  validate_answer_rrs: rules.optional(),
  validate_authority_rrs: rules.optional(),
  validate_additional_rrs: rules.optional(),
  tls_config: tlsShape.tls_config,
  ...ipShape,
});

export const dnsKind: ProbeKind<DnsCheckConfig> = {
  read(value, { place, directory, findings }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    const isSecure = raw.dns_over_tls ?? false;
    if (isSecure && raw.transport_protocol === 'udp') {
      const message = 'DNS over TLS goes over TCP.';
      findings.problems.push(problemAt(below(place, 'transport_protocol'), message, 'Write tcp, or remove the key.'));
    }
    const typeName = raw.query_type ?? 'A';
    const server = raw.server ?? null;
    return {
      kind: 'dns',
      // 53 is what an address without a port got; TLS has a port of its own.
      server: isSecure && server?.port === 53 ? { ...server, port: 853 } : server,
      name: raw.query_name,
      type: DNS_TYPES[typeName] ?? 1,
      typeName,
      class: raw.query_class ?? 1,
      wantsRecursion: raw.recursion_desired ?? true,
      transport: isSecure ? 'tls' : (raw.transport_protocol ?? 'udp'),
      tls: readTls(raw.tls_config, directory),
      rcodes: raw.valid_rcodes ?? ['NOERROR'],
      expect: raw.expect ?? [],
      answer: readRules(raw.validate_answer_rrs),
      authority: readRules(raw.validate_authority_rrs),
      additional: readRules(raw.validate_additional_rrs),
      ip: readIp(raw),
      sourceAddress: raw.source_ip_address ?? null,
    };
  },
  describe: (config) => ({
    server: config.server === null ? undefined : formatEndpoint(config.server),
    query_name: config.name,
    query_type: config.typeName,
    recursion_desired: config.wantsRecursion,
    transport_protocol: config.transport === 'udp' ? 'udp' : 'tcp',
    dns_over_tls: config.transport === 'tls',
    tls_config: describeTls(config.tls),
    valid_rcodes: config.rcodes,
    expect: config.expect,
    source_ip_address: config.sourceAddress ?? undefined,
    validate_answer_rrs: describeRules(config.answer),
    validate_authority_rrs: describeRules(config.authority),
    validate_additional_rrs: describeRules(config.additional),
    ...describeIp(config.ip),
  }),
  retarget(config, target) {
    const server = parseEndpoint(target, config.transport === 'tls' ? 853 : 53);
    return server === null ? null : { ...config, server };
  },
  target: ({ server, name, typeName }) => ({
    host: server?.host ?? null,
    address: server === null ? `${name} ${typeName}` : `${formatEndpoint(server)} ${name} ${typeName}`,
  }),
};

function readRules(raw: z.output<typeof rules> | undefined): RecordRules {
  return {
    failIfMatches: raw?.fail_if_matches_regexp ?? [],
    failIfAllMatch: raw?.fail_if_all_match_regexp ?? [],
    failIfNotMatches: raw?.fail_if_not_matches_regexp ?? [],
    failIfNoneMatches: raw?.fail_if_none_matches_regexp ?? [],
  };
}

function describeRules(one: RecordRules): Record<string, readonly string[]> {
  return {
    fail_if_matches_regexp: one.failIfMatches,
    fail_if_all_match_regexp: one.failIfAllMatch,
    fail_if_not_matches_regexp: one.failIfNotMatches,
    fail_if_none_matches_regexp: one.failIfNoneMatches,
  };
}
