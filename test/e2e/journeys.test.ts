import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type LocalServer } from '../doubles/http-server.ts';
import { availableHosts, openApp, type App } from './open-app.ts';
import { until } from './until.ts';

/** What users do, once, on every host that is here: the server with a browser, and the desktop application. */

const go = (app: App, path: string): Promise<unknown> => app.page.goto(`${app.baseUrl}${path}`);
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).first();

describe.each(availableHosts())('on its first start, %s', (host) => {
  let app: App;
  beforeAll(async () => {
    app = await openApp(host);
  });
  afterAll(() => app.close());

  it('shows this computer at once, without any configuration', async () => {
    await heading(app.page, 'This computer').waitFor();
    const chart = app.page.getByRole('img', { name: /^CPU/ });
    await chart.waitFor({ timeout: 15_000 });
    expect(await chart.getAttribute('aria-label')).toMatch(/%/);
  });

  it('watches a pasted address, and recognises that it answers with metrics', async () => {
    const exporter = await startServer((_request, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end('# TYPE shop_orders_total counter\nshop_orders_total 42\n');
    });
    await go(app, '/services');
    await app.page.getByRole('textbox', { name: 'Address to watch' }).first().fill(exporter.address);
    await app.page.getByRole('button', { name: 'Watch' }).first().click();
    await app.page.getByText(`${exporter.address} gives metrics`).waitFor();
    await app.page.getByText(`http://${exporter.address}/metrics`).waitFor();
    await go(app, '/services');
    await app.page.getByRole('row', { name: new RegExp(`up.*${exporter.address}`) }).waitFor({ timeout: 20_000 });
    await exporter.close();
  });

  it('keeps the chosen language and colours over a reload', async () => {
    await go(app, '/settings');
    await app.page.getByLabel('Language').selectOption('zh-CN');
    await heading(app.page, '设置').waitFor();
    await app.page.getByLabel('颜色').selectOption('dark');
    await app.page.reload();
    await heading(app.page, '设置').waitFor();
    expect(await app.page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await app.page.locator('html[data-theme=dark]').waitFor();
  });
});

describe.each(availableHosts())('at work, %s', (host) => {
  let app: App;
  let service: LocalServer;
  let isHealthy = true;
  const logs = mkdtempSync(join(tmpdir(), 'vedette-logs-'));
  const logFile = join(logs, 'app.log');

  beforeAll(async () => {
    service = await startServer((_request, response) => {
      response.statusCode = isHealthy ? 200 : 503;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: isHealthy ? 'ok' : 'down', output: isHealthy ? '' : 'no database' }));
    });
    const now = Date.now();
    const line = (secondsAgo: number, level: string, text: string): string =>
      `${new Date(now - secondsAgo * 1000).toISOString()} ${level} ${text}\n`;
    writeFileSync(
      logFile,
      line(60, 'INFO', 'order 1001 accepted') +
        line(50, 'ERROR', 'payment refused 支付失败') +
        line(40, 'INFO', 'order 1002 accepted'),
    );
    app = await openApp(host, {
      configText: `
global: {scrape_interval: 1s, evaluation_interval: 1s, scrape_timeout: 1s}
rule_files: [rules.yml]
checks:
  - {name: shop, interval: 1s, timeout: 1s, http: {url: '${service.url}/health', status: [2xx]}}
logs:
  - {name: app, type: application, files: ['${logFile}']}
`,
      files: {
        'rules.yml': `
groups:
  - name: shop
    rules:
      - alert: ShopDown
        expr: probe_success{check="shop"} == 0
        labels: {severity: critical}
        annotations: {summary: 'The shop does not answer'}
`,
      },
    });
  });
  afterAll(async () => {
    await app.close();
    await service.close();
    rmSync(logs, { recursive: true, force: true });
  });

  it('answers an expression with a chart and a table, and says where a wrong one is wrong', async () => {
    await go(app, '/explore');
    // The editor proper arrives a moment after its plain stand-in.
    const editor = app.page.locator('.cm-content').first();
    await editor.waitFor();
    await editor.fill('sum(up');
    await editor.press('Shift+Enter');
    await app.page.getByText(/1:\d+/).first().waitFor();
    await editor.fill('probe_success');
    await editor.press('Shift+Enter');
    await app.page.getByText('check="shop"').first().waitFor({ timeout: 15_000 });
  });

  it('finds lines by word, in any language, and follows new ones', async () => {
    await go(app, '/logs');
    await app.page.getByText('order 1002 accepted').waitFor({ timeout: 15_000 });
    const search = app.page.getByRole('textbox', { name: 'Search the logs' });
    await search.fill('支付失败');
    await search.press('Enter');
    await app.page.getByText('payment refused').waitFor();
    await expect.poll(() => app.page.getByText('order 1002 accepted').count(), { timeout: 15_000 }).toBe(0);
    await search.fill('');
    await search.press('Enter');
    appendFileSync(logFile, `${new Date().toISOString()} WARN stock of lamps is low\n`);
    await app.page.getByText('stock of lamps is low').waitFor({ timeout: 15_000 });
  });

  it('tells by popup that a service is down, leads to the alert, and tells that it is over', async () => {
    await go(app, '/services');
    await app.page.getByRole('row', { name: /up.*shop/ }).waitFor({ timeout: 15_000 });
    isHealthy = false;
    await app.page.getByRole('row', { name: /down.*shop/ }).waitFor({ timeout: 20_000 });
    const popups = await until(
      'a popup',
      () => app.os.notifications(),
      (shown) => shown.length > 0,
      20_000,
    );
    expect(popups[0]?.title).toContain('ShopDown');
    expect(popups[0]?.body).toContain('The shop does not answer');
    if (host !== 'headless') await app.os.clickNotification(0);
    else await go(app, '/alerts');
    await app.page.getByText('The shop does not answer').first().waitFor({ timeout: 15_000 });
    if (host !== 'headless') expect(app.page.url()).toContain('alert=');
    isHealthy = true;
    await until(
      'the word that it is over',
      () => app.os.notifications(),
      (shown) => shown.some(({ title }) => title.startsWith('Resolved')),
      40_000,
    );
  });

  it('takes a changed rule from its editor, and refuses a wrong one with the place', async () => {
    await go(app, '/alerts?tab=rules');
    await app.page.getByText('ShopDown').first().waitFor();
    writeFileSync(
      join(app.configDirectory, 'rules.yml'),
      'groups:\n  - name: shop\n    rules:\n      - {alert: Broken, expr: "sum("}\n',
    );
    await app.page.getByText(/1 problem in the configuration/).waitFor({ timeout: 15_000 });
    writeFileSync(
      join(app.configDirectory, 'rules.yml'),
      'groups:\n  - name: shop\n    rules:\n      - {alert: Mended, expr: "vector(1)"}\n',
    );
    await app.page.getByText('Mended').first().waitFor({ timeout: 15_000 });
  });
});
