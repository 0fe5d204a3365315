import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startPrometheus, type Exporter } from '../services/start-exporter.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../services/webhook-receiver.ts';

/** Debian's amtool and Prometheus, with Vedette as their Alertmanager. */
const run = promisify(execFile);
let place: Workplace;
let receiver: WebhookReceiver;
let vedette: Vedette;
let prometheus: Exporter;

beforeAll(async () => {
  place = makeWorkplace();
  receiver = await startWebhookReceiver();
  place.write(
    'prometheus.yml',
    `
host: {enabled: false}
alertmanager:
  route:
    receiver: hook
    group_by: [alertname]
    group_wait: 0s
    group_interval: 1s
    routes:
      - {receiver: quiet, matchers: ['team="night"']}
  receivers:
    - {name: hook, webhook_configs: [{url: '${receiver.url}'}]}
    - {name: quiet}
`,
  );
  vedette = await startVedette({ workplace: place });
  place.write('am-client.yml', `authorization: {credentials: '${vedette.token}'}\n`);
  place.write(
    'rules.yml',
    'groups: [{name: g, interval: 1s, rules: [{alert: FromPrometheus, expr: vector(1), labels: {severity: critical}}]}]',
  );
  // It knows its Alertmanagers only after some seconds; what fires before is said again after the delay.
  const flags = ['--rules.alert.resend-delay=1s'];
  const config = `
global: {scrape_interval: 1h, evaluation_interval: 1s}
rule_files: ['${place.path('rules.yml')}']
alerting:
  alertmanagers:
    - authorization: {credentials: '${vedette.token}'}
      static_configs: [{targets: ['${new URL(vedette.url).host}']}]
`;
  prometheus = await startPrometheus(config, 0, flags);
});
afterAll(async () => {
  await prometheus.stop();
  await vedette.stop();
  await receiver.stop();
  place.remove();
});

async function amtool(...args: readonly string[]): Promise<string> {
  const client = ['--alertmanager.url', vedette.url, '--http.config.file', place.path('am-client.yml')];
  const { stdout } = await run('/usr/bin/amtool', [...args, ...client]);
  return stdout;
}

const told = (name: string) => receiver.bodies().flatMap(({ alerts }) => alerts.filter(({ labels }) => labels['alertname'] === name)); // prettier-ignore

describe('Prometheus', () => {
  it('sends an alert that goes through to the channel', async () => {
    await vi.waitFor(() => expect(told('FromPrometheus')).not.toEqual([]), { timeout: 40_000, interval: 100 });
    expect(told('FromPrometheus')[0]).toMatchObject({
      status: 'firing',
      labels: { alertname: 'FromPrometheus', severity: 'critical' },
      generatorURL: expect.stringContaining('/graph?') as string,
    });
  });
});

describe('amtool', () => {
  it('adds alerts, silences them, and finds both', async () => {
    await amtool('alert', 'add', 'alertname=FromAmtool', 'team=day', '--annotation=summary=by hand');
    await vi.waitFor(() => expect(told('FromAmtool')).toHaveLength(1), { timeout: 20_000, interval: 50 });
    const id = (await amtool('silence', 'add', 'alertname=FromAmtool', '--comment=known', '--author=kim')).trim();
    const silences = JSON.parse(await amtool('silence', 'query', '-o', 'json')) as { id: string; comment: string }[];
    expect(silences).toMatchObject([{ id, comment: 'known', createdBy: 'kim', status: { state: 'active' } }]);
    const shown = JSON.parse(await amtool('alert', 'query', '--silenced', '-o', 'json')) as unknown[];
    expect(shown).toMatchObject([
      {
        labels: { alertname: 'FromAmtool' },
        status: { state: 'suppressed', silencedBy: [id] },
        receivers: [{ name: 'hook' }],
      },
    ]);
    await amtool('silence', 'expire', id);
    expect(await amtool('silence', 'query', '-q')).toBe('');
    const expired = JSON.parse(await amtool('silence', 'query', '--expired', '-o', 'json')) as unknown[];
    expect(expired).toMatchObject([{ id, status: { state: 'expired' } }]);
  });

  it('reads the running configuration and routes with it', async () => {
    const routed = await amtool('config', 'routes', 'test', 'team=night');
    expect(routed.trim()).toBe('quiet');
    expect((await amtool('config', 'routes', 'test', 'team=day')).trim()).toBe('hook');
  });

  it('may not change anything without the token', async () => {
    const answer = await fetch(`${vedette.url}/api/v2/alerts`, { method: 'POST', body: '[]', headers: { 'content-type': 'application/json' } }); // prettier-ignore
    expect(answer.status).toBe(401);
    expect((await fetch(`${vedette.url}/api/v2/status`)).status).toBe(200);
  });
});
