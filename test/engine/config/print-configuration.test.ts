import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { printConfiguration } from '../../../electron/engine/config/print-configuration.ts';
import type { LoadOptions } from '../../../electron/engine/config/load-configuration.ts';
import { load, loadValue } from './memory-files.ts';

async function print(
  text: string,
  others: Readonly<Record<string, string>> = {},
  options: Partial<LoadOptions> = {},
): Promise<string[]> {
  const loaded = await load(text, others, options);
  if (!loaded.ok) throw new Error('refused');
  return printConfiguration(loaded)
    .split('\n')
    .map((line) => line.trim().replace(/^- /, ''));
}

describe('the printed configuration', () => {
  it('says where each value came from', async () => {
    const lines = await print(
      `global:
  scrape_interval: 20s
scrape_configs:
  - job_name: a
    bearer_token: \${env:TOKEN}
    static_configs: [{targets: ['h:1']}]
alertmanager_file: am.yml
rule_files: ['*.rules']
`,
      {
        '/etc/am.yml': 'route:\n  receiver: x\n  routes:\n    - match: {a: b}\nreceivers:\n  - name: x\n',
        '/etc/a.rules': 'groups: []',
      },
      { environment: { VEDETTE_HOST_INTERVAL: '6s' }, overrides: { 'retention.metrics.raw': '3d' } },
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'scrape_interval: 20s # vedette.yml:2',
        'scrape_timeout: 10s # default',
        'job_name: a # vedette.yml:4',
        'credentials: ${env:TOKEN} # vedette.yml:5',
        '"h:1" # vedette.yml:6'.replaceAll('"', ''),
        'receiver: x # am.yml:2',
        'a="b" # am.yml:4',
        '/etc/a.rules # vedette.yml:8',
        'interval: 6s # VEDETTE_HOST_INTERVAL',
        'raw: 3d # command line',
      ]),
    );
    expect(lines.filter((line) => line === 'scrape_interval: 20s # vedette.yml:2')).toHaveLength(2);
  });

  it('shows no secret', async () => {
    const lines = await print(`
scrape_configs:
  - {job_name: a, basic_auth: {username: u, password: hunter2}, http_headers: {X: {values: [hunter2]}}}
checks: [{name: a, http: {url: 'http://u:hunter2@h/', headers: {Authorization: hunter2}}}]
alertmanager: {route: {receiver: a}, receivers: [{name: a, webhook_configs: [{url: 'http://h/hunter2'}]}]}
`);
    expect(lines.join('\n')).not.toContain('hunter2');
    expect(lines.join('\n')).toContain('password: <secret>');
  });

  it('can be loaded again and is the same configuration', async () => {
    const text = `
global: {scrape_interval: 20s, external_labels: {a: b}}
scrape_configs: [{job_name: a, params: {x: [y]}, static_configs: [{targets: ['h:1'], labels: {c: d}}]}]
checks: [{name: web, http: {url: 'https://h/', json: ['$.a == 1']}}]
logs: [{name: l, files: [/var/log/l]}]
alertmanager: {route: {receiver: a, routes: [{matchers: [x=~y]}]}, receivers: [{name: a, desktop_configs: [{}]}]}
`;
    const loaded = await load(text);
    if (!loaded.ok) throw new Error('refused');
    const printed = printConfiguration(loaded);
    expect(parse(printed)).toBeTypeOf('object');
    expect(await loadValue(printed)).toEqual(loaded.value);
  });
});
