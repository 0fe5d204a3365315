import { describe, expect, it } from 'vitest';
import { describeConfiguration } from '../../../electron/engine/config/describe-configuration.ts';
import { packSecrets, takeFromKeychain, unpackSecrets } from '../../../electron/engine/config/secret.ts';
import { brief, load, loadProblems, loadValue } from './memory-files.ts';

const job = (keys: string): string => `scrape_configs: [{job_name: a, ${keys}}]`;

describe('a scrape configuration', () => {
  it('reads how targets are reached, files beside itself', async () => {
    const value = await loadValue(`
scrape_configs:
  - job_name: a
    basic_auth: {username_file: u, password_file: /p}
    tls_config: {ca_file: ca.pem, cert: PEM, key_file: key.pem, min_version: TLS12, server_name: s}
    http_headers: {X-A: {values: [v], secrets: ['\${env:S}'], files: [f]}}
    proxy_url: http://user:pw@proxy:3128
    no_proxy: local
    proxy_connect_header: {X-P: [c]}
`);
    const [client] = value.scrapeConfigs;
    expect(client).toMatchObject({
      basicAuth: { usernameFile: '/etc/u', password: { kind: 'file', path: '/p' } },
      tls: { caFile: '/etc/ca.pem', cert: 'PEM', key: { kind: 'file', path: '/etc/key.pem' }, minVersion: 'TLSv1.2' },
      httpHeaders: {
        'X-A': [{ kind: 'inline' }, { kind: 'environment', name: 'S' }, { kind: 'file', path: '/etc/f' }],
      },
      proxy: { noProxy: 'local', connectHeaders: { 'X-P': [{ kind: 'inline' }] } },
    });
    const shown = JSON.stringify(describeConfiguration(value));
    expect(shown).toContain('"proxy_url":"http://user:<secret>@proxy:3128/"');
    expect(shown).not.toContain('pw@');
  });

  it('reads OAuth 2.0 with its own TLS and proxy, and shows none of its secrets', async () => {
    const value = await loadValue(
      job(`oauth2: {client_id: me, client_secret: hush, token_url: 'https://t/token', scopes: [a], endpoint_params: {p: quiet},
        tls_config: {insecure_skip_verify: true}, proxy_from_environment: true}`),
    );
    expect(value.scrapeConfigs[0]?.oauth2).toMatchObject({
      clientId: 'me',
      scopes: ['a'],
      endpointParams: { p: 'quiet' },
      tls: { insecureSkipVerify: true },
      proxy: { isFromEnvironment: true },
    });
    expect(JSON.stringify(describeConfiguration(value))).not.toMatch(/hush|quiet/);
  });

  it('reads relabelling, discovery and limits with the defaults of Prometheus', async () => {
    const value = await loadValue(
      `global: {target_limit: 5, extra_scrape_metrics: true}\n${job(`relabel_configs: [{source_labels: [a], target_label: b}],
        file_sd_configs: [{files: ['t/*.json']}], http_sd_configs: [{url: 'http://sd/x'}],
        dns_sd_configs: [{names: [n]}], docker_sd_configs: [{host: 'unix:///var/run/docker.sock', filters: [{name: label, values: [x]}]}]`)}`,
    );
    expect(value.scrapeConfigs[0]).toMatchObject({
      targetLimit: 5,
      extraScrapeMetrics: true,
      relabelSteps: [
        { action: 'replace', sourceLabels: ['a'], separator: ';', regex: '(.*)', targetLabel: 'b', replacement: '$1' },
      ],
      discoveries: [
        { kind: 'file', files: ['/etc/t/*.json'], refreshIntervalMs: 300_000 },
        { kind: 'http', url: 'http://sd/x', refreshIntervalMs: 60_000 },
        { kind: 'dns', recordType: 'SRV', refreshIntervalMs: 30_000 },
        { kind: 'docker', port: 80, filters: { label: ['x'] }, matchFirstNetwork: true, refreshIntervalMs: 60_000 },
      ],
    });
  });

  it('reads what is to be taken from JSON', async () => {
    const value = await loadValue(
      job(`json_metrics: [{name: q, each: '$.queues[*]', value: $.depth, labels: {n: $.name}}]`),
    );
    expect(value.scrapeConfigs[0]?.jsonMetrics).toEqual([
      {
        name: 'q',
        type: 'gauge',
        help: '',
        unit: '',
        each: '$.queues[*]',
        value: '$.depth',
        map: {},
        scale: 1,
        labels: { n: '$.name' },
        timestamp: null,
      },
    ]);
  });

  it.each([
    ['tls_config: {cert_file: c}', 'A client certificate is given without its key'],
    ['tls_config: {ca: x, ca_file: y}', 'At most one of ca and ca_file'],
    ['proxy_url: "http://p:1", proxy_from_environment: true', 'At most one of proxy_url and proxy_from_environment'],
    ['no_proxy: x', 'no_proxy needs proxy_url'],
    ['proxy_url: "ftp://p"', 'The proxy is no URL'],
    ['http_headers: {Host: {values: [x]}}', 'The header "Host" cannot be set'],
    [
      'basic_auth: {username: a}, oauth2: {client_id: a, token_url: "http://t"}',
      'At most one of basic_auth and oauth2',
    ],
    [
      'oauth2: {client_id: a, client_secret: b, client_secret_file: c, token_url: "http://t"}',
      'At most one of client_secret',
    ],
    ['file_sd_configs: [{files: [targets.txt]}]', 'names no JSON or YAML files'],
    ['http_sd_configs: [{url: "http://h", refresh_interval: 0s}]', 'The interval cannot be zero'],
    ['dns_sd_configs: [{names: [n], type: A}]', 'Records of type A have no port'],
    ['docker_sd_configs: [{host: "/var/run/docker.sock"}]', 'is not an address of Docker'],
    ['json_metrics: [{name: a, value: "$.["}]', 'is no JSON path'],
    ['json_metrics: [{name: a}]', 'says neither "value" nor "each"'],
    ['json_metrics: [{name: a, value: $.x, labels: {b: "$["}}]', 'is no JSON path'],
  ])('is refused with %s', async (keys, reason) => {
    const problems = await loadProblems(job(keys));
    expect(brief(problems).join('\n')).toContain(reason);
    expect(problems.every(({ line, column }) => line > 0 && column > 0)).toBe(true);
  });

  it('warns of nothing that has effect', async () => {
    const loaded = await load(
      job(`proxy_url: 'http://p:1', enable_http2: false, scrape_protocols: [PrometheusText0.0.4], target_limit: 3,
        keep_dropped_targets: 2, track_timestamps_staleness: true, scrape_failure_log_file: f.log,
        relabel_configs: [{action: drop, regex: x}], file_sd_configs: [{files: [t.yml]}]`),
    );
    expect(loaded.ok && loaded.warnings).toEqual([]);
  });
});

it('a format that is not read is named, and left out of what is asked for', async () => {
  const loaded = await load(job('scrape_protocols: [PrometheusProto, OpenMetricsText1.0.0]'));
  expect(loaded.ok && brief(loaded.warnings)).toEqual(['vedette.yml:1:51 The protobuf format is not read yet.']);
});

describe('secrets of the keychain', () => {
  it('are taken along wherever they are, and the others stay hidden', async () => {
    const value = await loadValue(
      job(`http_sd_configs: [{url: 'http://h', authorization: {credentials: '\${keychain:sd}'}}],
        oauth2: {client_id: a, client_secret: '\${keychain:none}', token_url: 'http://t'}, http_headers: {X: {secrets: [plain]}}`),
    );
    const ports = {
      environment: {},
      readFile: () => Promise.reject(new Error('no file')),
      keychain: (name: string) => Promise.resolve(name === 'sd' ? 'from the keychain' : null),
    };
    const taken = await takeFromKeychain(value.scrapeConfigs, ports);
    expect(JSON.stringify(taken)).not.toContain('from the keychain');
    const [there] = unpackSecrets<typeof value.scrapeConfigs>(structuredClone(packSecrets(taken)));
    const [discovery] = there?.discoveries ?? [];
    const secret = discovery?.kind === 'http' ? discovery.client.authorization?.credentials : undefined;
    expect(secret?.kind === 'inline' && secret.reveal()).toBe('from the keychain');
    expect(there?.oauth2?.clientSecret).toEqual({ kind: 'keychain', name: 'none' });
    const [header] = there?.httpHeaders['X'] ?? [];
    expect(header?.kind === 'inline' && header.reveal()).toBe('plain');
  });
});
