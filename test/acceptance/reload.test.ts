import { renameSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';

let place: Workplace;
let vedette: Vedette;

const configuration = (job: string): string => `
global: {scrape_interval: 1m}
rule_files: ['rules/*.yml']
host: {enabled: false}
scrape_configs: [{job_name: ${job}, static_configs: [{targets: ['127.0.0.1:1']}]}]
`;
const rule = (name: string): string => `groups: [{name: one, rules: [{record: '${name}', expr: '1'}]}]`;

beforeAll(async () => {
  place = makeWorkplace();
  place.write('prometheus.yml', configuration('first'));
  place.write('rules/one.yml', rule('rule:first'));
  vedette = await startVedette({ workplace: place });
});
afterAll(async () => {
  await vedette.stop();
  place.remove();
});

const jobs = async (): Promise<readonly string[]> =>
  (await vedette.client.services.list()).map(({ group }) => group).filter((group) => group !== 'vedette');
const ruleNames = async (): Promise<readonly string[]> =>
  (await vedette.client.alerts.rules()).flatMap(({ rules }) => rules.map(({ name }) => name));
const reload = (headers: Record<string, string>): Promise<Response> =>
  fetch(`${vedette.url}/-/reload`, { method: 'POST', headers });
const withToken = (): Record<string, string> => ({ authorization: `Bearer ${vedette.token}` });

it('reads the configuration again when the file changes', async () => {
  expect(await jobs()).toEqual(['first']);
  place.write('prometheus.yml', configuration('second'));
  await vi.waitFor(async () => expect(await jobs()).toEqual(['second']), 10_000);
});

it('sees a file that an editor puts in place of the old one', async () => {
  renameSync(place.write('prometheus.yml.new', configuration('third')), place.path('prometheus.yml'));
  await vi.waitFor(async () => expect(await jobs()).toEqual(['third']), 10_000);
});

it('reads rule files again when one changes and when one is added', async () => {
  place.write('rules/one.yml', rule('rule:second'));
  await vi.waitFor(async () => expect(await ruleNames()).toEqual(['rule:second']), 10_000);
  place.write('rules/two.yml', rule('rule:third').replace('one', 'two'));
  await vi.waitFor(async () => expect(await ruleNames()).toEqual(['rule:second', 'rule:third']), 10_000);
});

it('keeps what runs when the file is bad, and shows where the fault is', async () => {
  place.write('prometheus.yml', configuration('fourth').replace('scrape_interval: 1m', 'scrape_interval: soon'));
  await vi.waitFor(async () => {
    const { configProblems, configLoadedAt } = await vedette.client.system.status();
    expect(configProblems).toMatchObject([{ file: place.path('prometheus.yml'), line: 2, column: 27 }]);
    expect(configLoadedAt).toBeLessThan(Date.now());
  }, 10_000);
  expect(await jobs()).toEqual(['third']);
  const answer = await reload(withToken());
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain('prometheus.yml:2:27');
  expect(await vedette.query('vedette_config_last_reload_successful')).toBeDefined();

  place.write('prometheus.yml', configuration('fifth'));
  await vi.waitFor(async () => {
    expect(await jobs()).toEqual(['fifth']);
    expect((await vedette.client.system.status()).configProblems).toEqual([]);
  }, 10_000);
});

it('reloads by POST with the token and not without', async () => {
  const { configLoadedAt } = await vedette.client.system.status();
  expect((await reload({})).status).toBe(401);
  expect((await reload({ authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await vedette.client.system.status()).configLoadedAt).toBe(configLoadedAt);
  expect((await reload(withToken())).status).toBe(200);
  expect((await vedette.client.system.status()).configLoadedAt).toBeGreaterThan(configLoadedAt);
  expect((await vedette.get('/-/reload')).status).toBe(404);
});

it('reloads on SIGHUP', async () => {
  const { configLoadedAt } = await vedette.client.system.status();
  vedette.signal('SIGHUP');
  await vi.waitFor(async () => {
    expect((await vedette.client.system.status()).configLoadedAt).toBeGreaterThan(configLoadedAt);
  }, 10_000);
});

it('goes by changed limits and parts of PromQL without a new start', async () => {
  await expect(vedette.query('sort_by_label(vector(1), "job")')).rejects.toThrow('not enabled');
  place.write(
    'prometheus.yml',
    `${configuration('sixth')}
storage: {metrics: {max_series: 4321}}
promql: {enable_features: [promql-experimental-functions]}
retention: {metrics: {raw: 3d}, logs: {application: 2d}}
`,
  );
  await vi.waitFor(async () => {
    expect(await (await vedette.get('/metrics')).text()).toContain('\nvedette_series_limit 4321\n');
  }, 10_000);
  expect(await vedette.query('sort_by_label(vector(1), "job")')).toHaveLength(1);
});

it('puts the port that it was given into the links of alerts', async () => {
  place.write(
    'rules/one.yml',
    "groups: [{name: one, interval: 1s, rules: [{alert: A, expr: '1', annotations: {link: '{{ externalURL }}'}}]}]",
  );
  await vi.waitFor(async () => {
    const alerts = (await (await vedette.get('/api/v1/alerts')).json()) as {
      readonly data: { readonly alerts: readonly { readonly annotations: Readonly<Record<string, string>> }[] };
    };
    expect(alerts.data.alerts.map(({ annotations }) => annotations['link'])).toEqual([vedette.url]);
  }, 10_000);
});
