import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNotificationDaemon, type NotificationDaemon } from '../services/notification-daemon.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';

const PATIENCE = { timeout: 15_000 };

describe('a popup on a real notification daemon', () => {
  let workplace: Workplace;
  let daemon: NotificationDaemon;
  let vedette: Vedette;
  beforeAll(async () => {
    workplace = makeWorkplace();
    workplace.write('prometheus.yml', 'host:\n  enabled: false\n');
    daemon = await startNotificationDaemon();
    vedette = await startVedette({ workplace, environment: daemon.environment });
  });
  afterAll(async () => {
    await vedette.stop();
    daemon.stop();
    workplace.remove();
  });
  const post = async (alertname: string): Promise<void> => {
    const answer = await fetch(`${vedette.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${vedette.token}`, 'content-type': 'application/json' },
      body: JSON.stringify([{ labels: { alertname, severity: 'critical' }, annotations: { summary: 'CPU at 97 %' } }]),
    });
    expect(answer.status).toBe(200);
  };
  const handlingOf = async (name: string) =>
    (await vedette.client.alerts.active()).find((alert) => alert.name === name)?.handling ?? null;

  it('whose button "Acknowledge" is pressed leaves the alert acknowledged, and who did it is written down', async () => {
    await post('HighCPU');
    await expect.poll(() => daemon.displayed(), PATIENCE).toBe(1);
    daemon.press('Acknowledge');
    await expect.poll(async () => (await handlingOf('HighCPU'))?.acknowledged ?? null, PATIENCE).not.toBeNull();
    const [entry] = await vedette.client.audit.list({ from: 0, to: Date.now() });
    expect(entry).toMatchObject({ via: 'popup', action: 'acknowledge', subject: 'HighCPU' });
  });

  it('whose button "Snooze 1 h" is pressed snoozes the alert for an hour', async () => {
    await post('DiskFull');
    await expect.poll(() => daemon.displayed(), PATIENCE).toBe(1);
    const before = Date.now();
    daemon.press('Snooze 1 h');
    await expect.poll(async () => (await handlingOf('DiskFull'))?.snoozed ?? null, PATIENCE).not.toBeNull();
    const until = (await handlingOf('DiskFull'))?.snoozed?.until ?? 0;
    expect(until - before).toBeGreaterThanOrEqual(3_600_000);
  });
});
