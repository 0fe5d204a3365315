import { request, type IncomingHttpHeaders } from 'node:http';
import { statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorkplace, runVedette, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';

const CONFIGURATION = 'host: {enabled: false}\n';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request with any header, Host included, which fetch does not allow. */
function ask(
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const mute = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"until":null}' };
const MUTE = '/api/vedette/v1/system/mute';

describe('on loopback', () => {
  let place: Workplace;
  let vedette: Vedette;
  beforeAll(async () => {
    place = makeWorkplace();
    place.write('prometheus.yml', CONFIGURATION);
    vedette = await startVedette({ workplace: place });
  });
  afterAll(async () => {
    await vedette.stop();
    place.remove();
  });

  it.each([
    '/-/healthy',
    '/-/ready',
    '/metrics',
    '/api/v1/query?query=1',
    '/api/v1/targets',
    '/api/vedette/v1/services',
  ])('lets everyone on the machine read %s', async (path) => {
    expect((await ask(`${vedette.url}${path}`)).status).toBe(200);
  });

  it('keeps the token where only its owner can read it', () => {
    expect(statSync(place.path('data/token')).mode & 0o777).toBe(0o600);
    expect(statSync(place.data).mode & 0o077).toBe(0);
  });

  it('asks the token for every write, whatever the carrier', async () => {
    expect((await ask(`${vedette.url}${MUTE}`, mute)).status).toBe(403);
    expect((await ask(`${vedette.url}/rpc/system/mute`, { ...mute, body: '{"json":{"until":null}}' })).status).toBe(
      403,
    );
    const bearer = { ...mute.headers, authorization: `Bearer ${vedette.token}` };
    expect((await ask(`${vedette.url}${MUTE}`, { ...mute, headers: bearer })).status).toBe(200);
  });

  it('refuses the text of the configuration file without the token', async () => {
    const path = `/api/vedette/v1/config/file?${new URLSearchParams({ path: place.path('prometheus.yml') }).toString()}`;
    expect((await ask(`${vedette.url}${path}`)).status).toBe(403);
    expect((await vedette.get(path)).status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example:9777', '127.0.0.1.evil.example'])(
    'refuses the host name "%s", token or not',
    async (host) => {
      const headers = { host, authorization: `Bearer ${vedette.token}` };
      expect((await ask(`${vedette.url}/api/v1/query?query=1`, { headers })).status).toBe(421);
    },
  );

  it.each(['http://evil.example', 'null', 'http://localhost:1', 'https://localhost.evil.example'])(
    'refuses requests of pages from %s, even for reading',
    async (origin) => {
      expect((await ask(`${vedette.url}/api/v1/query?query=1`, { headers: { origin } })).status).toBe(403);
    },
  );

  it('lets a browser in once by the link, by a cookie that no script and no other site gets', async () => {
    const first = await ask(vedette.openLink);
    expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
    const [cookie = ''] = first.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; /);
    expect((await ask(vedette.openLink)).status).toBe(403);

    const headers = { ...mute.headers, cookie: cookie.split(';', 1)[0] ?? '', origin: vedette.url };
    expect((await ask(`${vedette.url}${MUTE}`, { ...mute, headers })).status).toBe(200);
    const foreign = { ...headers, origin: 'http://evil.example' };
    expect((await ask(`${vedette.url}${MUTE}`, { ...mute, headers: foreign })).status).toBe(403);
  });

  it('refuses a data directory that another instance uses, and leaves that one alone', async () => {
    const second = runVedette([
      'serve',
      '--config',
      place.path('prometheus.yml'),
      '--data',
      place.data,
      '--listen',
      '127.0.0.1:0',
    ]);
    expect(await second.ended).toBe(1);
    expect(second.output()).toBe(
      `vedette serve: Another instance of Vedette uses ${place.data}. Stop it, or name another directory with --data.\n`,
    );
    expect((await ask(`${vedette.url}/-/healthy`)).status).toBe(200);
  });

  it('says in one line that its address is taken', async () => {
    const other = makeWorkplace();
    const { host } = new URL(vedette.url);
    const second = runVedette([
      'serve',
      '--config',
      place.path('prometheus.yml'),
      '--data',
      other.data,
      '--listen',
      host,
    ]);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`vedette serve: ${host} is in use by another program`);
    other.remove();
  });
});

it('asks the token for reading too when it is told to', async () => {
  const place = makeWorkplace();
  place.write('prometheus.yml', CONFIGURATION);
  const vedette = await startVedette({ workplace: place, args: ['--closed'] });
  const statuses = await Promise.all(
    [
      '/',
      '/metrics',
      '/api/v1/query?query=1',
      '/api/vedette/v1/services',
      '/api/vedette/v1/openapi.json',
      '/-/healthy',
    ].map(async (path) => (await ask(`${vedette.url}${path}`)).status),
  );
  expect(statuses).toEqual([401, 401, 401, 401, 401, 200]);
  expect((await vedette.get('/api/v1/query?query=1')).status).toBe(200);
  await vedette.stop();
  place.remove();
});

it('asks the token for everything on an address that others can reach', async () => {
  const address = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  const place = makeWorkplace();
  place.write('prometheus.yml', CONFIGURATION);
  const vedette = await startVedette({
    workplace: place,
    args: ['--listen', `${address ?? '0.0.0.0'}:0`, '--allow-host', '127.0.0.1'],
  });
  expect(vedette.log()).toContain('Every request needs the token');
  expect((await ask(`${vedette.url}/api/v1/query?query=1`)).status).toBe(401);
  expect((await vedette.get('/api/v1/query?query=1')).status).toBe(200);
  expect((await ask(vedette.openLink)).status).toBe(303);
  await vedette.stop();
  place.remove();
});
