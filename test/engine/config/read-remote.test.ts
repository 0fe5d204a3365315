import { describe, expect, it } from 'vitest';
import {
  loadConfiguration,
  printConfiguration,
  type LoadedConfiguration,
} from '../../../electron/engine/config/index.ts';
import { memoryFiles } from './memory-files.ts';

const load = (text: string): Promise<LoadedConfiguration> =>
  loadConfiguration({ file: '/etc/vedette.yml', environment: {}, files: memoryFiles({ '/etc/vedette.yml': text }) });

describe('remote_write', () => {
  it('is read as Prometheus writes it, with its defaults', async () => {
    const loaded = await load(`
remote_write:
  - url: http://127.0.0.1:9090/api/v1/write
  - name: far
    url: https://metrics.example/push
    remote_timeout: 5s
    headers: {X-Scope-OrgID: team}
    basic_auth: {username: me, password_file: secret.txt}
    tls_config: {ca_file: ca.pem}
    queue_config: {max_samples_per_send: 500, min_backoff: 1s, max_backoff: 30s}
`);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.value.remoteWrite).toMatchObject([
      { name: 'http://127.0.0.1:9090/api/v1/write', timeoutMs: 30_000, maxSamplesPerSend: 2_000, minBackoffMs: 30, maxBackoffMs: 5_000 }, // prettier-ignore
      {
        name: 'far',
        timeoutMs: 5_000,
        headers: { 'X-Scope-OrgID': 'team' },
        basicAuth: { username: 'me', password: { kind: 'file', path: '/etc/secret.txt' } },
        tls: { caFile: '/etc/ca.pem' },
        maxSamplesPerSend: 500,
        minBackoffMs: 1_000,
        maxBackoffMs: 30_000,
      },
    ]);
    expect(printConfiguration(loaded)).not.toContain('team');
  });

  it.each([
    ['{name: a}', 'url'],
    ['{url: "htp://x"}', 'not a URL'],
    ['{url: "http://h", queue_config: {max_shard: 3}}', 'max_shard'],
    ['{url: "http://h", headers: {Authorization: x}}', 'cannot be set'],
    ['{url: "http://h", bearer_token: x, basic_auth: {username: y}}', 'At most one'],
  ])('refuses %s', async (entry, reason) => {
    const loaded = await load(`remote_write: [${entry}]`);
    expect(loaded.ok).toBe(false);
    expect(JSON.stringify(loaded.ok || loaded.problems)).toContain(reason);
  });

  it('says which of its settings have no effect', async () => {
    const loaded = await load(
      'remote_write: [{url: "http://h", write_relabel_configs: [{action: labeldrop, regex: x}], queue_config: {capacity: 1}}]',
    );
    expect(loaded.warnings.map(({ path }) => path)).toEqual(['remote_write[0].queue_config.capacity']);
  });
});

describe('remote_query', () => {
  it('names servers that questions are passed on to', async () => {
    const loaded = await load(
      'remote_query: [{name: far, url: "http://h:9090/prometheus", timeout: 10s, authorization: {credentials: "${env:TOKEN}"}}]',
    );
    expect(loaded.ok && loaded.value.remoteQuery).toMatchObject([
      {
        name: 'far',
        url: 'http://h:9090/prometheus',
        timeoutMs: 10_000,
        authorization: { type: 'Bearer', credentials: { kind: 'environment', name: 'TOKEN' } },
      },
    ]);
    const twice = await load('remote_query: [{name: a, url: "http://h"}, {name: a, url: "http://i"}]');
    expect(twice.ok).toBe(false);
  });
});
