import { afterEach, expect, test } from 'vitest';
import { createTargetBuilder } from '../../../../electron/engine/collect/scrape/build-targets.ts';
import { startScraping } from '../../../../electron/engine/collect/scrape/targets.ts';
import type { Scraping, TargetStatus } from '../../../../electron/engine/collect/scrape/targets.ts';
import type { ScrapeConfig } from '../../../../electron/engine/config/configuration.ts';
import { secretFrom } from '../../../../electron/engine/config/secret.ts';
import { createScheduler } from '../../../../electron/engine/schedule/index.ts';
import { createArraySink } from '../../../doubles/array-sink.ts';
import type { ArraySink } from '../../../doubles/array-sink.ts';
import { startServer } from '../../../doubles/http-server.ts';
import type { LocalServer } from '../../../doubles/http-server.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import type { ManualClock } from '../../../doubles/manual-clock.ts';
import { scrapeConfig } from './scrape-settings.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serving(body: string): Promise<LocalServer> {
  const server = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(body);
  });
  closers.push(() => server.close());
  return server;
}

interface Stage {
  readonly scraping: Scraping;
  readonly sink: ArraySink;
  readonly clock: ManualClock;
  readonly states: string[];
  /** Let scheduled time pass until `count` more results have come in. */
  readonly results: (count: number) => Promise<void>;
}

function stage(configs: readonly ScrapeConfig[]): Stage {
  const clock = createManualClock();
  const sink = createArraySink();
  const states: string[] = [];
  const log = (): void => undefined;
  const scheduler = createScheduler({ clock, log, limits: { global: 10, perHost: 10 }, onGap: () => undefined });
  const scraping = startScraping({
    configs,
    sink,
    scheduler,
    clock,
    log,
    revealSecret: () => Promise.resolve({ ok: false, message: 'none' }),
    onTargetState: (status) => states.push(`${status.scrapePool} ${status.health}`),
  });
  closers.push(() => {
    scraping.stop();
    scheduler.stop();
  });
  const done = (): number => sink.samples.filter((s) => s.series.startsWith('up{') && s.value !== 'stale').length;
  return {
    scraping,
    sink,
    clock,
    states,
    async results(count) {
      const wanted = done() + count;
      while (done() < wanted) await clock.run(5);
    },
  };
}

test('labels, address and parameters become the target as in Prometheus', () => {
  const config = scrapeConfig('', {
    jobName: 'probe',
    params: { module: ['http'] },
    staticConfigs: [
      {
        targets: ['web.example', '[::1]:9100', 'web.example'],
        labels: { env: 'prod', __metrics_path__: '/custom', __param_q: 'x', job: 'renamed' },
      },
    ],
  });
  const { targets, problems } = createTargetBuilder(config)([]);
  expect(problems).toEqual([]);
  expect(targets.map((target) => [target.url, target.labels])).toEqual([
    ['http://web.example/custom?module=http&q=x', { instance: 'web.example', job: 'renamed', env: 'prod' }],
    ['http://[::1]:9100/custom?module=http&q=x', { instance: '[::1]:9100', job: 'renamed', env: 'prod' }],
  ]);
  expect(targets[0]?.discoveredLabels).toMatchObject({
    __address__: 'web.example',
    __scheme__: 'http',
    __metrics_path__: '/custom',
    __scrape_interval__: '15s',
    __scrape_timeout__: '10s',
    __param_module: 'http',
  });
});

test('an address that is none is reported and the others are kept', () => {
  const config = scrapeConfig('', { staticConfigs: [{ targets: ['http://x/y', 'ok:1'], labels: {} }] });
  const { targets, problems } = createTargetBuilder(config)([]);
  expect(targets.map((target) => target.url)).toEqual(['http://ok:1/metrics']);
  expect(problems).toEqual(['Job "app": "http://x/y" is no host:port, so it is not scraped.']);
});

test('a changed secret makes a changed target, without being in it', () => {
  const build = (password: string): string => {
    const basicAuth = { username: 'me', usernameFile: null, password: secretFrom(password) };
    return createTargetBuilder(scrapeConfig('a:1', { basicAuth }))([]).targets[0]?.digest ?? '';
  };
  expect(build('one')).toBe(build('one'));
  expect(build('one')).not.toBe(build('two'));
  expect(build('open sesame')).not.toContain('sesame');
});

test('targets are scraped at once and then at their interval, and tell how they are', async () => {
  const [good, gone] = [await serving('a 1\nb 2\n'), await serving('')];
  await gone.close();
  const { scraping, states, clock, results } = stage([
    scrapeConfig(good.address, { jobName: 'good' }),
    scrapeConfig(gone.address, { jobName: 'gone' }),
  ]);
  expect(scraping.targets().map((target) => target.health)).toEqual(['unknown', 'unknown']);
  const startedAt = clock.now();
  await results(2);
  expect(clock.now() - startedAt).toBeLessThan(2000);
  expect(states.sort()).toEqual(['gone down', 'good up']);
  const [first, second] = scraping.targets() as [TargetStatus, TargetStatus];
  expect(first).toMatchObject({
    scrapePool: 'good',
    scrapeUrl: `${good.url}/metrics`,
    labels: { job: 'good', instance: good.address },
    health: 'up',
    lastError: '',
    samples: 2,
    scrapeIntervalMs: 15_000,
    scrapeTimeoutMs: 10_000,
  });
  expect(second).toMatchObject({ health: 'down', lastError: expect.stringContaining('refused') as string });
  await results(4);
  expect(states).toHaveLength(2);
});

test('an update keeps what is unchanged, ends what is gone and starts what is new', async () => {
  const [kept, removed, added] = [await serving('a 1\n'), await serving('a 2\n'), await serving('a 3\n')];
  const settings = (...servers: LocalServer[]): ScrapeConfig =>
    scrapeConfig('', { staticConfigs: [{ targets: servers.map((server) => server.address), labels: {} }] });
  const { scraping, sink, clock, results } = stage([settings(kept, removed)]);
  await results(2);
  sink.samples.length = 0;
  scraping.update([settings(kept, added)]);
  const ended = sink.samples.map((sample) => [sample.series, sample.timestampMs, sample.value]);
  const labels = `{instance="${removed.address}", job="app"`;
  expect(ended).toContainEqual([`a${labels}}`, clock.now(), 'stale']);
  expect(ended).toContainEqual([`up${labels}}`, clock.now(), 'stale']);
  expect(ended).toHaveLength(6);
  expect(scraping.targets().map((target) => target.health)).toEqual(['up', 'unknown']);
  await results(3);
  expect(removed.requests).toHaveLength(1);
  expect(new Set(kept.requests.map((request) => request.socket)).size).toBe(1);
  expect(sink.last(`a{instance="${added.address}", job="app"}`)).toBe(3);
});

test('changed settings of a target end none of its series', async () => {
  const server = await serving('a 1\n');
  const { scraping, sink, results } = stage([scrapeConfig(server.address)]);
  await results(1);
  scraping.update([scrapeConfig(server.address, { sampleLimit: 10 })]);
  await results(1);
  expect(sink.samples.filter((sample) => sample.value === 'stale')).toEqual([]);
});

test('stopping leaves no timer and asks nothing more', async () => {
  const server = await serving('a 1\n');
  const { scraping, sink, clock, results } = stage([scrapeConfig(server.address)]);
  await results(1);
  scraping.stop();
  const written = sink.samples.length;
  await clock.run(60_000);
  expect([server.requests.length, sink.samples.length, scraping.targets().length]).toEqual([1, written, 0]);
});

test('what targets say about their metrics is kept beside them', async () => {
  const server = await serving('# HELP a Things.\n# TYPE a counter\na 1\n');
  const { scraping, results } = stage([scrapeConfig(server.address)]);
  await results(1);
  expect([...scraping.metadata()]).toEqual([
    {
      target: { job: 'app', instance: server.address },
      metric: 'a',
      metadata: { type: 'counter', help: 'Things.', unit: '' },
    },
  ]);
});
