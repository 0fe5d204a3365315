import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../doubles/certificate.ts';
import { startGrpcHealthServer } from '../doubles/grpc-health-server.ts';
import { startServer } from '../doubles/http-server.ts';
import { record, startNameServer } from '../doubles/name-server.ts';
import { bad, startTcpServer } from '../doubles/tcp-server.ts';
import { startBlackboxExporter, type Exporter } from '../services/start-exporter.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';

/** The same modules, asked of blackbox_exporter and of Vedette for the same targets. */
const MODULES = `
modules:
  http: {prober: http, http: {preferred_ip_protocol: ip4}}
  http_words: {prober: http, http: {preferred_ip_protocol: ip4, fail_if_body_not_matches_regexp: ['well']}}
  http_header: {prober: http, http: {preferred_ip_protocol: ip4, fail_if_header_matches: [{header: Server, regexp: 'x'}]}}
  https: {prober: http, http: {preferred_ip_protocol: ip4, tls_config: {ca_file: CA_FILE}}}
  short: {prober: http, timeout: 1s, http: {preferred_ip_protocol: ip4}}
  tcp: {prober: tcp, timeout: 5s}
  tcp_banner: {prober: tcp, tcp: {query_response: [{expect: '^SSH-2.0-'}]}}
  tcp_tls: {prober: tcp, tcp: {tls: true, tls_config: {ca_file: CA_FILE}}}
  dns: {prober: dns, dns: {query_name: shop.example, query_type: A}}
  dns_gone: {prober: dns, dns: {query_name: gone.example, query_type: A}}
  dns_other: {prober: dns, dns: {query_name: shop.example, query_type: A, validate_answer_rrs: {fail_if_not_matches_regexp: ['192\\.0\\.2\\.8']}}}
  dns_tcp: {prober: dns, dns: {transport_protocol: tcp, query_name: shop.example, query_type: A}}
  grpc: {prober: grpc, grpc: {service: shop}}
  grpc_sick: {prober: grpc, grpc: {service: sick}}
  icmp: {prober: icmp}
`;

/** Series that one of the two has and the other has not, with the reason. */
const DIFFERENCES: readonly (readonly [name: RegExp, reason: string])[] = [
  [/^vedette_/, 'our own'],
  [/^probe_tls_cipher_info$/, 'of later versions of blackbox_exporter'],
  [/^probe_ssl_earliest_cert_expiry$/, 'theirs is 0 where gRPC is not secured, and would fire alerts'],
  [/^probe_ssl_last_chain_info$/, 'of later versions of blackbox_exporter, for some probers'],
];

let place: Workplace;
let exporter: Exporter;
let vedette: Vedette;
/** Module and target by the name of the case. */
const targets = new Map<string, readonly [module: string, target: string, succeeds: boolean]>();
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  place = makeWorkplace();
  const certificate = makeCertificate({ days: 90, authorityDays: 400, names: 'IP:127.0.0.1,DNS:localhost' });
  const authority = place.write('ca.pem', certificate.authority);
  const file = place.write('blackbox.yml', MODULES.replaceAll('CA_FILE', authority));
  const slow = await startServer((_, response) => {
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'text/plain', 'last-modified': 'Sun, 22 Nov 2026 10:00:00 GMT' });
      response.write('All is');
      setTimeout(() => response.end(' well'), 250);
    }, 400);
  });
  const broken = await startServer((_, response) => response.writeHead(500).end());
  const secure = await startServer((_, response) => response.end('safe'), certificate);
  const hanging = await startTcpServer(bad.hanging());
  const banner = await startTcpServer(bad.foreign('SSH-2.0-test\r\n'));
  const foreign = await startTcpServer(bad.gone('SSH-1.5-old\r\n'));
  const address = record(1, Buffer.from([192, 0, 2, 7]));
  const names = await startNameServer((name) => (name === 'shop.example' ? { answer: [address] } : { rcode: 3 }));
  const grpc = await startGrpcHealthServer((name) => ({ status: '0', serving: name === 'shop' ? 1 : 2 }));
  // The last one, so that none of the others gets its port.
  const closed = await startTcpServer(bad.hanging());
  await closed.close();
  closers.push(...[slow, broken, secure, hanging, banner, foreign, names, grpc].map((one) => () => one.close()));
  const add = (name: string, module: string, target: string, succeeds: boolean): void => {
    targets.set(name, [module, target, succeeds]);
  };
  add('a slow page', 'http', slow.url, true);
  add('a page without its scheme', 'http_words', slow.address, true);
  add('an error', 'http', broken.url, false);
  add('words that are missing', 'http_words', secure.url.replace('https', 'http'), false);
  add('a header that is missing', 'http_header', slow.url, false);
  add('a page over TLS', 'https', secure.url, true);
  add('a page that is not trusted', 'http', secure.url, false);
  add('a page that hangs', 'short', `http://${hanging.address}/`, false);
  add('nobody there over HTTP', 'http', `http://${closed.address}/`, false);
  add('an open port', 'tcp', hanging.address, true);
  add('a closed port', 'tcp', closed.address, false);
  add('a banner', 'tcp_banner', banner.address, true);
  add('another banner', 'tcp_banner', foreign.address, false);
  add('a port over TLS', 'tcp_tls', secure.address, true);
  add('a name', 'dns', names.address, true);
  add('a name over TCP', 'dns_tcp', names.address, true);
  add('a name that is gone', 'dns_gone', names.address, false);
  add('another address', 'dns_other', names.address, false);
  add('a healthy service', 'grpc', grpc.address, true);
  add('a sick service', 'grpc_sick', grpc.address, false);
  add('a ping', 'icmp', '127.0.0.1', true);
  place.write('prometheus.yml', 'host: {enabled: false}\nblackbox_config_file: blackbox.yml\n');
  [exporter, vedette] = await Promise.all([startBlackboxExporter(file), startVedette({ workplace: place })]);
});

afterAll(async () => {
  await vedette.stop();
  await exporter.stop();
  await Promise.all(closers.map((close) => close()));
  place.remove();
});

type Samples = ReadonlyMap<string, number>;

async function probe(base: string, module: string, target: string): Promise<Samples> {
  const response = await fetch(`${base}/probe?${new URLSearchParams({ module, target }).toString()}`);
  expect(response.status).toBe(200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

const nameOf = (series: string): string => series.replace(/\{.*/s, '');
const namesOf = (samples: Samples): Set<string> => new Set([...samples.keys()].map(nameOf));
const isUnsecured = (series: string, value: number): boolean =>
  series === 'probe_ssl_earliest_cert_expiry' && value === 0;
const isKnown = (name: string): boolean => DIFFERENCES.some(([pattern]) => pattern.test(name));

describe('/probe beside blackbox_exporter', () => {
  it('succeeds and fails for the same targets, with the same series', async () => {
    const found = await Promise.all(
      [...targets].map(async ([name, [module, target]]) => {
        const [theirs, ours] = await Promise.all([
          probe(`http://${exporter.address}`, module, target),
          probe(vedette.url, module, target),
        ]);
        return { name, theirs, ours };
      }),
    );
    const success = (samples: Samples): boolean => samples.get('probe_success') === 1;
    const expected = Object.fromEntries([...targets].map(([name, [, , succeeds]]) => [name, succeeds]));
    expect(Object.fromEntries(found.map(({ name, theirs }) => [name, success(theirs)]))).toEqual(expected);
    expect(Object.fromEntries(found.map(({ name, ours }) => [name, success(ours)]))).toEqual(expected);
    const strange = found.flatMap(({ name, theirs, ours }) => {
      const [a, b] = [namesOf(theirs), namesOf(ours)];
      const only = [...a].filter((one) => !b.has(one)).map((one) => `${name}: only theirs: ${one}`);
      return [...only, ...[...b].filter((one) => !a.has(one)).map((one) => `${name}: only ours: ${one}`)];
    });
    // A probe that failed early knows less, and not the same less: series of zeros for what was never reached.
    const ofSuccess = strange.filter((line) => expected[line.split(':')[0] ?? ''] === true);
    expect(ofSuccess.filter((line) => !isKnown(line.split(': ').at(-1) ?? ''))).toEqual([]);
    const exact = ['probe_success', 'probe_ip_addr_hash', 'probe_ip_protocol', 'probe_http_status_code', 'probe_http_version', 'probe_http_ssl', 'probe_http_redirects', 'probe_http_uncompressed_body_length', 'probe_http_content_length', 'probe_http_last_modified_timestamp_seconds', 'probe_failed_due_to_regex', 'probe_ssl_earliest_cert_expiry', 'probe_ssl_last_chain_expiry_timestamp_seconds', 'probe_tls_version_info', 'probe_dns_answer_rrs', 'probe_dns_query_succeeded', 'probe_grpc_status_code', 'probe_grpc_healthcheck_response', 'probe_grpc_ssl', 'probe_icmp_reply_hop_limit']; // prettier-ignore
    const pick = (samples: Samples): object =>
      Object.fromEntries(
        [...samples].filter(([series, value]) => exact.includes(nameOf(series)) && !isUnsecured(series, value)),
      );
    for (const { name, theirs, ours } of found.filter(({ name }) => expected[name] === true)) {
      expect(pick(ours), name).toEqual(pick(theirs));
    }
  });

  it('measures the same phases where they are long', async () => {
    const [, target] = targets.get('a slow page') ?? ['', ''];
    const theirs = await probe(`http://${exporter.address}`, 'http', target);
    const ours = await probe(vedette.url, 'http', target);
    for (const phase of ['processing', 'transfer']) {
      const series = `probe_http_duration_seconds{phase="${phase}"}`;
      const ratio = (ours.get(series) ?? 0) / (theirs.get(series) ?? 1);
      expect(ratio, phase).toBeGreaterThan(0.8);
      expect(ratio, phase).toBeLessThan(1.2);
    }
  });

  it('refuses what it cannot ask, as blackbox_exporter does', async () => {
    for (const query of ['module=nothing&target=x', 'module=tcp', 'target=x']) {
      const [theirs, ours] = await Promise.all([
        fetch(`http://${exporter.address}/probe?${query}`),
        fetch(`${vedette.url}/probe?${query}`),
      ]);
      expect([ours.status, await ours.text()]).toEqual([theirs.status, await theirs.text()]);
    }
  });
});
