import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { createTargetBuilder } from '../../../../electron/engine/collect/scrape/build-targets.ts';
import type { ScrapeTarget } from '../../../../electron/engine/collect/scrape/build-targets.ts';
import { connectTarget } from '../../../../electron/engine/collect/scrape/fetch-exposition.ts';
import type { FetchResult } from '../../../../electron/engine/collect/scrape/fetch-exposition.ts';
import { createTokenSources } from '../../../../electron/engine/collect/http/http-client.ts';
import type { HttpClientPorts } from '../../../../electron/engine/collect/http/http-client.ts';
import type { ScrapeConfig } from '../../../../electron/engine/config/configuration.ts';
import { DEFAULT_TLS, NO_PROXY } from '../../../../electron/engine/config/http-client.ts';
import type { OAuth2Config } from '../../../../electron/engine/config/http-client.ts';
import { fileSecret, secretFrom } from '../../../../electron/engine/config/secret.ts';
import { makeCertificate } from '../../../doubles/certificate.ts';
import { clientPorts } from '../../../doubles/client-ports.ts';
import { startServer } from '../../../doubles/http-server.ts';
import type { Answer, LocalServer } from '../../../doubles/http-server.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import { scrapeConfig } from '../scrape/scrape-settings.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const exposing: Answer = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/plain' }).end('a 1\n');
};

async function server(answer: Answer): Promise<LocalServer> {
  const started = await startServer(answer);
  closers.push(() => started.close());
  return started;
}

function asking(
  address: string,
  changes: Partial<ScrapeConfig>,
  ports: Partial<HttpClientPorts> = {},
): () => Promise<FetchResult> {
  const target = createTargetBuilder(scrapeConfig(address, changes))([]).targets[0] as ScrapeTarget;
  const connection = connectTarget(target, clientPorts(ports));
  closers.push(() => connection.close());
  return () => connection.fetch(new AbortController().signal);
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'vedette-client-'));
  closers.push(() => rmSync(path, { recursive: true }));
  return path;
}

async function listening(one: Server): Promise<number> {
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => one.close(resolve)));
  return (one.address() as AddressInfo).port;
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  return new URLSearchParams(text);
}

describe('OAuth 2.0', () => {
  interface Grant {
    readonly authorization: string | undefined;
    readonly form: Readonly<Record<string, string>>;
  }

  async function tokenServer(
    accepts: 'header' | 'body',
    expiresIn: number | null,
  ): Promise<{ url: string; grants: Grant[] }> {
    const grants: Grant[] = [];
    const tokens = await server((request, response) => {
      void bodyOf(request).then((form) => {
        grants.push({ authorization: request.headers.authorization, form: Object.fromEntries(form) });
        const isGood = accepts === 'header' ? request.headers.authorization !== undefined : form.has('client_secret');
        const body = isGood
          ? {
              access_token: `token-${String(grants.length)}`,
              token_type: 'bearer',
              ...(expiresIn === null ? {} : { expires_in: expiresIn }),
            }
          : { error: 'invalid_client' };
        response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    return { url: `${tokens.url}/token`, grants };
  }

  const oauth2 = (tokenUrl: string, secret = secretFrom('s:ecret')): OAuth2Config => ({
    clientId: 'vedette',
    clientSecret: secret,
    scopes: ['read', 'write'],
    tokenUrl,
    endpointParams: { audience: 'metrics' },
    tls: DEFAULT_TLS,
    proxy: NO_PROXY,
  });

  test('a token is fetched once and again shortly before it runs out', async () => {
    const [{ url, grants }, target] = [await tokenServer('header', 60), await server(exposing)];
    const clock = createManualClock(0);
    const ask = asking(target.address, { oauth2: oauth2(url) }, { clock });
    await ask();
    await ask();
    clock.advance(49_000);
    await ask();
    clock.advance(2_000);
    expect(await ask()).toMatchObject({ ok: true });
    expect(target.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-2',
    ]);
    expect(grants[0]).toEqual({
      authorization: `Basic ${Buffer.from('vedette:s%3Aecret').toString('base64')}`,
      form: { grant_type: 'client_credentials', scope: 'read write', audience: 'metrics' },
    });
  });

  test('all targets of a job have one token in common', async () => {
    const [{ url, grants }, target] = [await tokenServer('header', null), await server(exposing)];
    const config = oauth2(url);
    const ports = clientPorts();
    const tokenSources = createTokenSources(ports);
    closers.push(() => tokenSources.keepOnly([]));
    const asks = Array.from({ length: 5 }, () => asking(target.address, { oauth2: config }, { tokenSources }));
    await Promise.all(asks.map((ask) => ask()));
    expect(target.requests.map(({ headers }) => headers.authorization)).toEqual(Array(5).fill('Bearer token-1'));
    expect(grants).toHaveLength(1);
  });

  test('a server that wants the secret in the body gets it there, and at once the next time', async () => {
    const [{ url, grants }, target] = [await tokenServer('body', 11), await server(exposing)];
    const clock = createManualClock(0);
    const ask = asking(target.address, { oauth2: oauth2(url) }, { clock });
    expect(await ask()).toMatchObject({ ok: true });
    clock.advance(2_000);
    expect(await ask()).toMatchObject({ ok: true });
    expect(grants.map(({ form }) => form['client_secret'] ?? null)).toEqual([null, 's:ecret', 's:ecret']);
  });

  test('a refused client is told with what the server said', async () => {
    const [{ url }, target] = [await tokenServer('header', null), await server(exposing)];
    const refusing = await server((_, response) => {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_scope"}');
    });
    const answer = await asking(target.address, { oauth2: oauth2(`${refusing.url}/token`) })();
    expect(answer).toMatchObject({
      ok: false,
      message: expect.stringMatching(/answered 400 \(invalid_scope\)/) as string,
    });
    expect(target.requests).toHaveLength(0);
    const file = join(folder(), 'secret');
    const missing = await asking(target.address, { oauth2: oauth2(url, fileSecret(file)) })();
    expect(missing).toMatchObject({ ok: false, message: expect.stringContaining(file) as string });
  });
});

test('names and passwords come from files at each request, headers are sent several times', async () => {
  const target = await server(exposing);
  const [name, password] = [join(folder(), 'name'), join(folder(), 'password')];
  writeFileSync(name, 'me\n');
  writeFileSync(password, 'one\n');
  const ask = asking(
    target.address,
    {
      basicAuth: { username: '', usernameFile: name, password: fileSecret(password) },
      httpHeaders: { 'X-Scope': [secretFrom('a'), secretFrom('${env:SCOPE}')] },
    },
    { environment: { SCOPE: 'b' } },
  );
  await ask();
  writeFileSync(password, 'two\n');
  await ask();
  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;
  expect(target.requests.map(({ headers }) => headers.authorization)).toEqual([basic('me:one'), basic('me:two')]);
  expect(target.requests[0]?.headersDistinct['x-scope']).toEqual(['a', 'b']);
});

test('neither credentials nor secret headers follow a redirect to another host', async () => {
  const second = await server(exposing);
  const first = await server((_, response) => {
    response.writeHead(302, { location: `http://localhost:${second.address.split(':')[1] ?? ''}/metrics` }).end();
  });
  const changes = {
    httpHeaders: { 'X-Key': [secretFrom('k')] },
    authorization: { type: 'Bearer', credentials: secretFrom('t') },
  };
  expect(await asking(first.address, changes)()).toMatchObject({ ok: true });
  expect(first.requests[0]?.headers).toMatchObject({ 'x-key': 'k', authorization: 'Bearer t' });
  expect(second.requests[0]?.headers).not.toHaveProperty('x-key');
  expect(second.requests[0]?.headers).not.toHaveProperty('authorization');
});

test('a client certificate is shown, and a renewed one counts at the next scrape', async () => {
  const [own, client, renewed] = [makeCertificate(), makeCertificate(), makeCertificate()];
  const fingerprints: string[] = [];
  const secure = createSecureServer(
    {
      key: own.key,
      cert: own.chain,
      ca: [client.authority, renewed.authority],
      requestCert: true,
      maxVersion: 'TLSv1.2',
    },
    (request, response) => {
      fingerprints.push((request.socket as TLSSocket).getPeerCertificate().fingerprint256);
      exposing(request, response);
    },
  );
  const address = `127.0.0.1:${String(await listening(secure))}`;
  const place = folder();
  const [certFile, keyFile] = [join(place, 'cert.pem'), join(place, 'key.pem')];
  const write = ({ chain, key }: typeof client): void => {
    writeFileSync(certFile, chain);
    writeFileSync(keyFile, key);
  };
  write(client);
  const tls = { ...DEFAULT_TLS, ca: own.authority, certFile, key: fileSecret(keyFile) };
  const ask = asking(address, { scheme: 'https', tls });
  expect(await ask()).toMatchObject({ ok: true });
  write(renewed);
  expect(await ask()).toMatchObject({ ok: true });
  expect(new Set(fingerprints).size).toBe(2);
  // The server speaks at most 1.2.
  const strict = await asking(address, { scheme: 'https', tls: { ...tls, minVersion: 'TLSv1.3' } })();
  expect(strict).toMatchObject({ ok: false });
});

describe('a proxy', () => {
  test('gets plain requests whole, with its own credentials', async () => {
    const proxy = await server(exposing);
    const url = secretFrom(`http://user:p%40ss@${proxy.address}`);
    expect(await asking('metrics.invalid:9100', { proxy: { ...NO_PROXY, url } })()).toMatchObject({ ok: true });
    expect(proxy.requests[0]?.url).toBe('http://metrics.invalid:9100/metrics');
    expect(proxy.requests[0]?.headers).toMatchObject({
      host: 'metrics.invalid:9100',
      'proxy-authorization': `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    });
  });

  test('opens a tunnel to HTTPS targets, with the configured headers', async () => {
    const certificate = makeCertificate({ names: 'DNS:metrics.invalid' });
    const target = await startServer(exposing, certificate);
    closers.push(() => target.close());
    const asked: IncomingMessage[] = [];
    const proxy = createHttpServer().on('connect', (request, socket) => {
      asked.push(request);
      const upstream = connect(Number(target.address.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [upstream, socket]) end.on('error', () => undefined);
    });
    const port = await listening(proxy);
    const config = {
      ...NO_PROXY,
      url: secretFrom(`http://127.0.0.1:${String(port)}`),
      connectHeaders: { 'X-Pass': [secretFrom('open')] },
    };
    const changes = { scheme: 'https', proxy: config, tls: { ...DEFAULT_TLS, ca: certificate.authority } } as const;
    expect(await asking('metrics.invalid:443', changes)()).toMatchObject({ ok: true });
    expect(asked[0]?.url).toBe('metrics.invalid:443');
    expect(asked[0]?.headers['x-pass']).toBe('open');
  });

  test('that refuses, or is not there, is told from the target', async () => {
    const refusing = createHttpServer().on('connect', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
    const port = await listening(refusing);
    const through = (one: number): Partial<ScrapeConfig> => ({
      scheme: 'https',
      proxy: { ...NO_PROXY, url: secretFrom(`http://127.0.0.1:${String(one)}`) },
    });
    expect(await asking('metrics.invalid:443', through(port))()).toMatchObject({
      ok: false,
      message: expect.stringContaining(
        `the proxy 127.0.0.1:${String(port)} answered 403 Forbidden to CONNECT`,
      ) as string,
    });
    expect(await asking('metrics.invalid:443', through(1))()).toMatchObject({
      ok: false,
      message: expect.stringContaining('the proxy 127.0.0.1:1 cannot be reached') as string,
    });
  });

  test('that speaks SOCKS 5 resolves the name', async () => {
    const target = await server(exposing);
    const names: string[] = [];
    const proxy = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(Buffer.from([5, 0]));
        socket.once('data', (asked) => {
          names.push(asked.subarray(5, 5 + (asked[4] ?? 0)).toString());
          const upstream = connect(Number(target.address.split(':')[1]), '127.0.0.1', () => {
            socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
            upstream.pipe(socket).pipe(upstream);
          });
          upstream.on('error', () => undefined);
        });
      });
    });
    const port = await listening(proxy);
    const url = secretFrom(`socks5://127.0.0.1:${String(port)}`);
    expect(await asking('metrics.invalid:9100', { proxy: { ...NO_PROXY, url } })()).toMatchObject({ ok: true });
    expect(names).toEqual(['metrics.invalid']);
  });
});
