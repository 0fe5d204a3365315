import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startServer, type LocalServer } from '../doubles/http-server.ts';
import { startPrometheus, type Exporter } from '../services/start-exporter.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';

let place: Workplace;
let target: LocalServer;
let prometheus: Exporter | null = null;
let vedette: Vedette;
let port: number;

beforeAll(async () => {
  place = makeWorkplace();
  let looks = 0;
  target = await startServer((_request, response) => {
    looks += 1;
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(`looks_total ${String(looks)}\n`);
  });
  port = await freePort();
  place.write(
    'prometheus.yml',
    `
global: {scrape_interval: 1s, external_labels: {site: home}}
host: {enabled: false}
scrape_configs: [{job_name: app, static_configs: [{targets: ['${target.address}']}]}]
remote_write: [{url: 'http://127.0.0.1:${String(port)}/api/v1/write', queue_config: {max_backoff: 200ms}}]
`,
  );
  vedette = await startVedette({ workplace: place });
});
afterAll(async () => {
  await vedette.stop();
  await Promise.all([target.close(), prometheus?.stop()]);
  place.remove();
});

/** A port that nothing uses now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

type Points = readonly (readonly [seconds: number, value: string])[];

async function points(url: string): Promise<Points> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent('looks_total[10m]')}`);
  const { data } = (await response.json()) as {
    data: { result: { metric: Record<string, string>; values: Points }[] };
  };
  return data.result.flatMap(({ values }) => values);
}

const LONG = { timeout: 30_000, interval: 200 };

it('sends every sample that it keeps, over an absence of the receiver and two sudden ends of its own', async () => {
  // The receiver is not there yet.
  await vi.waitFor(async () => expect((await points(vedette.url)).length).toBeGreaterThan(3), LONG);
  await vedette.kill();
  vedette = await startVedette({ workplace: place });
  await vi.waitFor(async () => expect((await points(vedette.url)).length).toBeGreaterThan(6), LONG);

  prometheus = await startPrometheus(undefined, port);
  const there = `http://${prometheus.address}`;
  await vi.waitFor(async () => expect((await points(there)).length).toBeGreaterThan(5), LONG);
  await vedette.kill();
  vedette = await startVedette({ workplace: place });
  const before = (await points(vedette.url)).length;
  await vi.waitFor(async () => expect((await points(there)).length).toBeGreaterThan(before + 2), LONG);

  const sent = await points(there);
  const newest = sent.at(-1)?.[0] ?? 0;
  const kept = (await points(vedette.url)).filter(([seconds]) => seconds <= newest);
  expect(sent).toEqual(kept);
  expect(new Set(sent.map(([, value]) => value)).size).toBe(sent.length);
  const labels: unknown = await (await fetch(`${there}/api/v1/label/site/values`)).json();
  expect(labels).toEqual({ status: 'success', data: ['home'] });
}, 100_000);

it('takes what a real Prometheus sends, and tells in its own metrics how its own sending goes', async () => {
  const sender = await startPrometheus(`
global: {scrape_interval: 1s, external_labels: {from: prometheus}}
scrape_configs: [{job_name: sent, static_configs: [{targets: ['${target.address}']}]}]
remote_write: [{url: '${vedette.url}/api/v1/write', authorization: {credentials: '${vedette.token}'}, queue_config: {batch_send_deadline: 1s}}]
`);
  try {
    await vi.waitFor(async () => {
      const [found] = await vedette.query('count_over_time(looks_total{from="prometheus",job="sent"}[1m])');
      expect(Number(found?.value?.[1])).toBeGreaterThan(2);
    }, LONG);
    const theirs = await (await fetch(`http://${sender.address}/metrics`)).text();
    expect(theirs).toMatch(/^prometheus_remote_storage_samples_failed_total\{.*\} 0$/m);
  } finally {
    await sender.stop();
  }
  const own = await (await vedette.get('/metrics')).text();
  expect(own).toMatch(/^vedette_remote_write_sent_samples_total\{receiver="http:[^"]*"\} [1-9]/m);
}, 60_000);
