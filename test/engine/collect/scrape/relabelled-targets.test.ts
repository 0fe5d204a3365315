import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createTargetBuilder } from '../../../../electron/engine/collect/scrape/build-targets.ts';
import { startScraping } from '../../../../electron/engine/collect/scrape/targets.ts';
import type { Scraping } from '../../../../electron/engine/collect/scrape/targets.ts';
import type { ScrapeConfig } from '../../../../electron/engine/config/configuration.ts';
import type { RelabelStep } from '../../../../electron/engine/config/relabel-step.ts';
import { createScheduler, systemClock } from '../../../../electron/engine/schedule/index.ts';
import { createArraySink } from '../../../doubles/array-sink.ts';
import type { ArraySink } from '../../../doubles/array-sink.ts';
import { clientPorts } from '../../../doubles/client-ports.ts';
import { startServer } from '../../../doubles/http-server.ts';
import type { LocalServer } from '../../../doubles/http-server.ts';
import { scrapeConfig } from './scrape-settings.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function step(changes: Partial<RelabelStep>): RelabelStep {
  return {
    action: 'replace',
    sourceLabels: [],
    separator: ';',
    regex: '(.*)',
    targetLabel: '',
    replacement: '$1',
    modulus: 0,
    nameScheme: 'utf8',
    ...changes,
  };
}

async function serving(body: () => string, type = 'text/plain'): Promise<LocalServer> {
  const server = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': type }).end(body());
  });
  closers.push(() => server.close());
  return server;
}

/** Scraping in real time, at short intervals. */
function scraping(...configs: ScrapeConfig[]): { readonly scraping: Scraping; readonly sink: ArraySink } {
  const sink = createArraySink();
  const log = (): void => undefined;
  const clock = systemClock;
  const scheduler = createScheduler({ clock, log, limits: { global: 10, perHost: 10 }, onGap: () => undefined });
  const started = startScraping({ configs, sink, scheduler, log, ...clientPorts({ clock }) });
  closers.push(() => {
    started.stop();
    scheduler.stop();
  });
  return { scraping: started, sink };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise<void>((resolve) => systemClock.after(5, resolve));
}

const SOON = { scrapeIntervalMs: 100, scrapeTimeoutMs: 100 };

test('relabelling decides on address, path, parameters, interval and labels of a target', () => {
  const config = scrapeConfig('', {
    params: { module: ['http', 'second'] },
    staticConfigs: [
      { targets: ['web.example:443', 'db:9187'], labels: { __meta_zone: 'a', tier: '' } },
      { targets: ['old:1'], labels: { retired: 'yes' } },
    ],
    relabelSteps: [
      step({ action: 'drop', sourceLabels: ['retired'], regex: 'yes' }),
      step({
        sourceLabels: ['__address__'],
        regex: '(.*):443',
        targetLabel: '__param_target',
        replacement: 'https://$1',
      }),
      step({ sourceLabels: ['__param_target'], regex: '(.+)', targetLabel: 'instance' }),
      step({ sourceLabels: ['__param_target'], regex: '.+', targetLabel: '__address__', replacement: 'blackbox:9115' }),
      step({ sourceLabels: ['__param_target'], regex: '.+', targetLabel: '__metrics_path__', replacement: '/probe' }),
      step({ sourceLabels: ['__meta_zone'], targetLabel: 'zone' }),
      step({ sourceLabels: ['__address__'], regex: 'db.*', targetLabel: '__scrape_interval__', replacement: '1m' }),
    ],
  });
  const { targets, dropped, droppedCount, problems } = createTargetBuilder(config)([]);
  expect(problems).toEqual([]);
  expect(targets.map(({ url, labels, scrapeIntervalMs }) => [url, labels, scrapeIntervalMs])).toEqual([
    [
      'http://blackbox:9115/probe?module=http&module=second&target=https%3A%2F%2Fweb.example',
      { instance: 'https://web.example', job: 'app', zone: 'a' },
      15_000,
    ],
    ['http://db:9187/metrics?module=http&module=second', { instance: 'db:9187', job: 'app', zone: 'a' }, 60_000],
  ]);
  expect(droppedCount).toBe(1);
  expect(dropped).toMatchObject([{ __address__: 'old:1', retired: 'yes', __param_module: 'http' }]);
});

test('of dropped targets no more are kept than asked for, and what relabelling broke is said', () => {
  const config = scrapeConfig('', {
    keepDroppedTargets: 1,
    staticConfigs: [{ targets: ['a:1', 'b:1', 'c:1', 'd:1'], labels: {} }],
    relabelSteps: [
      step({ action: 'drop', sourceLabels: ['__address__'], regex: '[ab].*' }),
      step({ sourceLabels: ['__address__'], regex: 'c.*', targetLabel: '__address__', replacement: '' }),
      step({ sourceLabels: ['__address__'], regex: 'd.*', targetLabel: '__scrape_timeout__', replacement: '2m' }),
    ],
  });
  const { targets, dropped, droppedCount, problems } = createTargetBuilder(config)([]);
  expect([targets.length, dropped.length, droppedCount]).toEqual([0, 1, 2]);
  expect(problems).toEqual([
    'Job "app": a target has no __address__ after relabelling, so it is not scraped.',
    'Job "app": the timeout of d:1 is longer than its interval, so it is not scraped.',
  ]);
});

test('samples are relabelled once for each series, and limits hold for what is left', async () => {
  const body = 'keep_me{code="200"} 1\nkeep_me{code="500"} 2\ndrop_me 3\ndrop_me_too 4\n';
  const server = await serving(() => body);
  const { sink } = scraping(
    scrapeConfig(server.address, {
      ...SOON,
      sampleLimit: 2,
      extraScrapeMetrics: true,
      metricRelabelSteps: [
        step({ action: 'drop', sourceLabels: ['__name__'], regex: 'drop_.*' }),
        step({ sourceLabels: ['__name__'], targetLabel: '__name__', replacement: 'app_$1' }),
        step({ action: 'labeldrop', regex: 'code' }),
      ],
    }),
  );
  const at = (name: string): number | 'stale' | undefined =>
    sink.last(`${name}{instance="${server.address}", job="app"}`);
  await until(() => sink.samples.filter(({ series }) => series.startsWith('up{')).length >= 2);
  expect([at('app_keep_me'), at('up'), at('scrape_samples_scraped')]).toEqual([1, 1, 4]);
  expect([at('scrape_timeout_seconds'), at('scrape_sample_limit'), at('scrape_body_size_bytes')]).toEqual([
    0.1,
    2,
    body.length,
  ]);
  // Both codes are one series now; of two values at one time the first counts.
  expect(at('scrape_samples_post_metric_relabeling')).toBe(1);
  expect(sink.samples.some(({ series }) => series.includes('drop_me'))).toBe(false);
});

test('targets of a file come and go without a reload, ending with stale markers, and a broken file changes nothing', async () => {
  const place = mkdtempSync(join(tmpdir(), 'vedette-targets-'));
  closers.push(() => rmSync(place, { recursive: true }));
  const [one, two] = [await serving(() => 'a 1\n'), await serving(() => 'a 2\n')];
  const file = join(place, 'targets.json');
  const write = (...addresses: string[]): void =>
    writeFileSync(file, JSON.stringify([{ targets: addresses, labels: { env: 'x' } }]));
  write(one.address);
  const { scraping: running, sink } = scraping(
    scrapeConfig('', {
      ...SOON,
      staticConfigs: [],
      discoveries: [{ kind: 'file', files: [file], refreshIntervalMs: 30 }],
    }),
  );
  const last = (server: LocalServer): number | 'stale' | undefined =>
    sink.last(`a{env="x", instance="${server.address}", job="app"}`);
  await until(() => last(one) === 1);
  write(one.address, two.address);
  await until(() => last(two) === 2);
  write(two.address);
  await until(() => last(one) === 'stale');
  expect(running.targets().map(({ labels }) => labels['instance'])).toEqual([two.address]);
  writeFileSync(file, '{"targets": []}');
  await until(() => running.discoveries()[0]?.lastError !== '');
  expect(running.targets()).toHaveLength(1);
  expect(running.discoveries()[0]).toMatchObject({ jobName: 'app', kind: 'file', targets: 1 });
});

test('a job with more targets than its limit scrapes none of them and says so, in its failure log, too', async () => {
  const place = mkdtempSync(join(tmpdir(), 'vedette-limit-'));
  closers.push(() => rmSync(place, { recursive: true }));
  const failureLogFile = join(place, 'failed.log');
  const server = await serving(() => 'a 1\n');
  const { scraping: running } = scraping(
    scrapeConfig('', {
      ...SOON,
      targetLimit: 1,
      failureLogFile,
      staticConfigs: [
        { targets: [server.address], labels: {} },
        { targets: [server.address], labels: { again: 'yes' } },
      ],
    }),
  );
  const errors = (): string[] => running.targets().map(({ lastError }) => lastError);
  await until(() => errors().every((error) => error !== ''));
  expect(errors()[0]).toBe('Job "app" has 2 targets, over the limit of 1 (target_limit); none of them is scraped.');
  expect(server.requests).toHaveLength(0);
  const read = (): string => {
    try {
      return readFileSync(failureLogFile, 'utf8');
    } catch {
      return '';
    }
  };
  await until(() => read().includes('\n'));
  expect(JSON.parse(read().split('\n')[0] ?? '')).toMatchObject({ level: 'ERROR', job_name: 'app', msg: errors()[0] });
});

test('a JSON service is scraped as any other target', async () => {
  const server = await serving(() => '{"queues": [{"name": "mail", "depth": 4}]}', 'application/json');
  const { sink, scraping: running } = scraping(
    scrapeConfig(server.address, {
      ...SOON,
      metricsPath: '/api/v1/monitoring/metrics',
      jsonMetrics: [
        { name: 'queue_depth', type: 'gauge', help: 'Waiting', unit: '', each: '$.queues[*]', value: '$.depth', map: {}, scale: 1, labels: { queue: '$.name' }, timestamp: null }, // prettier-ignore
      ],
    }),
  );
  await until(() => sink.last(`queue_depth{instance="${server.address}", job="app", queue="mail"}`) === 4);
  expect(server.requests[0]?.headers.accept).toBe('application/json,*/*;q=0.1');
  expect([...running.metadata()][0]).toMatchObject({
    metric: 'queue_depth',
    metadata: { type: 'gauge', help: 'Waiting' },
  });
});

test('names outside the classic alphabet fail the scrape in the scheme legacy', async () => {
  const server = await serving(() => '{"with.dot"} 1\n');
  const { scraping: running } = scraping(
    scrapeConfig(server.address, {
      ...SOON,
      nameScheme: 'legacy',
      nameEscaping: 'underscores',
      scrapeProtocols: ['PrometheusText1.0.0'],
    }),
  );
  await until(() => running.targets()[0]?.health === 'down');
  expect(running.targets()[0]?.lastError).toContain('"with.dot" is no name in the scheme legacy');
  expect(server.requests[0]?.headers.accept).toBe('text/plain;version=1.0.0;escaping=underscores;q=0.6,*/*;q=0.5');
});
