import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startServer, type LocalServer } from '../doubles/http-server.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../services/webhook-receiver.ts';

const INTERVAL_MS = 1_000;

let place: Workplace;
let target: LocalServer;
let webhooks: WebhookReceiver;
let vedette: Vedette;

beforeAll(async () => {
  place = makeWorkplace();
  webhooks = await startWebhookReceiver();
  target = await startServer((_request, response) => {
    const series = Array.from({ length: 50 }, (_, i) => `load{part="${String(i)}"} ${String(i)}\n`).join('');
    response
      .writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
      .end(`${series}looks_total ${String(target.requests.length)}\n`);
  });
  place.write(
    'rules.yml',
    `
groups:
  - name: always
    rules:
      - {alert: LoadIsThere, expr: 'load{part="1"} == 1', for: 1s}
      - {alert: LoadIsThereAtOnce, expr: 'load{part="2"} == 2'}
`,
  );
  place.write('app.log', '');
  place.write(
    'prometheus.yml',
    `
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs: [{job_name: app, static_configs: [{targets: ['${target.address}']}]}]
checks: [{name: page, interval: 1s, http: {url: '${target.url}/health'}}]
alertmanager:
  route: {receiver: hook, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 4h}
  receivers: [{name: hook, webhook_configs: [{url: '${webhooks.url}'}]}]
`,
  );
  vedette = await startVedette({ workplace: place });
});
afterAll(async () => {
  await vedette.stop();
  await Promise.all([target.close(), webhooks.stop()]);
  place.remove();
});

/** Times of the samples of a series, in milliseconds. */
async function timesOf(selector: string): Promise<readonly number[]> {
  const found = await vedette.query(`${selector}[10m]`);
  expect(found).toHaveLength(1);
  return (found[0]?.values ?? []).map(([seconds]) => Math.round(seconds * 1000));
}

const evaluations = async (): Promise<number> =>
  Math.min(
    ...(await vedette.client.alerts.rules()).flatMap(({ rules }) => rules.map((rule) => rule.lastEvaluatedAt ?? 0)),
  );

/** What fires and since when, in seconds: what survives a restart is a series of its own, in Prometheus's unit. */
const firing = async (): Promise<readonly string[]> =>
  (await vedette.client.alerts.active())
    .map(({ id, name, state, activeAt }) => `${id} ${name} ${state} ${String(Math.floor(activeAt / 1000))}`)
    .sort();

it('loses at most the last second, doubles nothing and announces nothing twice when it is killed', async () => {
  await vi.waitFor(async () => {
    expect(webhooks.bodies()).toHaveLength(2);
    expect((await timesOf('looks_total')).length).toBeGreaterThanOrEqual(5);
  }, 20_000);
  const alertsBefore = await firing();
  const seriesBefore = (await vedette.query('count({job="app"})'))[0]?.value?.[1];
  const before = await timesOf('looks_total');
  const killedAt = Date.now();
  await vedette.kill();

  vedette = await startVedette({ workplace: place });
  const startedAt = Date.now();
  await vi.waitFor(async () => {
    expect(await evaluations()).toBeGreaterThan(startedAt + 3 * INTERVAL_MS);
  }, 20_000);

  const times = await timesOf('looks_total');
  expect(times.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
  const lastBefore = times.findLast((time) => time <= killedAt) ?? 0;
  expect(killedAt - lastBefore).toBeLessThanOrEqual(2 * INTERVAL_MS + 100);
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(0);
  expect(
    gaps.filter((gap, i) => gap > 2 * INTERVAL_MS && !((times[i] ?? 0) <= killedAt && (times[i + 1] ?? 0) > killedAt)),
  ).toEqual([]);
  expect((times.find((time) => time > killedAt) ?? Infinity) - startedAt).toBeLessThanOrEqual(2 * INTERVAL_MS);

  expect((await vedette.query('count({job="app"})'))[0]?.value?.[1]).toBe(seriesBefore);
  expect(await firing()).toEqual(alertsBefore);
  expect(webhooks.bodies()).toHaveLength(2);
}, 60_000);

it('keeps the history of checks over the kill', async () => {
  const times = await timesOf('probe_success{check="page"}');
  expect(times.length).toBeGreaterThan(5);
});
