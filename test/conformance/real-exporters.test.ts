import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startNodeExporter, startPrometheus, type Exporter } from '../services/start-exporter.ts';
import { makeWorkplace, startVedette, type QuerySample, type Vedette, type Workplace } from '../services/vedette.ts';

let place: Workplace;
let node: Exporter;
/** Scraped by both, and asked the same questions as Vedette. */
let prometheus: Exporter;
let vedette: Vedette;

beforeAll(async () => {
  place = makeWorkplace();
  node = await startNodeExporter();
  const job = `{job_name: node, static_configs: [{targets: ['${node.address}'], labels: {site: lab}}]}`;
  prometheus = await startPrometheus(`{global: {scrape_interval: 1s}, scrape_configs: [${job}]}`);
  place.write(
    'prometheus.yml',
    `
global: {scrape_interval: 1s}
host: {enabled: false}
scrape_configs:
  - ${job}
  - job_name: prometheus
    static_configs: [{targets: ['${prometheus.address}']}]
`,
  );
  vedette = await startVedette({ workplace: place });
});
afterAll(async () => {
  await vedette.stop();
  await Promise.all([node.stop(), prometheus.stop()]);
  place.remove();
});

/** Samples of a text exposition: lines that are no comments. */
async function countSamples(address: string): Promise<number> {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

async function askPrometheus(expr: string): Promise<readonly QuerySample[]> {
  const query = new URLSearchParams({ query: expr }).toString();
  const answer = await fetch(`http://${prometheus.address}/api/v1/query?${query}`);
  return ((await answer.json()) as { data: { result: readonly QuerySample[] } }).data.result;
}

const valuesByLabels = (samples: readonly QuerySample[]): readonly string[] =>
  samples.map(({ metric, value }) => `${JSON.stringify(Object.entries(metric).sort())} ${value?.[1] ?? ''}`).sort();

it('scrapes both and counts the samples that they give', async () => {
  await vi.waitFor(async () => {
    const expected = [
      `[["__name__","up"],["instance","${node.address}"],["job","node"],["site","lab"]] 1`,
      `[["__name__","up"],["instance","${prometheus.address}"],["job","prometheus"]] 1`,
    ];
    expect(valuesByLabels(await vedette.query('up{job!~"vedette.*"}'))).toEqual(expected.sort());
  }, 10_000);
  const [scraped] = await vedette.query('scrape_samples_scraped{job="node"}');
  expect(Number(scraped?.value?.[1])).toBe(await countSamples(node.address));
});

it('tells in the target API what it scrapes', async () => {
  const targets = (await (await vedette.get('/api/v1/targets')).json()) as {
    readonly data: { readonly activeTargets: readonly Readonly<Record<string, unknown>>[] };
  };
  expect(
    targets.data.activeTargets.map(({ scrapePool, health, lastError }) => [scrapePool, health, lastError]),
  ).toEqual([
    ['node', 'up', ''],
    ['prometheus', 'up', ''],
  ]);
});

it.each([
  'up{job="node"}',
  'scrape_samples_scraped{job="node"}',
  'scrape_series_added{job="node"} >= 0',
  'node_memory_MemTotal_bytes',
  'node_uname_info',
  'count by (job, site) ({job="node"})',
  'count by (mode) (node_cpu_seconds_total{job="node"})',
  'sum by (fstype) (node_filesystem_size_bytes{job="node"})',
  'topk(3, node_filesystem_files{job="node"} > 0)',
  'node_time_seconds > bool 0 unless on (job) up{job="prometheus"}',
  'absent(node_no_such_metric{job="node"})',
  'label_replace(node_boot_time_seconds, "boot", "$1", "instance", ".*:(.*)")',
])('answers %s as Prometheus does', async (expr) => {
  await vi.waitFor(async () => {
    const [ours, theirs] = await Promise.all([vedette.query(expr), askPrometheus(expr)]);
    expect(theirs.length).toBeGreaterThan(0);
    expect(valuesByLabels(ours)).toEqual(valuesByLabels(theirs));
  }, 15_000);
});
