import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpProbe } from '../../../../electron/engine/collect/probe/http-probe.ts';
import type { ProbeResult } from '../../../../electron/engine/collect/probe/probe.ts';
import type { HttpCheckConfig } from '../../../../electron/engine/config/index.ts';
import { makeCertificate } from '../../../doubles/certificate.ts';
import type { Certificate } from '../../../doubles/certificate.ts';
import { startServer } from '../../../doubles/http-server.ts';
import type { Answer, LocalServer } from '../../../doubles/http-server.ts';
import { ask as askProbe } from './ask.ts';
import { httpConfig, probePorts } from './check-settings.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serving(answer: Answer, certificate?: Certificate): Promise<LocalServer> {
  const server = await startServer(answer, certificate);
  closers.push(() => server.close());
  return server;
}

function ask(
  url: string,
  http: Partial<HttpCheckConfig> = {},
  signal = new AbortController().signal,
): Promise<ProbeResult> {
  return createHttpProbe(httpConfig(url, http), 10_000, probePorts).run(signal);
}

/** Values by name, with labels other than the name in braces. */
function samplesOf({ samples }: ProbeResult): Record<string, number> {
  return Object.fromEntries(
    samples.map(({ name, labels, value }) => {
      const words = Object.values(labels);
      return [words.length > 0 ? `${name}{${words.join()}}` : name, value];
    }),
  );
}

const saying =
  (status: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);

test('a good answer is up, with facts and the series of blackbox_exporter', async () => {
  const server = await serving(saying(200, 'hello', { 'content-length': '5' }));
  const result = await ask(`${server.url}/health`);
  expect(result).toMatchObject({
    outcome: 'up',
    reason: null,
    http: { status: 200, httpVersion: '1.1', bodyBytes: 5, redirects: 0, remoteAddress: '127.0.0.1', excerpt: null },
  });
  expect(samplesOf(result)).toMatchObject({
    probe_success: 1,
    probe_http_status_code: 200,
    probe_http_version: 1.1,
    probe_http_ssl: 0,
    probe_http_redirects: 0,
    probe_http_content_length: 5,
    probe_http_uncompressed_body_length: 5,
    probe_ip_protocol: 4,
    probe_dns_lookup_time_seconds: 0,
    'probe_http_duration_seconds{resolve}': 0,
    'probe_http_duration_seconds{tls}': 0,
  });
  expect(server.requests[0]?.headers).toMatchObject({ 'user-agent': 'Vedette/test', connection: 'close' });
});

test('the phases are those of the connection, and they add up', async () => {
  const server = await serving(
    (_, response) => {
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.write('a');
        setTimeout(() => response.end('b'), 40);
      }, 60);
    },
    makeCertificate({ names: 'DNS:localhost' }),
  );
  const url = server.url.replace('127.0.0.1', 'localhost');
  const { phases, durationMs, outcome } = await ask(url, { insecureSkipVerify: true });
  expect(outcome).toBe('up');
  expect(phases.resolve).toBeGreaterThan(0);
  expect(phases.connect).toBeGreaterThan(0);
  expect(phases.tls).toBeGreaterThan(0);
  expect(phases.processing).toBeGreaterThan(50);
  expect(phases.transfer).toBeGreaterThan(30);
  const sum = Object.values(phases).reduce((a, b) => a + b);
  expect(sum).toBeLessThanOrEqual(durationMs + 0.001);
  expect(sum).toBeGreaterThan(durationMs / 2);
});

test('each probe opens a connection of its own', async () => {
  const server = await serving(saying(200));
  await ask(server.url);
  await ask(server.url);
  expect(new Set(server.requests.map((request) => request.socket)).size).toBe(2);
});

test.each<[string[], number, string]>([
  [['2xx'], 204, 'up'],
  [['2xx'], 301, 'down'],
  [['204', '404'], 404, 'up'],
  [['200-299', '401'], 250, 'up'],
  [['200-299'], 300, 'down'],
])('accepting %j, an answer of %i is %s', async (status, code, outcome) => {
  const server = await serving(saying(code, code === 204 ? '' : 'words\u0007 of\n the  server'));
  const result = await ask(server.url, { status });
  expect(result.outcome).toBe(outcome);
  if (outcome === 'down') {
    expect(result.reason).toMatchObject({
      code: 'status',
      message: expect.stringContaining(`answered ${String(code)}`) as string,
    });
    expect(result.http?.excerpt).toBe('words of the server');
    expect(samplesOf(result)).toMatchObject({ probe_success: 0, probe_http_status_code: code });
  }
});

test('method, headers and body are sent', async () => {
  let body = '';
  const server = await serving((request, response) => {
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => response.end());
  });
  await ask(server.url, {
    method: 'POST',
    body: '{"a":1}',
    headers: { 'Content-Type': 'application/json', 'X-A': 'b' },
  });
  const { method, headers } = server.requests[0] ?? {};
  expect([method, body, headers?.['x-a'], headers?.['content-length']]).toEqual(['POST', '{"a":1}', 'b', '7']);
});

test('a keyword must be there, also in a compressed answer', async () => {
  const server = await serving(saying(200, gzipSync('all is well').toString('latin1')));
  await server.close();
  const packed = await serving((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('all is well'));
  });
  expect((await ask(packed.url, { keyword: 'well' })).outcome).toBe('up');
  const result = await ask(packed.url, { keyword: 'ill-' });
  expect(result.reason).toEqual({ code: 'keyword', message: `The answer of ${packed.url}/ does not contain "ill-".` });
  expect(samplesOf(result)).toMatchObject({ probe_failed_due_to_regex: 1 });
  const broken = await serving(saying(200, 'not gzip', { 'content-encoding': 'gzip' }));
  expect((await ask(broken.url)).reason?.code).toBe('encoding');
});

test.each<[string[], string, RegExp | null]>([
  [['$.status == "ok"'], '{"status":"ok"}', null],
  [['$.a.b > 3', '$.list[*].n <= 2'], '{"a":{"b":3.5},"list":[{"n":1},{"n":2}]}', null],
  [['$.list[?@.x == 1].y != "bad"'], '{"list":[{"x":1,"y":"good"},{"x":2,"y":"bad"}]}', null],
  [['$.a'], '{"a":null}', null],
  [['$.queue < 100'], '{}', /\$\.queue is missing/],
  [['$.n >= 5'], '{"n":"7"}', /\$\.n is "7"/],
  [['$.n == 5', '$.m == 1'], '{"n":4,"m":2}', /\$\.n is 4; .*\$\.m is 2/],
  [['$.n == 5'], '<html>', /is no JSON/],
])('the conditions %j over %s', async (json, body, message) => {
  const server = await serving(saying(200, body));
  const { outcome, reason } = await ask(server.url, { json });
  expect(outcome).toBe(message ? 'down' : 'up');
  if (message) expect(reason).toMatchObject({ code: 'json', message: expect.stringMatching(message) as string });
});

test('a condition that cannot be read blames nobody', async () => {
  const server = await serving(saying(200, '{}'));
  expect(await ask(server.url, { json: ['$.a == ok'] })).toMatchObject({
    outcome: 'unknown',
    reason: { code: 'condition' },
  });
});

test('a health document decides where the status does not: a 200 that says Degraded is degraded', async () => {
  const server = await serving(saying(200, 'Degraded'));
  const result = await ask(server.url);
  expect(result).toMatchObject({
    outcome: 'degraded',
    reason: { code: 'health' },
    health: { format: 'aspnet' },
  });
  expect(samplesOf(result)).toMatchObject({ probe_success: 1 });
});

test('a 503 is read for what it says', async () => {
  const body =
    '{"status":"DOWN","components":{"db":{"status":"DOWN","details":{"error":"no route"}},"disk":{"status":"UP"}}}';
  const server = await serving(saying(503, body, { 'content-type': 'application/json' }));
  const result = await ask(server.url);
  expect(result).toMatchObject({ outcome: 'down', reason: { code: 'status' } });
  expect(result.reason?.message).toContain('It says that it is down: db is down (no route).');
  expect(samplesOf(result)).toMatchObject({
    'vedette_check_component_ok{db}': 0,
    'vedette_check_component_ok{disk}': 1,
  });
});

test('redirects are followed, credentials stay with their origin, and a circle ends', async () => {
  const other = await serving(saying(200, 'there'));
  const first = await serving((request, response) => {
    if (request.url === '/circle') response.writeHead(302, { location: '/circle' }).end();
    else if (request.url === '/file') response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    else response.writeHead(303, { location: `${other.url}/there` }).end();
  });
  const secret = { headers: { Authorization: 'Bearer x' }, method: 'POST', body: 'data' };
  const result = await ask(first.url, { ...secret, keyword: 'there' });
  expect(result).toMatchObject({ outcome: 'up', http: { redirects: 1, finalUrl: `${other.url}/there` } });
  expect(samplesOf(result)).toMatchObject({ probe_http_redirects: 1 });
  expect(other.requests[0]?.method).toBe('GET');
  expect(other.requests[0]?.headers.authorization).toBeUndefined();
  expect((await ask(`${first.url}/circle`)).reason?.message).toMatch(/redirects more than 10 times/);
  expect((await ask(`${first.url}/file`)).reason?.message).toMatch(/redirects to file:/);
  expect((await ask(first.url, { followRedirects: false })).reason?.code).toBe('status');
  expect((await ask(first.url, { followRedirects: false, status: ['303'] })).outcome).toBe('up');
});

test('an untrusted certificate is down with its reason, is described, and sees no request', async () => {
  const server = await serving(saying(200), makeCertificate({ days: 20 }));
  const result = await ask(server.url, { headers: { Authorization: 'Bearer secret' } });
  expect(result).toMatchObject({ outcome: 'down', reason: { code: 'tls' } });
  expect(result.reason?.message).toMatch(/its certificate is self-signed/);
  expect(result.certificate).toMatchObject({
    subject: 'test leaf',
    isTrusted: false,
    distrust: 'its certificate is self-signed',
  });
  expect(samplesOf(result)).toMatchObject({ probe_http_ssl: 1, vedette_check_certificate_trusted: 0 });
  expect(server.requests).toHaveLength(0);
});

test('the earliest expiry of the chain is told beside that of the certificate itself', async () => {
  const server = await serving(saying(200), makeCertificate({ days: 20, authorityDays: 5 }));
  const result = await ask(server.url, { insecureSkipVerify: true });
  expect(result.outcome).toBe('up');
  const { leafExpiresAt = 0, earliestExpiresAt = 0, distrust } = result.certificate ?? {};
  expect(Math.round((leafExpiresAt - Date.now()) / 86_400_000)).toBe(20);
  expect(Math.round((earliestExpiresAt - Date.now()) / 86_400_000)).toBe(5);
  expect(distrust).toMatch(/authority that is not trusted/);
  expect(samplesOf(result)).toMatchObject({ probe_ssl_earliest_cert_expiry: earliestExpiresAt / 1000 });
});

test('a certificate for another name is named as such', async () => {
  const server = await serving(saying(200), makeCertificate({ names: 'DNS:elsewhere.example' }));
  const { certificate, reason } = await ask(server.url);
  expect(certificate?.isTrusted).toBe(false);
  expect(reason?.code).toBe('tls');
});

test.each<[string, Answer, string, RegExp]>([
  ['never answers', () => undefined, 'processing', /took the request and did not answer within 10 s/],
  [
    'drips its answer',
    (_, response) => {
      response.writeHead(200);
      response.write('a');
    },
    'transfer',
    /began to answer and did not finish within 10 s/,
  ],
])('one time limit covers a server that %s', async (_, answer, phase, message) => {
  const server = await serving((request, response) => {
    answer(request, response);
    setTimeout(() => {
      controller.abort(new DOMException('late', 'TimeoutError'));
    }, 30);
  });
  const controller = new AbortController();
  const result = await ask(server.url, {}, controller.signal);
  expect(result).toMatchObject({ outcome: 'down', reason: { code: 'timeout' } });
  expect(result.reason?.message).toMatch(message);
  expect(result.phases[phase as 'transfer']).toBeGreaterThan(10);
});

test('a server that hangs up, one that speaks no HTTP and a closed port are told apart', async () => {
  const rude = await serving((request) => request.socket.destroy());
  expect((await ask(rude.url)).reason).toMatchObject({ code: 'reset' });
  const cut = await serving((request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('a', () => request.socket.destroy());
  });
  expect((await ask(cut.url)).reason).toMatchObject({ code: 'reset' });
  const foreign = createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH_9.2\r\n'));
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  const { port } = foreign.address() as AddressInfo;
  expect((await ask(`http://127.0.0.1:${String(port)}/`)).reason).toMatchObject({ code: 'protocol' });
  expect((await ask(`https://127.0.0.1:${String(port)}/`)).reason).toMatchObject({ code: 'tls' });
  await new Promise((resolve) => foreign.close(resolve));
  const refused = await ask(`http://127.0.0.1:${String(port)}/`);
  expect(refused).toMatchObject({ outcome: 'down', reason: { code: 'refused' }, http: { status: null } });
  expect(samplesOf(refused)).toMatchObject({ probe_success: 0, probe_http_status_code: 0 });
});

test('a fault of our own network is unknown, and writes no probe_success', async () => {
  // Reserved for documentation: nothing answers there, and most machines have no route to it.
  const result = await ask('http://[2001:db8::1]:9/', {}, AbortSignal.timeout(2000));
  if (result.outcome === 'down') expect(['unreachable', 'refused', 'timeout']).toContain(result.reason?.code);
  else {
    expect(result).toMatchObject({ outcome: 'unknown', reason: { code: 'network' } });
    expect(samplesOf(result)).not.toHaveProperty('probe_success');
  }
});

test('an endless answer is read up to a limit', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  const server = await serving((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  const result = await ask(server.url);
  expect(result).toMatchObject({ outcome: 'up', http: { bodyBytes: 10 * 1024 * 1024 } });
});

describe('what an answer is judged by', () => {
  const verdict = async (settings: object, answer: Answer, certificate?: Certificate): Promise<string> => {
    const server = await serving(answer, certificate);
    const { outcome, reason } = await askProbe('http', { url: server.url, ...settings });
    return `${outcome} ${reason?.code ?? ''}`.trim();
  };
  const page = saying(200, 'All is well, mostly.', { 'x-version': '2.4', 'set-cookie': 'a=1' });

  test.each([
    [{ keyword_absent: 'error' }, 'up'],
    [{ keyword_absent: 'mostly' }, 'down keyword'],
    [{ fail_if_body_not_matches_regexp: ['^All', 'mostly\\.$'] }, 'up'],
    [{ fail_if_body_not_matches_regexp: ['nothing'] }, 'down regexp'],
    [{ fail_if_body_matches_regexp: ['(?i)WELL'] }, 'down regexp'],
    [{ fail_if_header_not_matches: [{ header: 'X-Version', regexp: '^2\\.' }] }, 'up'],
    [{ fail_if_header_not_matches: [{ header: 'X-Version', regexp: '^3\\.' }] }, 'down header'],
    [{ fail_if_header_matches: [{ header: 'Set-Cookie', regexp: 'a=' }] }, 'down header'],
    [{ fail_if_header_matches: [{ header: 'X-Other', regexp: 'a' }] }, 'down header'],
    [{ fail_if_header_matches: [{ header: 'X-Other', regexp: 'a', allow_missing: true }] }, 'up'],
    [{ valid_http_versions: ['HTTP/2.0'] }, 'down version'],
    [{ valid_http_versions: ['HTTP/1.1', 'HTTP/2.0'] }, 'up'],
    [{ fail_if_not_ssl: true }, 'down security'],
    [{ fail_if_ssl: true }, 'up'],
    [{ valid_status_codes: [404, 410] }, 'down status'],
    [{ max_latency: '0ms' }, 'degraded latency'],
    [{ max_latency: '1h' }, 'up'],
  ])('by %j: %s', async (settings, expected) => {
    expect(await verdict(settings, page)).toBe(expected);
  });

  test('a health document counts unless that is switched off', async () => {
    const failing = saying(200, '{"status":"fail"}', { 'content-type': 'application/health+json' });
    expect(await verdict({}, failing)).toBe('down health');
    expect(await verdict({ health: false }, failing)).toBe('up');
  });

  test('a certificate that expires soon is degraded, and its own authority can be trusted', async () => {
    const certificate = makeCertificate({ days: 20, authorityDays: 400 });
    const tls_config = { ca: certificate.authority };
    expect(await verdict({ tls_config, certificate_expiry: '7d' }, page, certificate)).toBe('up');
    expect(await verdict({ tls_config, certificate_expiry: '30d' }, page, certificate)).toBe('degraded certificate');
    expect(await verdict({}, page, certificate)).toBe('down tls');
  });

  test('secrets are put into the request, and one that is missing is not the fault of the service', async () => {
    const seen: (string | undefined)[] = [];
    const guarded: Answer = (request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(request.headers.authorization === undefined ? 401 : 200).end();
    };
    expect(await verdict({ basic_auth: { username: 'ann', password: 'p:w' } }, guarded)).toBe('up');
    expect(await verdict({ authorization: { credentials: 'token' } }, guarded)).toBe('up');
    expect(await verdict({}, guarded)).toBe('down status');
    expect(await verdict({ bearer_token: '${env:NOBODY_SET_THIS}' }, guarded)).toBe('unknown secret');
    expect(seen).toEqual([`Basic ${Buffer.from('ann:p:w').toString('base64')}`, 'Bearer token', undefined]);
  });
});
