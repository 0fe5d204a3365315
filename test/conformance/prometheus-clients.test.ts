import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compressSnappy } from '../../electron/engine/remote/snappy.ts';
import { writeRequest } from '../../electron/engine/remote/write-request.ts';
import { startNodeExporter, startPrometheus, type Exporter } from '../services/start-exporter.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';

/**
 * Vedette scrapes a real exporter and sends everything on to a real Prometheus, so that both hold the same samples and
 * have to say the same about them.
 */
let place: Workplace;
let exporter: Exporter;
let prometheus: Exporter;
let vedette: Vedette;
/** Seconds; both have everything up to it, and something after it. */
let now: number;
let start: number;

const promtool = promisify(execFile);

beforeAll(async () => {
  place = makeWorkplace();
  [exporter, prometheus] = await Promise.all([startNodeExporter(), startPrometheus()]);
  place.write('rules.yml', 'groups: [{name: g, rules: [{record: "job:up:sum", expr: "sum by (job) (up)"}, {alert: Up, expr: up == 1}]}]'); // prettier-ignore
  place.write(
    'prometheus.yml',
    `
global: {scrape_interval: 1s, evaluation_interval: 1s}
host: {enabled: false}
rule_files: [rules.yml]
scrape_configs: [{job_name: node, static_configs: [{targets: ['${exporter.address}'], labels: {site: home}}]}]
remote_write: [{url: 'http://${prometheus.address}/api/v1/write'}]
remote_query: [{name: far, url: 'http://${prometheus.address}'}]
`,
  );
  vedette = await startVedette({ workplace: place });
  await vi.waitFor(
    async () => expect((await values(`http://${prometheus.address}`, 'count_over_time(up{job="node"}[5m])'))[0]).toBeGreaterThan(6), // prettier-ignore
    { timeout: 40_000, interval: 200 },
  );
  const [last = 0] = await values(`http://${prometheus.address}`, 'timestamp(up{job="node"})');
  // Between two scrapes: the newest one may still be on its way to the other side.
  now = Math.round(last * 1000 - 1_400) / 1000;
  start = Math.round(now * 1000 - 4_000) / 1000;
});
afterAll(async () => {
  await vedette.stop();
  await Promise.all([exporter.stop(), prometheus.stop()]);
  place.remove();
});

async function values(url: string, query: string): Promise<number[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result.map(({ value }) => Number(value[1]));
}

async function lines(...args: readonly string[]): Promise<string[]> {
  const { stdout } = await promtool('/usr/bin/promtool', args);
  return stdout.split('\n').sort();
}

describe('promtool', () => {
  const EXPRESSIONS = [
    'up',
    'node_load1',
    'sum by (mode) (rate(node_cpu_seconds_total[3s]))',
    '100 - avg(irate(node_cpu_seconds_total{mode="idle"}[4s])) * 100',
    'topk(3, node_memory_MemTotal_bytes or node_memory_MemFree_bytes)',
    'node_filesystem_avail_bytes / node_filesystem_size_bytes',
    'count({__name__=~"node_.+"})',
    'max_over_time(node_load1[4s:1s])',
    'job:up:sum',
    'scalar(count(up))',
  ];

  it.each(EXPRESSIONS)('gives of %s at one moment what it gives of Prometheus', async (expr) => {
    const ask = (url: string): Promise<string[]> => lines('query', 'instant', `--time=${String(now)}`, url, expr);
    const [ours, theirs] = [await ask(vedette.url), await ask(`http://${prometheus.address}`)];
    expect(ours).toEqual(theirs);
    expect(ours.join('').length).toBeGreaterThan(0);
  });

  it.each(EXPRESSIONS)('gives of %s over a range what it gives of Prometheus', async (expr) => {
    const times = [`--start=${String(start)}`, `--end=${String(now)}`, '--step=500ms'];
    const ask = (url: string): Promise<string[]> => lines('query', 'range', ...times, url, expr);
    expect(await ask(vedette.url)).toEqual(await ask(`http://${prometheus.address}`));
  });

  it('gives the same series and label values as of Prometheus', async () => {
    const series = (url: string): Promise<string[]> =>
      lines('query', 'series', '--match=node_cpu_seconds_total', '--match={__name__=~"up|go_.*",job="node"}', url);
    const ours = await series(vedette.url);
    expect(ours).toEqual(await series(`http://${prometheus.address}`));
    expect(ours.length).toBeGreaterThan(10);
    for (const label of ['mode', 'site', 'job', '__name__']) {
      const labels = (url: string): Promise<string[]> => lines('query', 'labels', url, label);
      expect(await labels(vedette.url), label).toEqual(await labels(`http://${prometheus.address}`));
    }
  });

  it.each(['/-/healthy', '/-/ready'])('finds %s with a body and without one', async (path) => {
    expect((await fetch(`${vedette.url}${path}`)).status).toBe(200);
    expect((await fetch(`${vedette.url}${path}`, { method: 'HEAD' })).status).toBe(200);
  });
});

interface Envelope {
  readonly status: string;
  readonly errorType?: string;
  readonly error?: string;
  readonly data: unknown;
  readonly warnings?: readonly string[];
}

async function call(path: string, form?: Record<string, string>): Promise<{ status: number; body: Envelope }> {
  const response = await fetch(
    `${vedette.url}${path}`,
    form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) },
  );
  return { status: response.status, body: (await response.json()) as Envelope };
}

describe("Grafana's data source", () => {
  it('is found healthy by the query that its test sends', async () => {
    const { status, body } = await call('/api/v1/query', { query: '1+1', time: String(now) });
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'success', data: { resultType: 'scalar', result: [now, '2'] } });
  });

  it('reads the flavour and a version of Prometheus from the build information', async () => {
    const { body } = await call('/api/v1/status/buildinfo');
    expect(body.data).toMatchObject({ version: expect.stringMatching(/^3\./) as string });
    expect(body.data).not.toHaveProperty('features');
  });

  it.each([
    ['/api/v1/query_range', { query: 'rate(node_cpu_seconds_total[5s])', step: '15' }],
    ['/api/v1/series', { 'match[]': 'up' }],
    ['/api/v1/labels', {}],
    ['/api/v1/labels', { 'match[]': '{job="node"}', limit: '40000' }],
    ['/api/v1/label/__name__/values', {}],
    ['/api/v1/label/mode/values', { 'match[]': 'node_cpu_seconds_total' }],
    ['/api/v1/label/U__site/values', {}],
    ['/api/v1/metadata', { limit: '5000' }],
    ['/api/v1/query_exemplars', { query: 'up' }],
    ['/api/v1/rules', { type: 'alert', exclude_alerts: 'false' }],
    ['/api/v1/alerts', {}],
    ['/api/v1/format_query', { query: 'sum(up)by(job)' }],
    ['/api/v1/parse_query', { query: 'sum(up)by(job)' }],
  ])('asks %s %o by GET and, where Prometheus takes it, by POST, and has the same from both', async (path, params) => {
    const all: Record<string, string> = { start: String(start), end: String(now), ...params };
    const byGet = await call(`${path}?${new URLSearchParams(all).toString()}`);
    expect(byGet.status).toBe(200);
    expect(byGet.body.status).toBe('success');
    const isPosted = !/label\/|metadata|rules|alerts/.test(path);
    if (isPosted) expect(await call(path, all)).toEqual(byGet);
    else expect((await fetch(`${vedette.url}${path}`, { method: 'POST' })).status).toBe(405);
  });

  it('shows the metadata, the rules and the alerts of what runs', async () => {
    const metadata = (await call('/api/v1/metadata?metric=node_load1')).body.data;
    expect(metadata).toMatchObject({ node_load1: [{ type: 'gauge', help: '1m load average.', unit: '' }] });
    const rules = (await call('/api/v1/rules')).body.data as {
      groups: { rules: { name: string; health: string }[] }[];
    };
    expect(rules.groups[0]?.rules.map(({ name, health }) => `${name} ${health}`)).toEqual(['job:up:sum ok', 'Up ok']);
    const alerts = (await call('/api/v1/alerts')).body.data as { alerts: { labels: object }[] };
    expect(alerts.alerts[0]?.labels).toMatchObject({ alertname: 'Up', job: 'node' });
  });

  it('has mistakes explained where it looks for them', async () => {
    const asked = await call('/api/v1/query', { query: 'rate(up)' });
    expect(asked).toMatchObject({ status: 400, body: { errorType: 'bad_data' } });
    expect(asked.body.error).toBe(
      'invalid parameter "query": 1:6: parse error: expected type range vector in call to function "rate", got instant vector',
    );
    expect((await call('/api/v1/query', { query: 'up', limit: '1', stats: 'all' })).body.data).toMatchObject({
      stats: { samples: { totalQueryableSamples: expect.any(Number) as number } },
    });
    expect((await call('/api/v1/query', { query: 'node_cpu_seconds_total', limit: '1' })).body.warnings).toEqual([
      'results truncated due to limit',
    ]);
    const tooFine = await call(`/api/v1/query_range?query=up&start=0&end=${String(now)}&step=1`);
    expect(tooFine).toMatchObject({ status: 400, body: { errorType: 'bad_data' } });
  });

  it('gets long answers packed, whole and the same', async () => {
    const path = `/api/v1/query_range?${new URLSearchParams({ query: '{job="node"}', start: String(now - 60), end: String(now), step: '0.01' }).toString()}`; // prettier-ignore
    const raw = await new Promise<{ encoding: string; body: Buffer }>((resolve, reject) => {
      const sent = request(`${vedette.url}${path}`, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve({ encoding: response.headers['content-encoding'] ?? '', body: Buffer.concat(parts) })); // prettier-ignore
      });
      sent.on('error', reject);
      sent.end();
    });
    expect(raw.encoding).toBe('gzip');
    const plain = await (await fetch(`${vedette.url}${path}`, { headers: { 'accept-encoding': 'identity' } })).text();
    expect(plain.length).toBeGreaterThan(1_000_000);
    expect(gunzipSync(raw.body).toString()).toBe(plain);
    expect((JSON.parse(plain) as Envelope).status).toBe('success');
  });
});

describe('a server that scrapes this one', () => {
  it('gets the newest samples by federation', async () => {
    const text = await (await fetch(`${vedette.url}/federate?match[]=up&match[]=node_load1`)).text();
    expect(text).toMatch(
      /^# TYPE node_load1 untyped\nnode_load1\{instance="127[^}]*",job="node",site="home"\} [\d.]+ \d{13}\n/,
    );
    expect(text).toMatch(/up\{instance="[^"]+",job="node",site="home"\} 1 \d{13}\n/);
  });
});

describe('a server that sends its samples here', () => {
  const body = (timestampMs: number): Buffer<ArrayBuffer> =>
    Buffer.from(
      compressSnappy(
        writeRequest([{ labels: ['__name__', 'sent'], samples: [{ timestampMs, value: 42, isStale: false }] }]),
      ),
    );
  const send = (headers: Record<string, string>, timestampMs: number): Promise<Response> =>
    fetch(`${vedette.url}/api/v1/write`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy', ...headers },
      body: body(timestampMs),
    });

  it('needs the token, and then finds them at once', async () => {
    const timestampMs = Math.round(now * 1000);
    expect((await send({}, timestampMs)).status).toBe(401);
    const authorization = { authorization: `Bearer ${vedette.token}` };
    expect((await send(authorization, timestampMs)).status).toBe(204);
    expect(await values(vedette.url, `sent @ ${String(now)}`)).toEqual([42]);
    expect((await send(authorization, timestampMs - 86_400_000)).status).toBe(400);
  });
});

describe('a data source', () => {
  it.each(['/datasources/far/api/v1/query?', '/api/v1/query?datasource=far&'])(
    'answers behind %s as it answers itself',
    async (path) => {
      const query = new URLSearchParams({ query: 'sum by (job) (up)', time: String(now) }).toString();
      const theirs = await (await fetch(`http://${prometheus.address}/api/v1/query?${query}`)).text();
      const response = await fetch(`${vedette.url}${path}${query}`);
      expect(await response.text()).toBe(theirs);
      expect(response.headers.get('content-type')).toBe('application/json');
    },
  );

  it('is asked by form too, and its errors come back as they are', async () => {
    const found = await call('/datasources/far/api/v1/labels', { 'match[]': 'up' });
    expect(found.body.data).toContain('site');
    expect(await call('/datasources/far/api/v1/query', { query: 'foo{' })).toMatchObject({ status: 400, body: { errorType: 'bad_data' } }); // prettier-ignore
  });

  it('takes questions only, and has to be configured', async () => {
    expect((await call('/datasources/far/api/v1/admin/tsdb/snapshot')).status).toBe(404);
    expect((await call('/datasources/near/api/v1/query?query=up')).status).toBe(404);
  });
});

/** What Prometheus tells about its work, too; how long it took and what it held at a time is each program's own. */
it.each([
  'up{job="node"}',
  'sum(rate(node_cpu_seconds_total[3s]))',
  'node_load1 + on () group_left () count(up{job="node"})',
  'max_over_time(node_load1[3s:1s])',
  'sum(max_over_time(node_load1[2s]) > -1) or node_load1 @ end() > 1e9',
  'time()',
])('counts the samples of %s as Prometheus does, step by step', async (query) => {
  const ask = async (url: string, path: string, form: Record<string, string>): Promise<unknown> => {
    const body = new URLSearchParams({ query, stats: 'all', ...form });
    const answer = (await (await fetch(`${url}${path}`, { method: 'POST', body })).json()) as {
      readonly data?: { readonly stats: { readonly timings: object; readonly samples: Record<string, unknown> } };
      readonly error?: string;
    };
    if (answer.data === undefined) throw new Error(answer.error);
    const { timings, samples } = answer.data.stats;
    const { peakSamples, ...counted } = samples;
    expect(peakSamples).toEqual(expect.any(Number));
    return { timings: Object.keys(timings).sort(), counted };
  };
  const questions = [
    ['/api/v1/query', { time: String(now) }],
    ['/api/v1/query_range', { start: String(start), end: String(now), step: '1' }],
  ] as const;
  for (const [path, form] of questions) {
    expect(await ask(vedette.url, path, form)).toEqual(await ask(`http://${prometheus.address}`, path, form));
  }
});

describe("the interface's questions to a data source", () => {
  it('are answered as by this instance, from the other one', async () => {
    expect(await vedette.client.metrics.dataSources()).toEqual([{ name: 'far', host: prometheus.address }]);
    const range = { expr: 'sum by (job) (up{job="node"})', start: start * 1000, end: now * 1000, stepMs: 1000 };
    const { metrics } = vedette.client;
    const [own, far] = [await metrics.queryRange(range), await metrics.queryRange({ ...range, source: 'far' })];
    expect(far.series).toEqual(own.series);
    expect(far.series[0]?.values.length).toBeGreaterThan(2);
    const instant = { expr: 'up{job="node"}', time: now * 1000 };
    const one = await metrics.query({ ...instant, source: 'far' });
    expect(one.samples).toEqual((await metrics.query(instant)).samples);
    const names = await metrics.names({ search: 'load1', source: 'far' });
    expect(names.names.map(({ name }) => name)).toContain('node_load1');
    expect(await metrics.labelNames({ match: 'node_load1', source: 'far' })).toEqual(
      await metrics.labelNames({ match: 'node_load1' }),
    );
    expect(await metrics.labelValues({ name: 'site', source: 'far' })).toEqual(['home']);
  });

  it('fail as its own do: with the place of a fault, or the name that is not there', async () => {
    const { metrics } = vedette.client;
    await expect(metrics.query({ expr: 'sum(rate(up[5m])', source: 'far' })).rejects.toMatchObject({
      code: 'BAD_EXPRESSION',
      data: { line: 1, column: expect.any(Number) as number },
    });
    await expect(metrics.query({ expr: 'up', source: 'near' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no data source "near".',
    });
  });
});
