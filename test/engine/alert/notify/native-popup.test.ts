import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildAlertPopup } from '../../../../electron/engine/alert/notify/build-popup.ts';
import { createNodeNotifierPopups } from '../../../../electron/engine/alert/notify/index.ts';
import type { Popup } from '../../../../electron/engine/alert/notify/popup.ts';
import { systemClock } from '../../../../electron/engine/schedule/index.ts';
import { startNotificationDaemon, type NotificationDaemon } from '../../../services/notification-daemon.ts';
import { alertOf, notificationOf } from './examples.ts';

const popups = createNodeNotifierPopups({ clock: systemClock });
const context = { language: 'en' as const, nowMs: 1_700_000_252_000, timeZone: 'UTC' };

function popup(changes: Partial<Popup>): Popup {
  const alert = alertOf({ alertname: 'HighCPUUsage', instance: 'web:9100', severity: 'critical' });
  return { ...buildAlertPopup(alert, notificationOf([alert]), context), ...changes };
}

describe('popups on a real notification daemon', () => {
  let daemon: NotificationDaemon;
  beforeAll(async () => {
    daemon = await startNotificationDaemon();
  });
  afterAll(() => {
    daemon.stop();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const reach = (): void => {
    for (const [name, value] of Object.entries(daemon.environment)) vi.stubEnv(name, value);
  };

  it('shows an alert and replaces it by its end', async () => {
    reach();
    expect(await popups.show(popup({}))).toEqual({ delivered: true });
    await expect.poll(() => daemon.displayed()).toBe(1);
    const resolved = alertOf(
      { alertname: 'HighCPUUsage', instance: 'web:9100', severity: 'critical' },
      { endsAt: 1_700_000_252_000 },
    );
    expect(await popups.show(buildAlertPopup(resolved, notificationOf([resolved]), context))).toEqual({
      delivered: true,
    });
    await expect.poll(() => daemon.displayed()).toBe(1);
    const [last] = daemon.history();
    expect(last).toMatchObject({ appName: 'Vedette', summary: 'Resolved: HighCPUUsage' });
    expect(last?.body).toContain('Resolved after 4 min 12 s');
  });

  it('passes hostile text through untouched, without running any of it', async () => {
    reach();
    const nasty = `-u low "$(touch /tmp/vedette-was-here)" \`id\` \\n C:\\new <b>bold</b> & ünï 中文 \u0007\u001b[31m`;
    expect(await popups.show(popup({ id: 'nasty', title: `-t 'x' "$HOME"`, body: nasty }))).toEqual({
      delivered: true,
    });
    expect(existsSync('/tmp/vedette-was-here')).toBe(false);
    const [last] = daemon.history();
    expect(last?.summary.trim()).toBe(`-t 'x' "$HOME"`);
    expect(last?.body.trim()).toBe(
      `-u low "$(touch /tmp/vedette-was-here)" \`id\` \\n C:\\new &lt;b&gt;bold&lt;/b&gt; &amp; ünï 中文 [31m`,
    );
  });

  it('counts a popup that the daemon holds back as delivered, because nobody can tell', async () => {
    reach();
    daemon.setPaused(true);
    expect(await popups.show(popup({ id: 'held' }))).toEqual({ delivered: true });
    await expect.poll(() => daemon.displayed()).toBe(0);
    daemon.setPaused(false);
    await expect.poll(() => daemon.displayed()).toBe(1);
  });

  it('fails with the words of notify-send where there is no desktop', async () => {
    vi.stubEnv('DISPLAY', undefined);
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', undefined);
    vi.stubEnv('XDG_RUNTIME_DIR', undefined);
    const outcome = await popups.show(popup({}));
    expect(outcome).toMatchObject({ delivered: false });
    if (!outcome.delivered) expect(outcome.reason).toContain('D-Bus');
  });
});
