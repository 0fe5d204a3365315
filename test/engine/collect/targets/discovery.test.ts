import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { DnsResolver } from '../../../../electron/engine/collect/targets/dns-source.ts';
import { startSource } from '../../../../electron/engine/collect/targets/start-source.ts';
import type { TargetSource } from '../../../../electron/engine/collect/targets/target-source.ts';
import type { DiscoveryConfig } from '../../../../electron/engine/config/discovery-config.ts';
import { DEFAULT_HTTP_CLIENT } from '../../../../electron/engine/config/http-client.ts';
import { secretFrom } from '../../../../electron/engine/config/secret.ts';
import { systemClock } from '../../../../electron/engine/schedule/index.ts';
import type { Clock } from '../../../../electron/engine/schedule/index.ts';
import { clientPorts } from '../../../doubles/client-ports.ts';
import { startServer } from '../../../doubles/http-server.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'vedette-discovery-'));
  closers.push(() => rmSync(path, { recursive: true }));
  return path;
}

const turn = (): Promise<void> => new Promise((resolve) => systemClock.after(2, resolve));
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await turn();
}

function source(config: DiscoveryConfig, clock: Clock, createResolver?: () => DnsResolver): TargetSource {
  const started = startSource(config, {
    ...clientPorts({ clock }),
    log: () => undefined,
    createResolver:
      createResolver ??
      (() => {
        throw new Error('no name is asked for here');
      }),
    jobName: 'job',
    onChange: () => undefined,
  });
  closers.push(() => started.stop());
  return started;
}

/** Every target with its labels, those of its group included. */
function targetsOf(one: TargetSource): Record<string, string>[] {
  return one.groups().flatMap(({ targets, labels }) => targets.map((target) => ({ ...labels, ...target })));
}
const addresses = (one: TargetSource): (string | undefined)[] => targetsOf(one).map((labels) => labels['__address__']);

describe('files', () => {
  test('of JSON and YAML are watched; a broken one keeps its targets, a removed one loses them', async () => {
    const place = folder();
    const [json, yaml] = [join(place, 'a.json'), join(place, 'b.yml')];
    writeFileSync(json, '[{"targets": ["h:1", "h:2"], "labels": {"env": "prod"}}]');
    writeFileSync(yaml, '- targets: [h:3]\n  labels: {version: 1.0}\n');
    // The watch looks when it is told to, or by its own rate: the clock of the system runs here.
    const config = {
      kind: 'file',
      files: [join(place, '*.json'), join(place, '*.yml')],
      refreshIntervalMs: 50,
    } as const;
    const files = source(config, systemClock);
    await until(() => addresses(files).length === 3);
    expect(targetsOf(files)).toEqual([
      { __address__: 'h:1', env: 'prod', __meta_filepath: json },
      { __address__: 'h:2', env: 'prod', __meta_filepath: json },
      { __address__: 'h:3', version: '1.0', __meta_filepath: yaml },
    ]);
    writeFileSync(join(place, 'new'), '[{"targets": ["h:4"]}]');
    renameSync(join(place, 'new'), json);
    await until(() => addresses(files).includes('h:4'));
    expect(addresses(files)).toEqual(['h:4', 'h:3']);
    writeFileSync(yaml, '- targets: [h:3\n');
    writeFileSync(json, '[{"targets": ["h:5"], "label": {}}]');
    await until(() => /unknown key "label".*b\.yml: line/.test(files.status().lastError));
    expect(addresses(files)).toEqual(['h:4', 'h:3']);
    unlinkSync(json);
    await until(() => addresses(files).length === 1);
    writeFileSync(yaml, '[]');
    await until(() => files.status().lastError === '' && addresses(files).length === 0);
  });
});

describe('an HTTP server', () => {
  test('is asked at its interval and with its credentials; a failure keeps the targets and is told', async () => {
    let [status, type, body] = [200, 'application/json; charset=utf-8', '[{"targets": ["h:1"], "labels": {"a": "b"}}]'];
    const server = await startServer((_, response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    closers.push(() => server.close());
    const clock = createManualClock();
    const client = { ...DEFAULT_HTTP_CLIENT, authorization: { type: 'Bearer', credentials: secretFrom('t') } };
    const http = source({ kind: 'http', url: `${server.url}/targets`, refreshIntervalMs: 30_000, client }, clock);
    /** The next look, until its outcome shows; a turn of the loop later the one after it is planned. */
    const look = async (hasHappened: () => boolean): Promise<void> => {
      clock.advance(30_000);
      await until(hasHappened);
    };
    const error = (): string => http.status().lastError;
    await until(() => addresses(http).length === 1);
    expect(targetsOf(http)).toEqual([{ __address__: 'h:1', a: 'b', __meta_url: `${server.url}/targets` }]);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer t',
      'x-prometheus-refresh-interval-seconds': '30',
      accept: 'application/json',
    });
    [status, body] = [500, 'no'];
    await look(() => error().includes('answered 500'));
    [status, type] = [200, 'text/plain'];
    await look(() => error().includes('text/plain'));
    [type, body] = ['application/json', '[{"targets": "h:1"}]'];
    await look(() => error().includes('"targets" of group 1'));
    expect(addresses(http)).toEqual(['h:1']);
    body = '[]';
    await look(() => error() === '');
    expect(addresses(http)).toEqual([]);
  });
});

describe('name servers', () => {
  const names: Record<string, () => unknown> = {};
  const resolver = (): DnsResolver => {
    const answer = (name: string): Promise<never> =>
      Promise.resolve().then(() => (names[name] ?? (() => fail('ENOTFOUND')))() as never);
    return {
      resolve4: answer,
      resolve6: answer,
      resolveMx: answer,
      resolveNs: answer,
      resolveSrv: answer,
      cancel: () => undefined,
    };
  };
  function fail(code: string): never {
    throw Object.assign(new Error(code), { code });
  }

  test.each([
    ['A', ['192.0.2.1'], { __address__: '192.0.2.1:80' }],
    ['AAAA', ['2001:db8::1'], { __address__: '[2001:db8::1]:80' }],
    ['MX', [{ exchange: 'mx.test' }], { __address__: 'mx.test:80', __meta_dns_mx_record_target: 'mx.test.' }],
    ['NS', ['ns.test'], { __address__: 'ns.test:80', __meta_dns_ns_record_target: 'ns.test.' }],
    [
      'SRV',
      [{ name: 'a.test', port: 9100 }],
      { __address__: 'a.test:9100', __meta_dns_srv_record_target: 'a.test.', __meta_dns_srv_record_port: '9100' },
    ],
  ] as const)('give the targets of %s records', async (recordType, records, labels) => {
    names['x.test'] = () => records;
    const config = { kind: 'dns', names: ['x.test'], recordType, port: 80, refreshIntervalMs: 30_000 } as const;
    const dns = source(config, createManualClock(), resolver);
    await until(() => dns.status().lastSuccessAt !== null);
    expect(targetsOf(dns)).toEqual([{ ...labels, __meta_dns_name: 'x.test' }]);
  });

  test('that do not answer change nothing, a name that is gone has no targets', async () => {
    names['x.test'] = () => ['192.0.2.1'];
    names['y.test'] = () => ['192.0.2.2'];
    const clock = createManualClock();
    const config = {
      kind: 'dns',
      names: ['x.test', 'y.test'],
      recordType: 'A',
      port: 80,
      refreshIntervalMs: 1_000,
    } as const;
    const dns = source(config, clock, resolver);
    await until(() => addresses(dns).length === 2);
    names['x.test'] = () => fail('ESERVFAIL');
    delete names['y.test'];
    clock.advance(1_000);
    await until(() => dns.status().lastError !== '');
    expect(addresses(dns)).toEqual(['192.0.2.1:80']);
    expect(dns.status().lastError).toBe('No name server answered for A x.test (ESERVFAIL).');
  });
});

test('containers of Docker come with their labels, ports and networks over its socket', async () => {
  const asked: IncomingMessage[] = [];
  const tcp = (own: number, published?: number) => ({
    Type: 'tcp',
    PrivatePort: own,
    ...(published === undefined ? {} : { PublicPort: published, IP: '0.0.0.0' }),
  });
  const containers = [
    {
      Id: 'c1',
      Names: ['/web'],
      Labels: { 'com.docker.compose.service': 'web' },
      HostConfig: { NetworkMode: 'front' },
      Ports: [tcp(80, 8080), tcp(9100), { Type: 'udp', PrivatePort: 53 }],
      NetworkSettings: {
        Networks: {
          front: { NetworkID: 'n1', IPAddress: '172.20.0.2' },
          zeta: { NetworkID: 'n2', IPAddress: '172.21.0.2' },
        },
      },
    },
    {
      Id: 'c2',
      Names: ['/side'],
      Labels: {},
      HostConfig: { NetworkMode: 'container:c1' },
      Ports: [],
      NetworkSettings: { Networks: {} },
    },
    {
      Id: 'c3',
      Names: ['/host'],
      HostConfig: { NetworkMode: 'host' },
      Ports: [],
      NetworkSettings: { Networks: { host: { NetworkID: 'n3', IPAddress: '' } } },
    },
  ];
  const networks = [
    { Id: 'n1', Name: 'front', Scope: 'local', Internal: false, Ingress: false, Labels: { team: 'a' } },
  ];
  const server = createServer((request, response) => {
    asked.push(request);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url?.startsWith('/containers/json') === true ? containers : networks));
  });
  const socket = join(folder(), 'docker.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const docker = source(
    {
      kind: 'docker',
      host: `unix://${socket}`,
      port: 80,
      hostNetworkingHost: 'localhost',
      matchFirstNetwork: true,
      filters: { label: ['monitor=yes'] },
      refreshIntervalMs: 60_000,
      client: DEFAULT_HTTP_CLIENT,
    },
    createManualClock(),
  );
  await until(() => docker.status().lastSuccessAt !== null || docker.status().lastError !== '');
  expect(docker.status().lastError).toBe('');
  expect(addresses(docker)).toEqual(['172.20.0.2:80', '172.20.0.2:9100', '172.20.0.2:80', 'localhost']);
  expect(targetsOf(docker)[0]).toEqual({
    __address__: '172.20.0.2:80',
    __meta_docker_container_id: 'c1',
    __meta_docker_container_name: '/web',
    __meta_docker_container_network_mode: 'front',
    __meta_docker_container_label_com_docker_compose_service: 'web',
    __meta_docker_network_id: 'n1',
    __meta_docker_network_name: 'front',
    __meta_docker_network_scope: 'local',
    __meta_docker_network_internal: 'false',
    __meta_docker_network_ingress: 'false',
    __meta_docker_network_label_team: 'a',
    __meta_docker_network_ip: '172.20.0.2',
    __meta_docker_port_private: '80',
    __meta_docker_port_public: '8080',
    __meta_docker_port_public_ip: '0.0.0.0',
  });
  expect(decodeURIComponent(asked[0]?.url ?? '')).toBe('/containers/json?filters={"label":["monitor=yes"]}');
});

test('a Docker socket that is not there is told', async () => {
  const host = `unix://${join(folder(), 'none.sock')}`;
  const config = { kind: 'docker', host, port: 80, hostNetworkingHost: 'localhost', matchFirstNetwork: true } as const;
  const docker = source(
    { ...config, filters: {}, refreshIntervalMs: 60_000, client: DEFAULT_HTTP_CLIENT },
    createManualClock(),
  );
  await until(() => docker.status().lastError !== '');
  expect(docker.status().lastError).toMatch(/^There is no Docker socket .*none\.sock\. Does Docker run\?$/);
});
