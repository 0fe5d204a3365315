import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startServer, type LocalServer } from '../doubles/http-server.ts';
import { burnProcessor } from '../services/burn-processor.ts';
import { startNotificationDaemon, type NotificationDaemon } from '../services/notification-daemon.ts';
import { startNodeExporter, startPrometheus, type Exporter } from '../services/start-exporter.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../services/webhook-receiver.ts';

/** A whole installation as an operator has it: a prometheus.yml, rules in two files, exporters, a desktop and a webhook. */
const SYSTEM_RULES = `
groups:
  - name: machine
    interval: 1s
    rules:
      - record: instance:node_cpu:busy_percent
        expr: 100 - (avg by (instance) (irate(node_cpu_seconds_total{mode="idle"}[5m])) * 100)
      - alert: HighCPUUsage
        # Of the process that burns: how busy the machine is otherwise is nobody's to say.
        expr: sum by (instance) (irate(process_cpu_seconds_total{job="shop"}[5m])) * 100 > 30
        for: 2s
        labels: {severity: critical}
        annotations:
          summary: 'CPU of {{ $labels.instance }} is busy'
          description: '{{ printf "%.0f" $value }} % of a core is in use'
      - alert: HighMemoryUsage
        expr: (node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes) / node_memory_MemTotal_bytes * 100 > 100
        for: 5m
        labels: {severity: warning}
      - alert: DiskAlmostFull
        expr: (node_filesystem_size_bytes - node_filesystem_free_bytes) / node_filesystem_size_bytes * 100 > 100
        for: 5m
        labels: {severity: warning}
`;
const APPLICATION_RULES = `
groups:
  - name: shop
    rules:
      - alert: SlowAnswers
        expr: histogram_quantile(0.95, sum by (le) (rate(shop_request_seconds_bucket[5m]))) > 2
      - alert: ManyErrors
        expr: sum(rate(shop_requests_total{status=~"5.."}[5m])) / sum(rate(shop_requests_total[5m])) * 100 > 5
        for: 5m
      - alert: CacheGone
        expr: cache_up == 0
        for: 1m
        annotations: {summary: 'The cache {{ $labels.instance }} does not answer: {{ $value | humanize }}'}
      - alert: TargetGone
        expr: up == 0
        for: 1m
`;
const shopMetrics = (): string => `# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total ${String((process.cpuUsage().user + process.cpuUsage().system) / 1e6)}
# TYPE shop_requests_total counter
shop_requests_total{status="200"} 1234
shop_requests_total{status="500"} 3
# TYPE shop_request_seconds histogram
shop_request_seconds_bucket{le="0.1"} 1000
shop_request_seconds_bucket{le="1"} 1230
shop_request_seconds_bucket{le="+Inf"} 1237
shop_request_seconds_sum 123.4
shop_request_seconds_count 1237
# TYPE cache_up gauge
cache_up 1
`;

let place: Workplace;
let desk: NotificationDaemon;
let webhooks: WebhookReceiver;
let shop: LocalServer;
let exporters: Exporter[];
let vedette: Vedette;
let relax: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  place = makeWorkplace();
  [desk, webhooks, shop, ...exporters] = await Promise.all([
    startNotificationDaemon(),
    startWebhookReceiver(),
    startServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(shopMetrics()),
    ),
    startNodeExporter(),
    startPrometheus(),
  ]);
  const [node, prometheus] = exporters.map(({ address }) => address);
  place.write('machine.yml', SYSTEM_RULES);
  place.write('shop.yml', APPLICATION_RULES);
  place.write(
    'prometheus.yml',
    `
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [machine.yml, shop.yml]
scrape_configs:
  - {job_name: prometheus, static_configs: [{targets: ['${prometheus ?? ''}']}]}
  - {job_name: node-exporter, static_configs: [{targets: ['${node ?? ''}']}]}
  - {job_name: shop, metrics_path: /metrics, static_configs: [{targets: ['${shop.address}']}]}
alertmanager:
  route: {receiver: desk, group_by: [alertname, instance], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
  receivers:
    - name: desk
      desktop_configs: [{}]
      webhook_configs: [{url: '${webhooks.url}'}]
`,
  );
  vedette = await startVedette({ workplace: place, environment: desk.environment });
});
afterAll(async () => {
  await relax();
  const code = await vedette.stop();
  await Promise.all([webhooks.stop(), shop.close(), ...exporters.map((exporter) => exporter.stop())]);
  desk.stop();
  place.remove();
  expect(code).toBe(0);
});

interface RulesAnswer {
  readonly data: {
    readonly groups: readonly {
      readonly name: string;
      readonly rules: readonly { readonly name: string; readonly health: string; readonly lastError?: string }[];
    }[];
  };
}

it('has every target up', async () => {
  await vi.waitFor(async () => {
    const up = await vedette.query('up{job=~"prometheus|node-exporter|shop"}');
    expect(up.map(({ metric, value }) => [metric['job'], value?.[1]]).sort()).toEqual([
      ['node-exporter', '1'],
      ['prometheus', '1'],
      ['shop', '1'],
    ]);
  }, 10_000);
});

it('evaluates every rule without an error', async () => {
  await vi.waitFor(async () => {
    const { data } = (await (await vedette.get('/api/v1/rules')).json()) as RulesAnswer;
    const rules = data.groups.flatMap((group) => group.rules);
    expect(rules).toHaveLength(8);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  }, 10_000);
});

it('tells on the desktop and by webhook that the processor is busy, and again that it is not', async () => {
  relax = burnProcessor();
  const titles = (): string[] => desk.history().map(({ summary }) => summary);
  const { address } = shop;
  const told = (status: 'firing' | 'resolved') =>
    vi.waitFor(
      () => {
        const body = webhooks
          .bodies()
          .findLast(
            ({ groupLabels }) => groupLabels['alertname'] === 'HighCPUUsage' && groupLabels['instance'] === address,
          );
        if (body?.status !== status) throw new Error(`no webhook says that the alert is ${status}\n${vedette.log()}`);
        return body;
      },
      { timeout: 40_000, interval: 100 },
    );

  const firing = await told('firing');
  expect(firing).toMatchObject({
    version: '4',
    receiver: 'desk',
    groupKey: `{}:{alertname="HighCPUUsage", instance="${address}"}`,
    truncatedAlerts: 0,
    commonLabels: { alertname: 'HighCPUUsage', severity: 'critical', instance: address },
    commonAnnotations: { summary: `CPU of ${address} is busy` },
  });
  const [alert] = firing.alerts;
  expect(alert).toMatchObject({ status: 'firing', endsAt: '0001-01-01T00:00:00Z' });
  expect(alert?.annotations['description']).toMatch(/^\d+ % of a core is in use$/);
  expect(alert?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(alert?.generatorURL).toContain('g0.expr=');
  await expect.poll(() => desk.displayed(), { timeout: 10_000 }).toBeGreaterThan(0);
  const screen = place.path('screen.png');
  desk.screenshot(screen);
  expect(spreadOfPixels(screen)).toBeGreaterThan(0.02);

  expect(titles()).toContain('Critical: HighCPUUsage');

  await relax();
  const resolved = await told('resolved');
  expect(resolved.alerts[0]).toMatchObject({ status: 'resolved', startsAt: alert?.startsAt });
  expect(Date.parse(resolved.alerts[0]?.endsAt ?? '')).toBeGreaterThan(Date.parse(alert?.startsAt ?? ''));
  await vi.waitFor(() => expect(titles()).toContain('Resolved: HighCPUUsage'), 10_000);
}, 90_000);

/** 0 for a screen of one colour. */
function spreadOfPixels(file: string): number {
  return Number(
    spawnSync('convert', [file, '-format', '%[fx:standard_deviation]', 'info:'], { encoding: 'utf8' }).stdout,
  );
}
