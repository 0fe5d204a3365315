import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { buildTargets } from '../../../../electron/engine/collect/scrape/build-targets.ts';
import type { ScrapeTarget } from '../../../../electron/engine/collect/scrape/build-targets.ts';
import { connectTarget } from '../../../../electron/engine/collect/scrape/fetch-exposition.ts';
import { createColumns } from '../../../../electron/engine/collect/scrape/parse-exposition.ts';
import { createTargetScraper } from '../../../../electron/engine/collect/scrape/scrape-target.ts';
import type { TargetScraper } from '../../../../electron/engine/collect/scrape/scrape-target.ts';
import type { TrackedSeries } from '../../../../electron/engine/collect/scrape/tracked-series.ts';
import type { ScrapeConfig } from '../../../../electron/engine/config/configuration.ts';
import { secretFrom } from '../../../../electron/engine/config/secret.ts';
import { createArraySink } from '../../../doubles/array-sink.ts';
import type { ArraySink } from '../../../doubles/array-sink.ts';
import { makeCertificate } from '../../../doubles/certificate.ts';
import type { Certificate } from '../../../doubles/certificate.ts';
import { startServer } from '../../../doubles/http-server.ts';
import type { Answer, LocalServer } from '../../../doubles/http-server.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import { scrapeConfig } from './scrape-settings.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Stage {
  readonly server: LocalServer;
  readonly sink: ArraySink;
  readonly scraper: TargetScraper;
  /** Scrape once at a time in seconds; the signal ends it. */
  readonly scrape: (atSeconds: number, signal?: AbortSignal) => Promise<Record<string, number | 'stale'>>;
}

async function stage(answer: Answer, changes: Partial<ScrapeConfig> = {}, certificate?: Certificate): Promise<Stage> {
  const server = await startServer(answer, certificate);
  closers.push(() => server.close());
  return { server, ...scraperFor(server.address, changes) };
}

function scraperFor(address: string, changes: Partial<ScrapeConfig> = {}): Omit<Stage, 'server'> {
  const target = buildTargets([scrapeConfig(address, changes)]).targets[0] as ScrapeTarget;
  const sink = createArraySink();
  const connection = connectTarget(
    target,
    (secret) =>
      Promise.resolve(
        secret.kind === 'inline'
          ? { ok: true, value: secret.reveal() }
          : { ok: false, message: 'The environment variable TOKEN is not set.' },
      ),
    'Vedette/test',
  );
  closers.push(() => {
    connection.close();
  });
  const clock = createManualClock(0);
  const scraper = createTargetScraper({ target, connection, sink, columns: createColumns<TrackedSeries>(), clock });
  return {
    sink,
    scraper,
    async scrape(atSeconds, signal = new AbortController().signal) {
      await scraper.scrape({ scheduledAt: atSeconds * 1000, lateMs: 0, signal });
      const written = Object.entries(sink.at(atSeconds * 1000));
      const labels = `instance="${address}", job="app"`;
      return Object.fromEntries(
        written.map(([series, value]) => [series.replace(labels, '…').replace('{…}', ''), value]),
      );
    },
  };
}

/** Answers the texts one after another, then the last again. */
function texts(...bodies: readonly string[]): Answer {
  let next = 0;
  return (_, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    response.end(bodies[Math.min(next++, bodies.length - 1)]);
  };
}

const FINE = { up: 1, scrape_duration_seconds: 0 };
const DOWN = {
  up: 0,
  scrape_duration_seconds: 0,
  scrape_samples_scraped: 0,
  scrape_samples_post_metric_relabeling: 0,
  scrape_series_added: 0,
};
const counts = (scraped: number, added: number): Record<string, number> => ({
  scrape_samples_scraped: scraped,
  scrape_samples_post_metric_relabeling: scraped,
  scrape_series_added: added,
});

test('a scrape writes the samples with the labels of the target, and the series about itself', async () => {
  const { scrape, scraper } = await stage(texts('# TYPE a gauge\na{x="1"} 1\na{x="2"} 2\n'));
  expect(await scrape(15)).toEqual({ ...FINE, ...counts(2, 2), 'a{…, x="1"}': 1, 'a{…, x="2"}': 2 });
  expect(await scrape(30)).toEqual({ ...FINE, ...counts(2, 0), 'a{…, x="1"}': 1, 'a{…, x="2"}': 2 });
  expect(scraper.state()).toMatchObject({ health: 'up', lastError: '', lastScrapeAt: 30_000, samples: 2 });
  expect(scraper.metadata.get('a')?.type).toBe('gauge');
});

test('the request says what Prometheus says', async () => {
  const { server, scrape } = await stage(texts('a 1\n'), {
    params: { module: ['http_2xx'], target: ['a b', 'c'] },
    headers: { 'X-Scope': 'team' },
    basicAuth: { username: 'me', password: secretFrom('pa:ss') },
  });
  await scrape(15);
  const { url, headers, method } = server.requests[0] ?? {};
  expect([method, url]).toEqual(['GET', '/metrics?module=http_2xx&target=a+b&target=c']);
  expect(headers).toMatchObject({
    accept:
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,' +
      'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    'accept-encoding': 'gzip',
    'x-prometheus-scrape-timeout-seconds': '10',
    'user-agent': 'Vedette/test',
    'x-scope': 'team',
    authorization: `Basic ${Buffer.from('me:pa:ss').toString('base64')}`,
  });
});

test('a secret that cannot be read fails the scrape without asking', async () => {
  const { server, scrape, scraper } = await stage(texts('a 1\n'), {
    authorization: { type: 'Bearer', credentials: { kind: 'environment', name: 'TOKEN' } },
  });
  expect(await scrape(15)).toEqual(DOWN);
  expect(scraper.state().lastError).toMatch(/was not asked: The environment variable TOKEN is not set\./);
  expect(server.requests).toHaveLength(0);
});

test('a compressed answer is read, and the size limit counts what it becomes', async () => {
  const body = `# HELP a ${'x'.repeat(100_000)}\na 1\n`;
  const answer: Answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
    response.end(gzipSync(body));
  };
  expect(await (await stage(answer)).scrape(15)).toEqual({ ...FINE, ...counts(1, 1), a: 1 });
  const limited = await stage(answer, { bodySizeLimitBytes: 50_000 });
  expect(await limited.scrape(15)).toEqual(DOWN);
  expect(limited.scraper.state().lastError).toMatch(/more than 50000 bytes.*body_size_limit/);
});

test('connections are kept between scrapes', async () => {
  const { server, scrape } = await stage(texts('a 1\n'));
  await scrape(15);
  await scrape(30);
  expect(new Set(server.requests.map((request) => request.socket)).size).toBe(1);
});

test('a series that vanishes ends with a stale marker, once, and may come back', async () => {
  const { scrape } = await stage(texts('a 1\nb 2\n', 'a 1\n', 'a 1\n', 'b 3\na 1\n'));
  await scrape(15);
  expect(await scrape(30)).toEqual({ ...FINE, ...counts(1, 0), a: 1, b: 'stale' });
  expect(await scrape(45)).toEqual({ ...FINE, ...counts(1, 0), a: 1 });
  expect(await scrape(60)).toEqual({ ...FINE, ...counts(2, 1), a: 1, b: 3 });
});

test('scrapes with the same lines go on as those with other lines do, whatever comes between', async () => {
  const both = 'a{x="1"} 1\na{x="2"} 2\n';
  const { scrape } = await stage(
    texts(both, both, 'a{x="1"} 3\n', both, both, 'a{', both, both, `${both}a{x="1"} 9\n`),
  );
  const first = { 'a{…, x="1"}': 1, 'a{…, x="2"}': 2 };
  expect(await scrape(15)).toEqual({ ...FINE, ...counts(2, 2), ...first });
  expect(await scrape(30)).toEqual({ ...FINE, ...counts(2, 0), ...first });
  expect(await scrape(45)).toEqual({ ...FINE, ...counts(1, 0), 'a{…, x="1"}': 3, 'a{…, x="2"}': 'stale' });
  expect(await scrape(60)).toEqual({ ...FINE, ...counts(2, 1), ...first });
  expect(await scrape(75)).toEqual({ ...FINE, ...counts(2, 0), ...first });
  expect(await scrape(90)).toEqual({ ...DOWN, 'a{…, x="1"}': 'stale', 'a{…, x="2"}': 'stale' });
  expect(await scrape(105)).toEqual({ ...FINE, ...counts(2, 2), ...first });
  expect(await scrape(120)).toEqual({ ...FINE, ...counts(2, 0), ...first });
  const repeated = { scrape_samples_scraped: 3, scrape_samples_post_metric_relabeling: 2, scrape_series_added: 0 };
  expect(await scrape(135)).toEqual({ ...FINE, ...repeated, ...first });
  expect(await scrape(150)).toEqual({ ...FINE, ...repeated, ...first });
});

test('a failed scrape ends every series, once, and the next good one begins them again', async () => {
  let isBroken = false;
  const { scrape, scraper } = await stage((request, response) => {
    if (isBroken) response.writeHead(503).end();
    else texts('a 1\nb 2\n')(request, response);
  });
  await scrape(15);
  isBroken = true;
  expect(await scrape(30)).toEqual({ ...DOWN, a: 'stale', b: 'stale' });
  expect(scraper.state()).toMatchObject({ health: 'down', samples: 2 });
  expect(scraper.state().lastError).toMatch(/answered 503 Service Unavailable/);
  expect(await scrape(45)).toEqual(DOWN);
  isBroken = false;
  expect(await scrape(60)).toEqual({ ...FINE, ...counts(2, 2), a: 1, b: 2 });
});

test('a removed target ends all its series, those about itself included', async () => {
  const { scrape, scraper, sink } = await stage(texts('a 1\n'));
  await scrape(15);
  scraper.endSeries(20_000);
  const ended = Object.entries(sink.at(20_000));
  expect(ended).toHaveLength(6);
  expect(ended.every(([, value]) => value === 'stale')).toBe(true);
});

test('a text that is faulty in its middle counts as a whole as failed', async () => {
  const { scrape, scraper } = await stage(texts('a 1\nb 2\n', 'a 1\nb two\n'));
  await scrape(15);
  expect(await scrape(30)).toEqual({ ...DOWN, a: 'stale', b: 'stale' });
  expect(scraper.state().lastError).toMatch(/line 2: the value "two" is no number/);
});

test('labels that the target exposes under the names of its own move aside, or win with honor_labels', async () => {
  const answer = texts('a{job="inner",instance="",exported_job="x"} 1\n');
  const strict = await stage(answer);
  const { address } = strict.server;
  await strict.scrape(15);
  expect(strict.sink.last(`a{exported_exported_job="inner", exported_job="x", instance="${address}", job="app"}`)).toBe(
    1,
  );
  const honest = await stage(answer, { honorLabels: true });
  await honest.scrape(15);
  expect(honest.sink.last('a{exported_job="x", job="inner"}')).toBe(1);
});

test('timestamps of the target count with honor_timestamps, and such a series gets no stale marker', async () => {
  const bodies = ['a 1 12000\nb 2\n', 'b 2\n'];
  const own = await stage(texts(...bodies));
  await own.scrape(15);
  expect(own.sink.samples.find((s) => s.series.startsWith('a{'))).toMatchObject({ timestampMs: 12_000, value: 1 });
  expect(await own.scrape(30)).toEqual({ ...FINE, ...counts(1, 0), b: 2 });
  const ours = await stage(texts(...bodies), { honorTimestamps: false });
  expect(await ours.scrape(15)).toMatchObject({ a: 1, b: 2 });
  expect(await ours.scrape(30)).toMatchObject({ a: 'stale', b: 2 });
});

test('a timestamp far in the future is left out', async () => {
  const { scrape } = await stage(texts('a 1 700000\nb 2\n'));
  expect(await scrape(15)).toEqual({
    ...FINE,
    scrape_samples_scraped: 2,
    scrape_samples_post_metric_relabeling: 1,
    scrape_series_added: 1,
    b: 2,
  });
});

test('two lines of one series at one time are one sample', async () => {
  const { scrape } = await stage(texts('a{x="1",y="2"} 1\na{y="2",x="1"} 5\n'));
  expect(await scrape(15)).toMatchObject({ 'a{…, x="1", y="2"}': 1, scrape_samples_post_metric_relabeling: 1 });
});

test.each<[string, Partial<ScrapeConfig>, RegExp]>([
  ['sample_limit', { sampleLimit: 1 }, /exposes 2 samples, over the limit of 1 \(sample_limit\)/],
  ['label_limit', { labelLimit: 3 }, /has 4 labels, over the limit of 3 \(label_limit\)/],
  ['label_name_length_limit', { labelNameLengthLimit: 8 }, /label_name_length_limit/],
  ['label_value_length_limit', { labelValueLengthLimit: 20 }, /"longlabel".*label_value_length_limit/],
])('a scrape over %s fails as a whole, again and again', async (_, changes, message) => {
  const { scrape, scraper } = await stage(texts(`a 1\nb{longlabel="${'x'.repeat(21)}"} 2\n`), changes);
  for (const at of [15, 30]) {
    expect(await scrape(at)).toMatchObject({ up: 0 });
    expect(scraper.state().lastError).toMatch(message);
  }
});

test.each<[string, Record<string, string>, string, Partial<ScrapeConfig>, RegExp | null]>([
  ['HTML', { 'content-type': 'text/html' }, '<html>', {}, /web page \(HTML\), not metrics\. Is this the right path/],
  ['JSON', { 'content-type': 'application/json' }, '{}', {}, /answered application\/json/],
  ['no type', {}, 'a 1\n', {}, /no Content-Type.*fallback_scrape_protocol/],
  ['a fallback', {}, 'a 1\n', { fallbackScrapeProtocol: 'PrometheusText0.0.4' }, null],
  ['OpenMetrics', { 'content-type': 'application/openmetrics-text; version=1.0.0' }, 'a 1\n# EOF\n', {}, null],
  ['a cut body', { 'content-type': 'application/openmetrics-text' }, 'a 1\n', {}, /cut short/],
])('what the answer says it is decides: %s', async (_, headers, body, changes, message) => {
  const { scrape, scraper } = await stage((__, response) => response.writeHead(200, headers).end(body), changes);
  expect((await scrape(15))['up']).toBe(message ? 0 : 1);
  expect(scraper.state().lastError).toMatch(message ?? /^$/);
});

test('redirects are followed, and a circle ends', async () => {
  const good = await stage((request, response) => {
    if (request.url === '/metrics') response.writeHead(302, { location: '/elsewhere' }).end();
    else texts('a 1\n')(request, response);
  });
  expect(await good.scrape(15)).toMatchObject({ up: 1, a: 1 });
  const circle = await stage((_, response) => response.writeHead(302, { location: '/metrics' }).end());
  expect(await circle.scrape(15)).toEqual(DOWN);
  expect(circle.scraper.state().lastError).toMatch(/redirects in a circle/);
  const off = await stage((_, response) => response.writeHead(302, { location: '/x' }).end(), {
    followRedirects: false,
  });
  await off.scrape(15);
  expect(off.scraper.state().lastError).toMatch(/answered 302 Found, a redirect, and follow_redirects is off/);
});

test.each<[string, Answer]>([
  ['never answers', () => undefined],
  [
    'drips its body',
    (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('a 1\n');
    },
  ],
])('the time limit covers a target that %s', async (_, answer) => {
  const { server, scrape, scraper } = await stage(answer);
  const controller = new AbortController();
  void server.nextRequest().then(() => {
    setImmediate(() => {
      controller.abort(new DOMException('late', 'TimeoutError'));
    });
  });
  expect(await scrape(15, controller.signal)).toEqual(DOWN);
  expect(scraper.state().lastError).toMatch(/did not answer completely within 10 s \(scrape_timeout\)/);
});

test('a scrape that was aborted for another reason than time leaves no trace', async () => {
  const { server, scrape, scraper } = await stage(() => undefined);
  const controller = new AbortController();
  void server.nextRequest().then(() => {
    controller.abort(new DOMException('removed', 'AbortError'));
  });
  expect(await scrape(15, controller.signal)).toEqual({});
  expect(scraper.state().health).toBe('unknown');
});

test.each<[string, Answer, RegExp]>([
  ['before it answers', (request) => request.socket.destroy(), /closed the connection before its answer was complete/],
  [
    'in the middle of its answer',
    (request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' });
      response.write('a 1\n', () => request.socket.destroy());
    },
    /closed the connection before its answer was complete/,
  ],
])('a target that hangs up %s is down', async (_, answer, message) => {
  const { scrape, scraper } = await stage(answer);
  expect(await scrape(15)).toEqual(DOWN);
  expect(scraper.state().lastError).toMatch(message);
});

test('a port where nothing listens is named with what to do', async () => {
  const server = await startServer(() => undefined);
  await server.close();
  const { scrape, scraper } = scraperFor(server.address);
  expect(await scrape(15)).toEqual(DOWN);
  expect(scraper.state().lastError).toBe(
    `Nothing listens on ${server.address} (connection refused). Is it running, and is this its port?`,
  );
});

test('a certificate is checked against the authority file, and a self-signed one is named as such', async () => {
  const certificate = makeCertificate();
  const secure: Partial<ScrapeConfig> = { scheme: 'https' };
  const untrusted = await stage(texts('a 1\n'), secure, certificate);
  expect(await untrusted.scrape(15)).toEqual(DOWN);
  expect(untrusted.scraper.state().lastError).toMatch(/is not trusted: its certificate is self-signed/);

  const folder = mkdtempSync(join(tmpdir(), 'vedette-ca-'));
  closers.push(() => {
    rmSync(folder, { recursive: true });
  });
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, certificate.authority);
  const tls = { caFile, serverName: null, insecureSkipVerify: false };
  expect(await (await stage(texts('a 1\n'), { ...secure, tls }, certificate)).scrape(15)).toMatchObject({ up: 1 });
  const missing = await stage(texts('a 1\n'), { ...secure, tls: { ...tls, caFile: `${caFile}.not` } }, certificate);
  await missing.scrape(15);
  expect(missing.scraper.state().lastError).toMatch(/ca\.pem\.not does not exist/);
  const open = { caFile: null, serverName: null, insecureSkipVerify: true };
  expect(await (await stage(texts('a 1\n'), { ...secure, tls: open }, certificate)).scrape(15)).toMatchObject({
    up: 1,
  });
});

test('https asked of a plain server, and the other way round, is explained', async () => {
  const plain = await stage(texts('a 1\n'), { scheme: 'https' });
  await plain.scrape(15);
  expect(plain.scraper.state().lastError).toMatch(
    /does not speak TLS as expected. Should the address begin with http:/,
  );
});
