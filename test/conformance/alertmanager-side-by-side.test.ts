import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAlertmanager, type Exporter } from '../services/start-exporter.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';
import { startWebhookReceiver, type WebhookBody, type WebhookReceiver } from '../services/webhook-receiver.ts';

/** The same stream of alerts to Debian's Alertmanager and to Vedette, on the same configuration: the same webhooks. */
const config = (url: string): string => `
route:
  receiver: hook
  group_by: [alertname]
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 1h
  routes:
    - {receiver: hook, matchers: ['team="db"'], group_by: [alertname, instance], continue: true}
    - {receiver: hook, matchers: ['severity=~"critical|warning"']}
receivers: [{name: hook, webhook_configs: [{url: '${url}', send_resolved: true}]}]
inhibit_rules:
  - {source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'], equal: [instance]}
`;

interface Side {
  readonly name: string;
  readonly receiver: WebhookReceiver;
  url: string;
  headers: Record<string, string>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

let sides: Side[] = [];
let place: Workplace;
let folder: string;

beforeAll(async () => {
  place = makeWorkplace();
  folder = mkdtempSync(join(tmpdir(), 'vedette-alertmanager-'));
  sides = [await oracle(await startWebhookReceiver()), await ours(await startWebhookReceiver())];
});
afterAll(async () => {
  for (const side of sides) {
    await side.stop();
    await side.receiver.stop();
  }
  place.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function oracle(receiver: WebhookReceiver): Promise<Side> {
  const start = (port: number): Promise<Exporter> => startAlertmanager(folder, config(receiver.url), port);
  let running = await start(0);
  const side: Side = {
    name: 'Alertmanager',
    receiver,
    url: `http://${running.address}`,
    headers: {},
    async restart() {
      await running.stop();
      running = await start(Number(new URL(side.url).port));
    },
    stop: () => running.stop(),
  };
  return side;
}

async function ours(receiver: WebhookReceiver): Promise<Side> {
  const text = config(receiver.url).replaceAll('\n', '\n  ');
  place.write('prometheus.yml', `host: {enabled: false}\nrule_files: []\nalertmanager:${text}\n`);
  const start = (): Promise<Vedette> => startVedette({ workplace: place });
  let running = await start();
  const reach = (): void => {
    side.url = running.url;
    side.headers = { authorization: `Bearer ${running.token}` };
  };
  const side: Side = {
    name: 'Vedette',
    receiver,
    url: '',
    headers: {},
    async restart() {
      await running.stop();
      running = await start();
      reach();
    },
    async stop() {
      await running.stop();
    },
  };
  reach();
  return side;
}

async function call(side: Side, path: string, body: unknown): Promise<unknown> {
  const headers = { ...side.headers, 'content-type': 'application/json' };
  const answer = await fetch(`${side.url}/api/v2/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${side.name} ${path}: ${String(answer.status)} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

type Labels = Readonly<Record<string, string>>;

/** Tell both sides at the same time; `endsAt` at once ends an alert. */
async function post(labels: Labels, how: 'fires' | 'ends' = 'fires'): Promise<void> {
  const now = new Date().toISOString();
  const alert = {
    labels,
    annotations: { summary: `about ${labels['instance'] ?? ''}` },
    generatorURL: 'http://prometheus.example/graph',
    ...(how === 'fires' ? { startsAt: now } : { endsAt: now }),
  };
  await Promise.all(sides.map((side) => call(side, 'alerts', [alert])));
}

/** What a webhook says, without what two clocks make differ. */
function said({
  groupKey,
  status,
  receiver,
  groupLabels,
  commonLabels,
  commonAnnotations,
  alerts,
}: WebhookBody): object {
  return {
    groupKey,
    status,
    receiver,
    groupLabels,
    commonLabels,
    commonAnnotations,
    alerts: alerts.map((one) => ({ status: one.status, labels: one.labels, annotations: one.annotations, fingerprint: one.fingerprint })), // prettier-ignore
  };
}

const byGroup = ({ receiver }: Side): Record<string, object[]> => {
  const groups: Record<string, object[]> = {};
  for (const body of receiver.bodies()) (groups[body.groupKey] ??= []).push(said(body));
  return groups;
};

describe('a stream of alerts', () => {
  it('gives the same webhooks, group by group and in the same order', { timeout: 90_000 }, async () => {
    const disk = { alertname: 'DiskFull', instance: 'h1', severity: 'warning' };
    const cpu = { alertname: 'HighCPU', instance: 'h2', severity: 'warning' };
    const down = { alertname: 'HostDown', instance: 'h2', severity: 'critical' };
    const flap = { alertname: 'Flapping', instance: 'h3', severity: 'info' };
    const query = { alertname: 'SlowQuery', instance: 'h4', team: 'db', severity: 'warning' };
    const quiet = { alertname: 'Noisy', instance: 'h5', severity: 'info' };

    // Two in one group, one that is inhibited from the beginning, one that goes to two routes.
    await post(disk);
    await post({ ...disk, instance: 'h9' });
    await post(down);
    await post(cpu);
    await post(query);
    const until = new Date(Date.now() + 600_000).toISOString();
    const silence = { matchers: [{ name: 'alertname', value: 'Noisy', isRegex: false, isEqual: true }], startsAt: new Date().toISOString(), endsAt: until, createdBy: 'test', comment: 'known' }; // prettier-ignore
    await Promise.all(sides.map((side) => call(side, 'silences', silence)));
    await post(quiet);
    await wait(2_000);
    // It flaps: seen once firing, then ended and back between two ticks.
    await post(flap);
    await wait(1_500);
    await post(flap, 'ends');
    await wait(400);
    await post(flap);
    await wait(2_600);
    // The one that inhibits ends, so that the other is told; a member of the first group ends.
    await post(down, 'ends');
    await post({ ...disk, instance: 'h9' }, 'ends');
    await wait(5_000);
    await Promise.all(sides.map((side) => side.restart()));
    // What still fires is said again, as Prometheus would.
    await post(disk);
    await post(cpu);
    await post(query);
    await wait(3_000);
    await post(disk, 'ends');
    await post(query, 'ends');
    await wait(6_000);

    const [theirs, own] = sides.map(byGroup);
    expect(Object.keys(theirs ?? {}).length).toBeGreaterThan(4);
    expect(own).toEqual(theirs);
    expect(JSON.stringify(own)).not.toContain('Noisy');
  });
});
