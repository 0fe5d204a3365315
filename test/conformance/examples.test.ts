import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startServer, type LocalServer } from '../doubles/http-server.ts';
import { burnProcessor } from '../services/burn-processor.ts';
import { startNotificationDaemon, type NotificationDaemon } from '../services/notification-daemon.ts';
import { startNodeExporter, startPrometheus, type Exporter } from '../services/start-exporter.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../services/webhook-receiver.ts';

const EXAMPLES = join(import.meta.dirname, '../../../shared/examples');
const RULE_FILES = ['alert_rules.yml', 'alerting-rules-1688sync.yml'];
/** What the services of the examples would serve. */
const SERVICES = `# TYPE http_requests_total counter
http_requests_total{status="200"} 1000
http_requests_total{status="500"} 1
# TYPE http_request_duration_seconds gauge
http_request_duration_seconds 0.1
# TYPE redis_up gauge
redis_up 1
# TYPE mysql_up gauge
mysql_up 1
# TYPE sync_requests_total counter
sync_requests_total{status="error"} 1
# TYPE queue_size gauge
queue_size{queue_name="orders"} 3
# TYPE sync_duration gauge
sync_duration 12
`;

const example = (name: string): string => readFileSync(join(EXAMPLES, name), 'utf8');

let place: Workplace;
let desk: NotificationDaemon;
let webhooks: WebhookReceiver;
let services: LocalServer;
let node: Exporter;
let prometheus: Exporter;
let vedette: Vedette;
let relax: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  place = makeWorkplace();
  [desk, webhooks, services, node, prometheus] = await Promise.all([
    startNotificationDaemon(),
    startWebhookReceiver(),
    startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(SERVICES);
    }),
    startNodeExporter(),
    startPrometheus(),
  ]);
  // Changed are only the addresses, how often things are done, and how long an alert waits.
  for (const name of RULE_FILES) place.write(name, example(name).replace(/\bfor: \d+m/g, 'for: 2s'));
  const addresses: Readonly<Record<string, string>> = {
    'localhost:9090': prometheus.address,
    'node-exporter:9100': node.address,
  };
  const main = example('prometheus.yml')
    .replace(/_interval: \d+s/g, '_interval: 1s')
    .replace(/targets: \['([^']+)'\]/g, (_, target: string) => `targets: ['${addresses[target] ?? services.address}']`)
    .replace(/^ {2}- "alert_rules.yml"$/m, RULE_FILES.map((name) => `  - "${name}"`).join('\n'));
  place.write(
    'prometheus.yml',
    `${main}
host: {enabled: false}
alertmanager:
  route: {receiver: desk, group_by: [alertname, summary], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
  receivers:
    - {name: desk, desktop_configs: [{}], webhook_configs: [{url: '${webhooks.url}'}]}
`,
  );
  vedette = await startVedette({ workplace: place, environment: desk.environment });
});
afterAll(async () => {
  await relax();
  await vedette.stop();
  await Promise.all([webhooks.stop(), services.close(), node.stop(), prometheus.stop()]);
  desk.stop();
  place.remove();
});

it('has the six targets of the example up', async () => {
  await vi.waitFor(async () => {
    const up = await vedette.query('up{job!="vedette"}');
    expect(up.map(({ metric, value }) => `${metric['job'] ?? ''} ${value?.[1] ?? ''}`).sort()).toEqual(
      ['cadvisor', 'myplatform-app', 'mysql', 'node-exporter', 'prometheus', 'redis'].map((job) => `${job} 1`),
    );
  }, 10_000);
});

it('evaluates each of the twelve rules without an error', async () => {
  await vi.waitFor(async () => {
    const rules = (await vedette.client.alerts.rules()).flatMap((group) => group.rules);
    expect(rules).toHaveLength(12);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  }, 10_000);
});

it('tells of a busy processor on the desktop and by webhook, and again when it is over', async () => {
  relax = burnProcessor();
  const told = (status: 'firing' | 'resolved') =>
    vi.waitFor(
      () => {
        const body = webhooks.bodies().findLast(({ groupLabels }) => groupLabels['alertname'] === 'HighCPUUsage');
        if (body?.status !== status) throw new Error(`no webhook says that the alert is ${status}\n${vedette.log()}`);
        return body;
      },
      // How busy the machine is otherwise decides how soon it is over.
      { timeout: 100_000, interval: 100 },
    );
  const titles = (): string[] => desk.history().map(({ summary }) => summary);
  expect((await told('firing')).commonLabels).toMatchObject({ severity: 'warning', instance: node.address });
  await vi.waitFor(() => expect(titles()).toContain('Warning: HighCPUUsage'), 10_000);
  await relax();
  await told('resolved');
  await vi.waitFor(() => expect(titles()).toContain('Resolved: HighCPUUsage'), 10_000);
}, 240_000);
