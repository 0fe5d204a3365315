import { connect } from 'node:net';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { makeCertificate } from '../../../doubles/certificate.ts';
import { startServer } from '../../../doubles/http-server.ts';
import type { Answer, LocalServer } from '../../../doubles/http-server.ts';
import { ask } from './ask.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serving(...args: Parameters<typeof startServer>): Promise<LocalServer> {
  const server = await startServer(...args);
  closers.push(() => server.close());
  return server;
}
const hello: Answer = (_, response) => void response.end('hello');

test('a token is fetched once and shown with each request, and secret headers with it', async () => {
  const tokens = await serving((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{"access_token": "t1", "expires_in": 3600}');
  });
  const target = await serving(hello);
  const oauth2 = { client_id: 'me', client_secret: 's', token_url: tokens.url };
  const http_headers = { 'X-Scope': { values: ['a'], secrets: ['b'] } };
  expect(await ask('http', { url: target.url, oauth2, http_headers })).toMatchObject({ outcome: 'up' });
  expect(target.requests[0]?.headers.authorization).toBe('Bearer t1');
  expect(target.requests[0]?.headersDistinct['x-scope']).toEqual(['a', 'b']);
});

test('a refused token says nothing about the server', async () => {
  const tokens = await serving((_, response) => void response.writeHead(401).end('{"error": "invalid_client"}'));
  const target = await serving(hello);
  const oauth2 = { client_id: 'me', client_secret: 's', token_url: tokens.url };
  const result = await ask('http', { url: target.url, oauth2 });
  expect(result).toMatchObject({ outcome: 'unknown', reason: { code: 'token' } });
  expect(target.requests).toHaveLength(0);
});

test('plain requests are handed to a proxy, unless the host is an exception', async () => {
  const proxy = await serving(hello);
  const proxy_url = proxy.url.replace('//', '//ann:pw@');
  const url = 'http://nowhere.example/x';
  expect(await ask('http', { url, proxy_url })).toMatchObject({ outcome: 'up', http: { finalUrl: url } });
  expect(proxy.requests[0]?.url).toBe(url);
  expect(proxy.requests[0]?.headers.host).toBe('nowhere.example');
  expect(proxy.requests[0]?.headers['proxy-authorization']).toBe('Basic YW5uOnB3');
  const target = await serving(hello);
  expect(await ask('http', { url: target.url, proxy_url, no_proxy: 'other.example' })).toMatchObject({ outcome: 'up' });
  expect(target.requests).toHaveLength(1);
});

test('a secured server is reached through a tunnel, with its phases and its certificate', async () => {
  const certificate = makeCertificate();
  const target = await serving(hello, certificate);
  const proxy = createServer();
  const sockets: Socket[] = [];
  proxy.on('connection', (socket: Socket) => void sockets.push(socket));
  proxy.on('connect', (request, socket) => {
    if (request.url?.startsWith('dead.example') === true) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const [host, port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    onward.pipe(socket).pipe(onward);
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const proxy_url = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  const result = await ask('http', { url: target.url, proxy_url, tls_config: { ca: certificate.authority } });
  expect(result).toMatchObject({ outcome: 'up', certificate: { isTrusted: true } });
  expect(result.phases.connect).toBeGreaterThan(0);
  expect(result.phases.tls).toBeGreaterThan(0);
  const dead = await ask('http', { url: 'https://dead.example/', proxy_url });
  expect(dead).toMatchObject({ outcome: 'down', reason: { code: 'proxy' } });
  await new Promise((resolve) => {
    proxy.close(resolve);
    for (const socket of sockets) socket.destroy();
  });
  const gone = await ask('http', { url: target.url, proxy_url });
  expect(gone).toMatchObject({ outcome: 'unknown', reason: { code: 'proxy' } });
});

test('an answer that is longer than its limit is a failure', async () => {
  const target = await serving(hello);
  expect(await ask('http', { url: target.url, body_size_limit: '5B' })).toMatchObject({ outcome: 'up' });
  const result = await ask('http', { url: target.url, body_size_limit: '4B' });
  expect(result).toMatchObject({ outcome: 'down', reason: { code: 'size' } });
});
