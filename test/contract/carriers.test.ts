import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../electron/engine/engine-options.ts';
import { startHttpServer, type HttpServer } from '../../electron/server/http-server.ts';
import { ensureToken } from '../../electron/server/token-file.ts';
import { startServer, type LocalServer } from '../doubles/http-server.ts';
import { startEngineHere } from '../services/engine.ts';
import { makeWorkplace, type Workplace } from '../services/vedette.ts';
import { CARRIERS, everyCall, openCarriers, type CarrierName, type Carriers, type Outcome } from './carriers.ts';

let place: Workplace;
let target: LocalServer;
let engine: Engine;
let server: HttpServer;
let carriers: Carriers;
const from = Date.now() - 60_000;
const to = from + 3_600_000;
/** Made by the first search, so that the entry exists. */
let entryId = '';

beforeAll(async () => {
  place = makeWorkplace();
  target = await startServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(
      request.url === '/metrics'
        ? '# HELP load A load.\n# TYPE load gauge\nload{part="a"} 1\nload{part="b"} NaN\n'
        : 'ok',
    );
  });
  place.write(
    'rules.yml',
    `groups: [{name: one, rules: [{alert: LoadIsThere, expr: load == 1}, {record: load:sum, expr: sum(load)}]}]`,
  );
  place.write(
    'app.log',
    `${new Date().toISOString()} ERROR the first line\n${new Date().toISOString()} INFO the second line\n`,
  );
  place.write(
    'prometheus.yml',
    `
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs: [{job_name: app, static_configs: [{targets: ['${target.address}']}]}]
checks: [{name: page, interval: 1s, http: {url: '${target.url}/health'}}]
logs: [{name: app, type: application, files: [app.log]}]
`,
  );
  engine = await startEngineHere(place);
  const token = ensureToken(place.data);
  server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    token,
    openReading: true,
    allowedHosts: [],
    push: () => false,
    router: engine.router,
    prometheus: engine.prometheus,
    probe: (question, signal) => engine.probe(question, signal),
    alertmanager: engine.alertmanager,
    ownMetrics: () => engine.ownMetrics(),
    isReady: () => engine.isReady(),
    reload: () => engine.reload(),
    interfaceDirectory: null,
    version: '0.0.0-test',
    now: () => Date.now(),
    log: () => undefined,
  });
  carriers = openCarriers(engine, { url: server.url, token });
  await vi.waitFor(async () => {
    expect(await carriers.call('direct', 'system.status', undefined)).toMatchObject({
      value: { counts: { up: 2 }, firing: { warning: 1 } },
    });
    const found = await carriers.call('direct', 'logs.search', { from, to });
    expect(found).toMatchObject({ value: { entries: [{ level: 'info' }, { level: 'error' }] } });
    // Rates are there from the second look at the machine on.
    expect(await carriers.call('direct', 'host.reading', undefined)).toMatchObject({
      value: { cpuRatio: expect.any(Number) as number },
    });
    entryId = (found as { value: { entries: { id: string }[] } }).value.entries[0]?.id ?? '';
  }, 20_000);
  // From here on nothing is collected, so that two answers can be compared.
  await carriers.call('direct', 'system.pauseChecks', { paused: true }, true);
}, 60_000);
afterAll(async () => {
  carriers.close();
  await server.close();
  await engine.stop();
  await target.close();
  place.remove();
});

/** A sensible input for each call that needs one. */
const INPUTS: Readonly<Record<string, () => unknown>> = {
  'host.processes': () => ({ by: 'memory', limit: 3 }),
  'services.get': () => ({ id: 'check:page' }),
  'metrics.query': () => ({ expr: 'load + 0', time: to }),
  'metrics.queryRange': () => ({ expr: 'load', start: from, end: from + 60_000, maxPoints: 10 }),
  'metrics.explain': () => ({ expr: 'sum(load)', time: to }),
  'metrics.names': () => ({ search: 'load', limit: 10 }),
  'metrics.labelNames': () => ({ match: 'load' }),
  'metrics.dataSources': () => undefined,
  'metrics.labelValues': () => ({ name: 'part' }),
  'logs.search': () => ({ from, to, text: 'line', levels: ['error', 'info'], direction: 'forward', limit: 10 }),
  'logs.histogram': () => ({ from, to, buckets: 4 }),
  'logs.around': () => ({ id: entryId, before: 5, after: 5 }),
  'alerts.history': () => ({ from, to }),
  'alerts.deliveries': () => ({ limit: 10 }),
  'alerts.routes': () => ({ labels: { alertname: 'Any', severity: 'critical' } }),
  'silences.preview': () => ({ matchers: [{ name: 'alertname', operator: '=', value: 'Any' }] }),
  'incidents.list': () => ({ from, to }),
  'incidents.get': () => ({ id: 1 }),
  'audit.list': () => ({ from, to }),
  'rules.tryOut': () => ({ name: 'Load', expr: 'load > 0', from, to }),
  'rules.check': () => ({ rules: [{ name: 'Load', expr: 'load >' }] }),
  'rules.noise': () => ({ from, to }),
  'config.checkFile': () => ({
    path: place.path('rules.yml'),
    text: 'groups: [{name: g, rules: [{record: a, expr: "1 +"}]}]',
  }),
};
const STREAMS = ['system.changes', 'system.navigations', 'logs.tail'];
const READS = everyCall().filter(({ name, access }) => access === 'read' && !STREAMS.includes(name));

/** Figures that differ from one moment to the next; whether they are numbers is compared all the same. */
const PASSING =
  /^(at|now|cpuRatio|memoryBytes|latenessMs|durationMs|samplesPerSecond|series|metricsBytes|logsBytes|load1|usedBytes|uptimeSeconds|.*BytesPerSecond|lastEvaluatedAt|evaluationMs|lastCheckedAt|latencyMs|uptime24h|temperatureCelsius|pid|name|threads|user|startedAt|value)$/;

function lasting(value: unknown, key = '', isHost = false): unknown {
  if (Array.isArray(value)) return value.map((one) => lasting(one, '', isHost));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, lasting(one, name, isHost)]));
  }
  const mayChange = typeof value === 'number' ? PASSING.test(key) : isHost && PASSING.test(key);
  return mayChange ? typeof value : value;
}

describe.each(READS)('$name', ({ name, hasInput }) => {
  it('answers the same by every carrier', async () => {
    const input = INPUTS[name]?.();
    expect(hasInput).toBe(input !== undefined);
    const direct = await carriers.call('direct', name, input);
    expect(direct.ok).toBe(true);
    for (const carrier of CARRIERS) {
      const outcome = await carriers.call(carrier, name, input);
      const isHost = name === 'host.processes';
      expect([carrier, lasting(outcome, '', isHost)]).toEqual([carrier, lasting(asJson(direct), '', isHost)]);
    }
  });
});

/** As it arrives anywhere: without members that are undefined. */
function asJson(outcome: Outcome): unknown {
  return JSON.parse(JSON.stringify(outcome)) as unknown;
}

describe.each<[string, unknown, string]>([
  ['services.get', { id: 'check:nobody' }, 'NOT_FOUND'],
  ['services.get', {}, 'BAD_REQUEST'],
  ['metrics.query', { expr: 'rate(up' }, 'BAD_EXPRESSION'],
  ['metrics.query', { expr: '' }, 'BAD_EXPRESSION'],
  ['metrics.queryRange', { expr: 'sum(', start: 0, end: 1 }, 'BAD_EXPRESSION'],
  ['metrics.explain', { expr: 'sum(' }, 'BAD_EXPRESSION'],
  ['metrics.queryRange', { expr: 'up', start: 'yesterday', end: 1 }, 'BAD_REQUEST'],
  ['metrics.labelNames', { match: '{' }, 'BAD_EXPRESSION'],
  ['metrics.labelValues', { name: 'part', match: 'sum(load)' }, 'BAD_EXPRESSION'],
  ['rules.tryOut', { name: 'a', expr: 'sum(', from: 0, to: 60_000 }, 'BAD_EXPRESSION'],
  ['rules.add', { group: 'a', rules: [{ name: 'a', expr: 'up' }] }, 'FORBIDDEN'],
  ['logs.search', { from: 0, to: 1, text: '/(/' }, 'BAD_EXPRESSION'],
  ['logs.search', { from: 0, to: 1, limit: 0 }, 'BAD_REQUEST'],
  ['logs.histogram', { from: 0, to: 1, text: '"open' }, 'BAD_EXPRESSION'],
  ['logs.around', { id: 'no such entry' }, 'NOT_FOUND'],
  ['config.checkFile', { path: '/etc/passwd', text: '' }, 'NOT_FOUND'],
  ['system.mute', { until: null }, 'FORBIDDEN'],
  ['system.pauseChecks', { paused: false }, 'FORBIDDEN'],
  ['config.readFile', { path: 'prometheus.yml' }, 'FORBIDDEN'],
  ['discovery.scan', undefined, 'FORBIDDEN'],
])('%s with %j', (name, input, code) => {
  it(`fails with ${code} by every carrier, in the same words`, async () => {
    const direct = await carriers.call('direct', name, input);
    expect(direct).toMatchObject({ ok: false, code });
    for (const carrier of CARRIERS) {
      const outcome = await carriers.call(carrier, name, input);
      // What a broken schema is told about differs: a query string holds texts alone.
      const comparable = code === 'BAD_REQUEST' ? { ...outcome, data: undefined } : outcome;
      expect([carrier, comparable]).toEqual([
        carrier,
        code === 'BAD_REQUEST' ? { ...direct, data: undefined } : direct,
      ]);
    }
  });
});

describe.each<[CarrierName]>(CARRIERS.map((carrier) => [carrier]))('by %s', (carrier) => {
  it('streams what has changed', async () => {
    const until = Date.now() + 60_000;
    const provoke = (): Promise<unknown> => carriers.call('direct', 'system.mute', { until }, true);
    expect(await carriers.firstEvent(carrier, 'system.changes', undefined, provoke)).toMatchObject({ topic: 'status' });
  });

  it('streams new log entries that match', async () => {
    const line = `a wanted line by ${carrier}`;
    const provoke = (): Promise<void> => {
      const at = new Date().toISOString();
      appendFileSync(place.path('app.log'), `${at} INFO not this one\n${at} WARN ${line}\n`);
      return Promise.resolve();
    };
    const filter = { text: 'wanted', levels: ['warn'] };
    expect(await carriers.firstEvent(carrier, 'logs.tail', filter, provoke)).toMatchObject({
      entries: [{ level: 'warn', text: expect.stringContaining(line) as string }],
      dropped: 0,
    });
  });

  it('lets a caller write that may', async () => {
    const until = Date.now() + 30_000;
    expect(await carriers.call(carrier, 'system.mute', { until }, true)).toEqual({
      ok: true,
      value: { mutedUntil: until },
    });
    expect(await carriers.call(carrier, 'system.mute', { until: null }, true)).toEqual({
      ok: true,
      value: { mutedUntil: null },
    });
  });
});

it('serves an OpenAPI document that has every call', async () => {
  const answer = await fetch(`${server.url}/api/vedette/v1/openapi.json`);
  const document = (await answer.json()) as {
    readonly openapi: string;
    readonly info: unknown;
    readonly paths: Readonly<
      Record<string, Readonly<Record<string, { summary?: string; responses?: object; operationId?: string }>>>
    >;
  };
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.info).toEqual({ title: 'Vedette', version: '0.0.0-test' });
  const calls = everyCall();
  expect(calls.length).toBeGreaterThan(30);
  for (const { method, path, summary, name } of calls) {
    const operation = document.paths[path]?.[method.toLowerCase()];
    expect([name, operation?.summary]).toEqual([name, summary]);
    expect([name, Object.keys(operation?.responses ?? {})]).toEqual([
      name,
      expect.arrayContaining(['200', '404', '503']),
    ]);
  }
  const described = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
  expect(described).toHaveLength(calls.length);
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(calls.length);
});

it('describes every call with a path, a method and a sentence of its own', () => {
  const calls = everyCall();
  for (const { name, method, path, summary } of calls) {
    expect([name, method]).toEqual([name, expect.stringMatching(/^(GET|POST|PUT|PATCH|DELETE)$/)]);
    expect([name, path]).toEqual([name, expect.stringMatching(/^(\/([a-z-]+|\{[a-zA-Z]+\}))+$/)]);
    expect([name, summary.length]).toEqual([name, expect.any(Number)]);
    expect(summary).not.toBe('');
  }
  expect(new Set(calls.map(({ method, path }) => `${method} ${path}`)).size).toBe(calls.length);
});
