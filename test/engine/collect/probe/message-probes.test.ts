import type { AddressInfo } from 'node:net';
import { generate, parser } from 'mqtt-packet';
import type { IConnackPacket, IConnectPacket } from 'mqtt-packet';
import { WebSocketServer } from 'ws';
import { afterEach, describe, expect, test } from 'vitest';
import { startGrpcHealthServer } from '../../../doubles/grpc-health-server.ts';
import type { Health } from '../../../doubles/grpc-health-server.ts';
import { startServer } from '../../../doubles/http-server.ts';
import { startTcpServer } from '../../../doubles/tcp-server.ts';
import { ask, detailsOf, valuesOf } from './ask.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe('a WebSocket check', () => {
  async function serving(answer: (text: string) => string): Promise<string> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const said = answer(data.toString('utf8'));
        if (said === '') socket.close();
        else socket.send(said);
      });
    });
    await new Promise<void>((resolve) => server.once('listening', resolve));
    closers.push(() => {
      for (const client of server.clients) client.terminate();
      return new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    });
    return `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  }

  test('is up when a ping is answered, or a message matches', async () => {
    const url = await serving((text) => `echo ${text}`);
    expect(await ask('websocket', { url })).toMatchObject({ outcome: 'up', reason: null });
    const result = await ask('websocket', { url, send: 'hello', expect: '^echo hel+o$' });
    expect(result.outcome).toBe('up');
    expect(detailsOf(result)['answer']).toBe('echo hello');
    expect(valuesOf(result)).toMatchObject({ probe_success: 1, probe_ip_protocol: 4 });
  });

  test('is down when the answer does not match before it hangs up or time is out', async () => {
    let said = 0;
    const closing = await serving(() => (said++ === 0 ? 'no' : ''));
    const settings = { url: closing, send: 'x', expect: '^yes' };
    const result = await ask('websocket', settings, { timeoutMs: 400 });
    expect(result).toMatchObject({ outcome: 'down', reason: { code: 'timeout' } });
    expect(result.reason?.message).toContain('(the last was "no")');
    expect(await ask('websocket', settings)).toMatchObject({ outcome: 'down', reason: { code: 'reset' } });
  });

  test('is down when a web server answers', async () => {
    const server = await startServer((_, response) => response.writeHead(404).end());
    closers.push(() => server.close());
    const result = await ask('websocket', { url: server.url.replace('http:', 'ws:') });
    expect(result).toMatchObject({ outcome: 'down', reason: { code: 'status' } });
    expect(result.reason?.message).toContain('404 Not Found instead of 101');
  });
});

describe('a gRPC check', () => {
  async function serving(answer: (service: string) => Health): Promise<string> {
    const server = await startGrpcHealthServer(answer);
    closers.push(() => server.close());
    return server.address;
  }

  test('is what the server says of the service', async () => {
    const states: Readonly<Record<string, Health>> = {
      '': { status: '0', serving: 1 },
      shop: { status: '0', serving: 2 },
      lost: { status: '5', message: 'unknown service%20lost' },
      open: { status: '0', serving: 0 },
      none: { status: '12' },
      locked: { status: '16' },
      broken: { status: '13', message: 'it %E4%BD%A0 broke 100%' },
    };
    const address = await serving((service) => states[service] ?? { status: '2' });
    const found = await Promise.all(
      Object.keys(states).map(async (service) => {
        const { outcome, reason } = await ask('grpc', { address, service });
        return `${service}: ${outcome} ${reason?.code ?? ''}`;
      }),
    );
    expect(found).toEqual([
      ': up ',
      'shop: down health',
      'lost: down service',
      'open: unknown health',
      'none: unknown unimplemented',
      'locked: unknown credentials',
      'broken: down status',
    ]);
    expect((await ask('grpc', { address, service: 'broken' })).reason?.message).toContain('(it 你 broke 100%)');
    expect(valuesOf(await ask('grpc', { address, service: 'shop' }))).toMatchObject({
      probe_success: 0,
      probe_grpc_ssl: 0,
      probe_grpc_status_code: 0,
      'probe_grpc_healthcheck_response{SERVING}': 0,
      'probe_grpc_healthcheck_response{NOT_SERVING}': 1,
      'probe_grpc_healthcheck_response{UNKNOWN}': 0,
      'probe_grpc_healthcheck_response{SERVICE_UNKNOWN}': 0,
    });
  });

  test('is down when a web server answers', async () => {
    const server = await startServer((_, response) => response.end('hello'));
    closers.push(() => server.close());
    expect(await ask('grpc', { address: server.address })).toMatchObject({
      outcome: 'down',
      reason: { code: 'protocol' },
    });
  });
});

describe('an MQTT check', () => {
  const heard: IConnectPacket[] = [];

  async function broker(answer: (packet: IConnectPacket) => Partial<IConnackPacket>): Promise<string> {
    const server = await startTcpServer((socket) => {
      const reader = parser({ protocolVersion: 4 });
      let version: 3 | 4 | 5 = 4;
      reader.on('packet', (packet) => {
        if (packet.cmd !== 'connect') return;
        heard.push(packet);
        version = packet.protocolVersion ?? 4;
        socket.write(
          generate(
            { cmd: 'connack', sessionPresent: false, returnCode: 0, reasonCode: 0, ...answer(packet) },
            { protocolVersion: version },
          ),
        );
      });
      socket.on('data', (chunk: Buffer) => void reader.parse(chunk));
    });
    closers.push(() => server.close());
    return server.address;
  }

  test('is up with either version, and shows its user', async () => {
    heard.length = 0;
    const address = await broker(({ username, password }) =>
      username === undefined || String(password) === 'secret' ? {} : { returnCode: 4, reasonCode: 0x86 },
    );
    expect(await ask('mqtt', { address })).toMatchObject({ outcome: 'up' });
    const login = { address, version: '5', username: 'ann', password: 'secret', client_id: 'me' };
    expect(await ask('mqtt', login)).toMatchObject({ outcome: 'up' });
    expect(heard.map(({ protocolVersion, clientId }) => [protocolVersion, clientId])).toEqual([
      [4, expect.stringMatching(/^vedette-[\da-f]{8}$/)],
      [5, 'me'],
    ]);
    for (const version of ['3.1.1', '5']) {
      expect(await ask('mqtt', { ...login, version, password: 'wrong' })).toMatchObject({
        outcome: 'unknown',
        reason: { code: 'credentials' },
      });
    }
  });

  test('tells a refusal of the service from one of the client', async () => {
    const verdict = async (answer: Partial<IConnackPacket>, version: string): Promise<string> => {
      const address = await broker(() => answer);
      const result = await ask('mqtt', { address, version });
      const code = answer.reasonCode ?? answer.returnCode;
      expect(valuesOf(result)['vedette_check_mqtt_connack_code']).toBe(code);
      return `${result.outcome} ${result.reason?.code ?? ''}`;
    };
    expect(await verdict({ returnCode: 1 }, '3.1.1')).toBe('unknown version');
    expect(await verdict({ returnCode: 3 }, '3.1.1')).toBe('down unavailable');
    expect(await verdict({ returnCode: 5 }, '3.1.1')).toBe('unknown credentials');
    expect(await verdict({ reasonCode: 0x89 }, '5')).toBe('degraded busy');
    expect(await verdict({ reasonCode: 0x88 }, '5')).toBe('down unavailable');
  });
});
