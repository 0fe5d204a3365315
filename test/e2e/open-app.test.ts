import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Alarm, startAlarm } from '../shell/alarm.ts';
import { type App, availableHosts, openApp } from './open-app.ts';
import { until } from './until.ts';

/** What every journey builds on: the same application behind the same fixture, whatever carries it. */
describe.each(availableHosts())('the application on %s', (host) => {
  let alarm: Alarm;
  let app: App;

  beforeAll(async () => {
    alarm = await startAlarm();
    app = await openApp(host, { configText: alarm.configText, files: alarm.files });
  });
  afterAll(async () => {
    await app.close();
    await alarm.remove();
  });

  it('shows its pages under the address that the fixture names', async () => {
    for (const path of ['/services', '/settings', '/']) {
      await app.page.goto(app.baseUrl + path);
      await app.page.locator('nav').first().waitFor();
      expect(new URL(app.page.url()).pathname).toBe(path);
    }
  });

  it('lets the page ask and follow what changes, over its own carrier', async () => {
    await app.page.getByText(/Engine ok/i).waitFor();
  });

  it('answers over HTTP too, and takes writes with its token', async () => {
    const reload = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${app.apiUrl}/-/reload`, { method: 'POST', headers });
    expect((await reload({})).status).toBe(401);
    expect((await reload({ authorization: `Bearer ${app.token}` })).status).toBe(200);
  });

  it('records the popup of an alert', async () => {
    alarm.ring('critical');
    const shown = await until(
      'a popup',
      () => app.os.notifications(),
      (all) => all.length > 0,
    );
    expect(shown[0]).toMatchObject({ urgency: 'critical' });
    expect(shown[0]?.title).toContain('AlarmRings');
  });
});
