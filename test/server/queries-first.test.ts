import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { PrometheusPort, PrometheusRequest } from '../../electron/engine/prometheus/endpoint.ts';
import { queriesFirst } from '../../electron/server/queries-first.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A server whose framework only says that it was asked. */
async function serve(ask: PrometheusPort['ask'], openReading = true): Promise<{ url: string; logged: string[] }> {
  const logged: string[] = [];
  const server = createServer(
    queriesFirst((_request, response) => response.end('the framework'), {
      access: { token: 'secret', openReading, allowedHosts: ['127.0.0.1'] },
      prometheus: { ask, write: () => Promise.reject(new Error('nobody writes here')) },
      log: (_level, message) => logged.push(message),
      failureBody: () => '{"code":"FAILED"}',
    }),
  ).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, logged };
}

const reply = (body: string | AsyncIterable<Uint8Array>): ReturnType<PrometheusPort['ask']> =>
  Promise.resolve({ status: 200, contentType: 'application/json', contentEncoding: null, body });

describe('a query', () => {
  it('is answered at once, its form before its address', async () => {
    const asked: PrometheusRequest[] = [];
    const { url } = await serve((request) => {
      asked.push(request);
      return reply('{"degrees":"\u00c2\u00b0"}');
    });
    const body = new URLSearchParams([['query', 'up'], ['datasource', 'far'], ['x', '1']]); // prettier-ignore
    const answer = await fetch(`${url}/api/v1/query_range?x=2&__proto__=3`, { method: 'POST', body });
    // The body came as bytes in a text.
    expect(await answer.text()).toBe('{"degrees":"°"}');
    expect(answer.headers.get('content-length')).toBe('16');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ path: 'api/v1/query_range', dataSource: 'far', acceptsGzip: true });
    expect(Object.entries(asked[0]?.params ?? {})).toEqual([
      ['query', ['up']],
      ['x', ['1', '2']],
      ['__proto__', ['3']],
    ]);
  });

  it.each<[string, string, RequestInit]>([
    ['is another call', '/api/v1/queryx', {}],
    ['is no form', '/api/v1/query', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }],
    ['comes by another method', '/api/v1/query', { method: 'PUT' }],
    ['comes from another site', '/api/v1/query?query=1', { headers: { origin: 'http://evil.example' } }],
    ['brings a wrong token', '/api/v1/query?query=1', { headers: { authorization: 'Bearer wrong' } }],
  ])('goes the ordinary way when it %s', async (_why, path, init) => {
    const { url } = await serve(() => Promise.reject(new Error('it was asked')));
    expect(await (await fetch(url + path, init)).text()).toBe('the framework');
  });

  it('needs the token where reading is not open', async () => {
    const { url } = await serve(() => reply('answered'), false);
    const path = `${url}/api/v1/query?query=1`;
    expect(await (await fetch(path)).text()).toBe('the framework');
    expect(await (await fetch(path, { headers: { authorization: 'Bearer secret' } })).text()).toBe('answered');
  });

  it('that fails says so, and the log says why', async () => {
    const { url, logged } = await serve(() => Promise.reject(new Error('the disk is gone')));
    const answer = await fetch(`${url}/api/v1/query?query=1`);
    expect([answer.status, await answer.text()]).toEqual([500, '{"code":"FAILED"}']);
    expect(logged).toEqual([expect.stringContaining('the disk is gone')]);
  });
});

describe('a long answer', () => {
  it.each(['identity', 'gzip'])('arrives whole though its pieces share their memory (%s)', async (encoding) => {
    const room = Buffer.alloc(100_000);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 30; i++) yield await Promise.resolve(room.fill(String(i % 10)));
    }
    const { url } = await serve(() => reply(pieces()));
    const answer = await fetch(`${url}/api/v1/query?query=1`, { headers: { 'accept-encoding': encoding } });
    const expected = Array.from({ length: 30 }, (_, i) => String(i % 10).repeat(100_000)).join('');
    expect((await answer.text()) === expected).toBe(true);
  });

  it('breaks off where its source does, so that nobody takes a part for the whole', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('a beginning'));
      throw new Error('the thread died');
    }
    const { url, logged } = await serve(() => reply(broken()));
    const answer = await fetch(`${url}/api/v1/query?query=1`, { headers: { 'accept-encoding': 'identity' } });
    await expect(answer.text()).rejects.toThrow();
    expect(logged).toEqual([expect.stringContaining('the thread died')]);
  });

  it('is given up when the client goes away', async () => {
    let endReading = (): void => undefined;
    const ended = new Promise<void>((resolve) => (endReading = resolve));
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield await Promise.resolve(Buffer.alloc(100_000));
      } finally {
        endReading();
      }
    }
    const { url } = await serve(() => reply(endless()));
    const gone = new AbortController();
    const answer = await fetch(`${url}/api/v1/query?query=1`, {
      signal: gone.signal,
      headers: { 'accept-encoding': 'identity' },
    });
    await answer.body?.getReader().read();
    gone.abort();
    await ended;
  });
});
