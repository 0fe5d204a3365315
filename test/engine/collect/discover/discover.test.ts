import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { discoverListeners } from '../../../../electron/engine/collect/discover/discover-listeners.ts';
import type { DiscoverOptions } from '../../../../electron/engine/collect/discover/discover-listeners.ts';
import { discoverLogs } from '../../../../electron/engine/collect/discover/discover-logs.ts';
import { systemClock } from '../../../../electron/engine/schedule/clock.ts';
import { createFakeMachine } from '../host/fake-machine.ts';

const disposers: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposers.splice(0)) dispose();
});

/** A server on a free loopback port that counts its connections. */
async function listen(server: Server): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  disposers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

/** A machine on which just these ports listen, each owned by a process with the given name, if any. */
function machineWith(owners: readonly { port: number; name?: string; user?: number; address?: string }[]) {
  const lines = owners.map(({ port, user = 0, address = '0100007F' }, index) => {
    const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
    return `${String(index)}: ${address}:${hexPort} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 ${String(user)} 0 ${String(1000 + index)} 1`;
  });
  const machine = createFakeMachine({
    'proc/net/tcp': ['  sl  local_address rem_address   st', ...lines, ''].join('\n'),
    'etc/passwd': 'root:x:0:0::/:/bin/sh\nmysql:x:110:110::/:/bin/sh\n',
  });
  owners.forEach(({ name }, index) => {
    if (name === undefined) return;
    const pid = 2_000_000 + index;
    machine.write({ [`proc/${String(pid)}/comm`]: `${name}\n` });
    mkdirSync(`${machine.root}/proc/${String(pid)}/fd`);
    symlinkSync(`socket:[${String(1000 + index)}]`, `${machine.root}/proc/${String(pid)}/fd/3`);
  });
  disposers.push(() => {
    machine.remove();
  });
  return machine;
}

async function discoverOne(port: number, name?: string, options: Partial<DiscoverOptions> = {}) {
  const machine = machineWith([{ port, ...(name === undefined ? {} : { name }) }]);
  const found = await discoverListeners({ clock: systemClock, platform: 'linux', root: machine.root, ...options });
  expect(found).toHaveLength(1);
  return found[0];
}

function pages(answers: Readonly<Record<string, { type: string; body: string; status?: number }>>): RequestListener {
  return (request, response) => {
    const answer = answers[request.url ?? ''];
    if (answer === undefined) response.writeHead(404).end('not found');
    else response.writeHead(answer.status ?? 200, { 'content-type': answer.type }).end(answer.body);
  };
}

const TEXT_FORMAT = 'text/plain; version=0.0.4';

test('an exporter is named by its metrics and suggested as a target', async () => {
  const body = '# TYPE go_goroutines gauge\ngo_goroutines 7\n# TYPE node_load1 gauge\nnode_load1 0.2\n';
  const { port } = await listen(createHttpServer(pages({ '/metrics': { type: TEXT_FORMAT, body } })));
  expect(await discoverOne(port, 'prometheus-node')).toEqual({
    id: `tcp:${String(port)}`,
    port,
    address: '127.0.0.1',
    process: { pid: 2_000_000, name: 'prometheus-node' },
    kind: 'exporter',
    title: 'node_exporter',
    suggestion: { scrape: { job: 'node', target: `localhost:${String(port)}`, path: '/metrics' } },
    evidence: '/metrics has 2 kinds of metrics',
  });
});

test('a program with metrics of its own is named by them', async () => {
  const body = '# TYPE shop_orders counter\nshop_orders_total{a="b"} 7\nshop_carts 1\ngo_goroutines 7\n';
  const { port } = await listen(createHttpServer(pages({ '/metrics': { type: TEXT_FORMAT, body } })));
  expect(await discoverOne(port)).toMatchObject({ kind: 'exporter', title: 'shop', process: null });
});

test('a page under /metrics that is no exposition text is no exporter', async () => {
  const page = { type: 'text/html', body: '<html><title> My  shop </title># TYPE a\na 1\n</html>' };
  const { port } = await listen(
    createHttpServer((_, response) => response.writeHead(200, { 'content-type': page.type }).end(page.body)),
  );
  expect(await discoverOne(port, 'node')).toMatchObject({
    kind: 'http',
    title: 'My shop',
    suggestion: {
      check: { name: 'My shop', probes: [{ kind: 'http', entry: { url: `http://localhost:${String(port)}/` } }] },
    },
  });
});

test('a health document is found and suggested as a check', async () => {
  const health = { type: 'application/json', body: '{"status":"UP"}' };
  const { port } = await listen(createHttpServer(pages({ '/actuator/health': health })));
  expect(await discoverOne(port, 'java')).toMatchObject({
    kind: 'health',
    title: 'java',
    suggestion: {
      check: { probes: [{ kind: 'http', entry: { url: `http://localhost:${String(port)}/actuator/health` } }] },
    },
    evidence: '/actuator/health answers 200',
  });
});

test('nginx and the management page of RabbitMQ are known by what they say', async () => {
  const nginx = await listen(
    createHttpServer((_, response) => response.writeHead(404, { server: 'nginx/1.22.1' }).end()),
  );
  expect(await discoverOne(nginx.port)).toMatchObject({ kind: 'nginx', evidence: 'Server: nginx/1.22.1' });
  const management = { type: 'text/html', body: '<title>RabbitMQ Management</title>' };
  const rabbit = await listen(createHttpServer(pages({ '/': management })));
  expect(await discoverOne(rabbit.port, 'beam.smp')).toMatchObject({ kind: 'rabbitmq' });
});

test('Redis is asked for a PING first when its process says so, and never in HTTP', async () => {
  const heard: string[] = [];
  const { port } = await listen(
    createServer((socket) => {
      socket.on('data', (data) => {
        heard.push(data.toString());
        if (data.toString().startsWith('PING')) socket.write('-NOAUTH Authentication required.\r\n');
      });
    }),
  );
  expect(await discoverOne(port, 'redis-server')).toMatchObject({
    kind: 'redis',
    title: 'Redis',
    suggestion: {
      check: {
        name: `redis-${String(port)}`,
        probes: [
          { kind: 'redis', entry: { address: `127.0.0.1:${String(port)}` } },
          { kind: 'tcp', entry: { address: `127.0.0.1:${String(port)}` } },
        ],
      },
    },
  });
  expect(heard.join('')).not.toContain('HTTP');
});

test('PostgreSQL is known by its answer to an SSLRequest', async () => {
  const { port } = await listen(
    createServer((socket) => {
      socket.on('data', (data) => socket.write(data.equals(Buffer.from('0000000804d2162f', 'hex')) ? 'N' : 'E'));
    }),
  );
  expect(await discoverOne(port, 'postgres')).toMatchObject({ kind: 'postgresql', evidence: 'answers SSLRequest' });
});

test('a real Redis is found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder, '--daemonize', 'no'];
  const child = spawn('/usr/bin/redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  disposers.push(() => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('Ready to accept')) break;
  expect(await discoverOne(port)).toMatchObject({ kind: 'redis', evidence: 'answers PING' });
});

/** A port that is free now, for a program that cannot choose one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A server that answers each of these questions, and nothing else. */
function answering(answers: readonly (readonly [question: RegExp, answer: Buffer])[]): Server {
  return createServer((socket) => {
    socket.on('data', (data) => {
      const found = answers.find(([question]) => question.test(data.toString('latin1')));
      if (found === undefined) socket.destroy();
      else socket.write(found[1]);
    });
  });
}

test.each([
  ['rabbitmq', [/^AMQP/, Buffer.from([1, 0, 0, 0, 0, 1, 0, 0, 10, 0, 10, 0])]],
  ['mqtt', [/^\x10\x0c\x00\x04MQTT/, Buffer.from([0x20, 2, 0, 5])]],
  ['memcached', [/^version/, Buffer.from('VERSION 1.6.18\r\n')]],
  [
    'mongodb',
    [
      /^.{12}\xdd\x07.*hello/s,
      Buffer.concat([Buffer.from([40, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0xdd, 7, 0, 0]), Buffer.alloc(24)]),
    ],
  ],
] as const)('%s is known by its own language, on any port', async (kind, exchange) => {
  const { port } = await listen(answering([exchange]));
  expect(await discoverOne(port, undefined, { portBoundMs: 20_000 })).toMatchObject({ kind });
});

test('MySQL of an unknown owner is listened to, and logged in to by nobody instead of being hung up on', async () => {
  const version = Buffer.from('8.0.36\u0000');
  const greeting = Buffer.concat([Buffer.from([version.length + 1, 0, 0, 0, 10]), version]);
  const heard: Buffer[] = [];
  let ends = 0;
  const { port } = await listen(
    createServer((socket) => {
      socket.write(greeting);
      socket.on('data', (data) => {
        heard.push(data);
        socket.end(Buffer.from([9, 0, 0, 2, 0xff, 0x15, 4, 0x23, 0x32, 0x38, 0x30, 0x30, 0x30]));
      });
      socket.on('end', () => ends++);
    }),
  );
  expect(await discoverOne(port)).toMatchObject({ kind: 'mysql', suggestion: {} });
  await expect.poll(() => ends).toBe(1);
  const answer = Buffer.concat(heard);
  // One packet, number 1: a log-in without a name.
  expect([answer.readUIntLE(0, 3), answer[3], answer.length]).toEqual([34, 1, 38]);
});

test('mail servers are offered as such, and Elasticsearch by its health', async () => {
  const mail = await listen(createServer((socket) => socket.write('220 mx.example ESMTP Postfix\r\n')));
  expect(await discoverOne(mail.port)).toMatchObject({
    kind: 'mail',
    title: 'SMTP',
    suggestion: { check: { probes: [{ kind: 'smtp' }, { kind: 'tcp' }] } },
  });
  const front = { type: 'application/json', body: '{"name":"n","tagline" : "You Know, for Search"}' };
  const search = await listen(createHttpServer(pages({ '/': front })));
  expect(await discoverOne(search.port, 'java')).toMatchObject({
    kind: 'elasticsearch',
    suggestion: {
      check: { probes: [{ entry: { url: `http://localhost:${String(search.port)}/_cluster/health` } }] },
    },
  });
});

test('containers that Docker names are offered one by one', async () => {
  const machine = machineWith([]);
  mkdirSync(join(machine.root, 'var/run'), { recursive: true });
  const server = createHttpServer((_, response) => {
    response.end(JSON.stringify([{ Id: 'a1', Names: ['/shop-db'], Image: 'postgres:17' }]));
  });
  server.listen(join(machine.root, 'var/run/docker.sock'));
  await once(server, 'listening');
  disposers.push(() => {
    server.close();
  });
  const found = await discoverListeners({ clock: systemClock, platform: 'linux', root: machine.root });
  expect(found).toMatchObject([
    { id: 'docker', kind: 'docker' },
    {
      id: 'docker:shop-db',
      kind: 'container',
      evidence: 'container of postgres:17',
      suggestion: { check: { name: 'shop-db', probes: [{ kind: 'docker', entry: { container: 'shop-db' } }] } },
    },
  ]);
});

test('MySQL is known by its owner alone and never connected to', async () => {
  const { port, connections } = await listen(createServer());
  expect(await discoverOne(port, 'mariadbd')).toMatchObject({ kind: 'mysql' });
  const machine = machineWith([{ port, user: 110 }]);
  const [byUser] = await discoverListeners({ clock: systemClock, platform: 'linux', root: machine.root });
  expect(byUser).toMatchObject({ kind: 'mysql', process: null });
  expect(connections()).toBe(0);
});

test('a server that greets first is left in peace after its greeting', async () => {
  const { port, connections } = await listen(createServer((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')));
  expect(await discoverOne(port)).toMatchObject({ kind: 'unknown', title: 'SSH' });
  expect(connections()).toBe(1);
});

test('a server behind TLS is suggested as a check over https', async () => {
  const complaint = { type: 'text/plain', body: 'Client sent an HTTP request to an HTTPS server.\n', status: 400 };
  const { port } = await listen(createHttpServer(pages({ '/metrics': complaint })));
  expect(await discoverOne(port, 'api')).toMatchObject({
    kind: 'https',
    suggestion: {
      check: { name: 'api', probes: [{ kind: 'http', entry: { url: `https://localhost:${String(port)}/` } }] },
    },
  });
});

test('a silent listener costs its bound and is listed as unknown', async () => {
  const { port } = await listen(createServer());
  const start = systemClock.monotonic();
  expect(await discoverOne(port, 'quiet', { portBoundMs: 300 })).toMatchObject({
    kind: 'unknown',
    title: 'quiet',
    evidence: 'no answer in time',
  });
  expect(systemClock.monotonic() - start).toBeLessThan(1500);
});

test('an answer without an end is cut, and the listener still recognised', async () => {
  const { port } = await listen(
    createHttpServer((_, response) => {
      response.writeHead(200, { 'content-type': TEXT_FORMAT });
      response.write(`redis_up 1\n${'# filler\n'.repeat(20_000)}`);
    }),
  );
  expect(await discoverOne(port)).toMatchObject({ kind: 'exporter', title: 'redis_exporter' });
});

test('a redirect is not followed', async () => {
  const elsewhere = await listen(createHttpServer((_, response) => response.end('secret')));
  const { port } = await listen(
    createHttpServer((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${String(elsewhere.port)}/` }).end(),
    ),
  );
  expect(await discoverOne(port)).toMatchObject({ kind: 'http', evidence: 'HTTP 302' });
  expect(elsewhere.connections()).toBe(0);
});

test('only what loopback reaches is listed, without the excluded ports', async () => {
  const { port, connections } = await listen(createHttpServer(pages({})));
  const machine = machineWith([
    { port, address: '0A01A8C0' },
    { port: port === 65_535 ? port - 1 : port + 1, address: '00000000' },
  ]);
  const found = await discoverListeners({
    clock: systemClock,
    platform: 'linux',
    root: machine.root,
    excludePorts: [port === 65_535 ? port - 1 : port + 1],
  });
  expect(found).toEqual([]);
  expect(connections()).toBe(0);
});

test('elsewhere the listeners come from systeminformation', async () => {
  const { port } = await listen(createHttpServer(pages({ '/healthz': { type: 'text/plain', body: 'ok' } })));
  const connection = { protocol: 'tcp4', localAddress: '*', localPort: String(port), state: 'LISTEN', pid: 77 };
  const found = await discoverListeners({
    clock: systemClock,
    platform: 'darwin',
    root: '/nonexistent',
    systemInformation: () =>
      Promise.resolve({
        networkConnections: () =>
          Promise.resolve([
            { ...connection, process: 'api' },
            { ...connection, state: 'ESTABLISHED' },
            { ...connection, localAddress: '192.168.1.2', localPort: '1' },
          ]),
      } as never),
  });
  expect(found).toMatchObject([{ port, kind: 'health', process: { pid: 77, name: 'api' } }]);
});

test('log files of the usual places are suggested with their size, each once', async () => {
  const machine = createFakeMachine({
    'var/log/syslog': 'a line\n',
    'var/log/nginx/access.log': 'GET /\n',
    'var/log/nginx/error.log': '',
    'var/log/dpkg.log': '12345',
    'var/log/alternatives.log': '123',
    'home/.pm2/logs/api-error.log': 'x',
    'home/.pm2/logs/api-out.log': 'yy',
  });
  disposers.push(() => {
    machine.remove();
  });
  const found = await discoverLogs({ root: machine.root, home: `${machine.root}/home` });
  expect(found.map(({ path, ...rest }) => ({ ...rest, path: path.slice(machine.root.length) }))).toMatchObject([
    { path: '/var/log/syslog', fileCount: 1, sizeBytes: 7, kind: 'log', logType: 'application' },
    { path: '/var/log/nginx/*access*.log', sizeBytes: 6, logType: 'access' },
    { path: '/home/.pm2/logs/*-error.log', sizeBytes: 1, logType: 'error' },
    { path: '/home/.pm2/logs/*.log', fileCount: 1, sizeBytes: 2 },
    { path: '/var/log/*.log', fileCount: 2, sizeBytes: 8 },
  ]);
});
