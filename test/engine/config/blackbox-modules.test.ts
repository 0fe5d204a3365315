import { describe, expect, it } from 'vitest';
import { load, loadValue } from './memory-files.ts';

const BLACKBOX = {
  '/etc/blackbox.yml': `modules:
  http_2xx: {prober: http, timeout: 3s, http: {valid_status_codes: [200, 204]}}
  ssh: {prober: tcp, tcp: {query_response: [{expect: '^SSH'}]}}
  ping: {prober: icmp}
`,
};

describe('the modules of blackbox_exporter', () => {
  it('say how a check asks its target', async () => {
    const { checks } = await loadValue(
      `blackbox_config_file: blackbox.yml
checks:
  - {name: web, module: http_2xx, target: shop.example}
  - {name: shell, module: ssh, target: 'host:22'}
  - {name: router, module: ping, target: 192.0.2.1}
`,
      BLACKBOX,
    );
    expect(checks).toMatchObject([
      {
        timeoutMs: 3000,
        probe: { kind: 'http', url: 'http://shop.example', status: ['200', '204'], judgesHealth: false },
      },
      { timeoutMs: 10_000, probe: { kind: 'tcp', endpoint: { host: 'host', port: 22 } } },
      { probe: { kind: 'icmp', host: '192.0.2.1', packets: 1, ip: { family: 6, hasFallback: true } } },
    ]);
  });

  it('are refused at their place when they are wrong', async () => {
    const loaded = await load(
      `blackbox_config_file: blackbox.yml
checks:
  - {name: a, module: nothing, target: x}
  - {name: b, module: ssh, target: 'no port'}
  - {name: c, module: ssh}
  - {name: d, tcp: {address: 'h:1'}, dns: {query_name: x}}
  - {name: e}
`,
      { '/etc/blackbox.yml': `${BLACKBOX['/etc/blackbox.yml']}  bad: {prober: smoke}\n  worse: {prober: dns}\n` },
    );
    const problems = loaded.ok
      ? []
      : loaded.problems.map(({ file, line, message }) => `${file}:${String(line)} ${message}`);
    expect(problems).toEqual([
      '/etc/vedette.yml:3 There is no module "nothing".',
      '/etc/vedette.yml:4 "no port" is not a target for ssh.',
      '/etc/vedette.yml:5 A module without a target.',
      '/etc/vedette.yml:6 A check asks in one way, and this one names tcp and dns.',
      '/etc/vedette.yml:7 The check does not say what it asks.',
      '/etc/blackbox.yml:5 "smoke" is not possible here.',
      '/etc/blackbox.yml:6 "query_name" is missing.',
    ]);
  });
});
