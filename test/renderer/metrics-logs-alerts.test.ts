import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildClient } from '../doubles/build-client.ts';
import { launchBrowser } from '../doubles/launch-browser.ts';
import type { SampleOptions } from '../doubles/sample-engine.ts';
import { serveSample, type SampleServer } from '../doubles/serve-sample.ts';

let browser: Browser;
let root: string;
let server: SampleServer | null = null;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vedette-pages-'));
  // Playwright's own device scale factor hides that Chromium cuts tall elements; this flag does not.
  [browser] = await Promise.all([launchBrowser(['--force-device-scale-factor=2']), buildClient(root)]);
});
afterEach(async () => {
  await page.context().close();
  await server?.close();
  server = null;
});
afterAll(async () => {
  await browser.close();
  await rm(root, { recursive: true, force: true });
});

async function open(path: string, options: Partial<SampleOptions> = {}): Promise<Page> {
  server = await serveSample({ preferences: { language: 'en', theme: 'light' }, ...options }, 0, root);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  page.setDefaultTimeout(10_000);
  complaints.length = 0;
  page.on('console', (message) => {
    // An answer that says what is wrong in an expression is a 400, which Chromium lists.
    if (message.type() === 'error' && !message.text().includes('400')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

const grid = () => page.getByRole('grid', { name: 'Log lines, oldest first' });
const rowIndexes = async (): Promise<number[]> =>
  grid()
    .locator('[role="rowgroup"] [role="row"]')
    .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('aria-rowindex'))));
const lastRow = () => grid().locator('[role="rowgroup"] [role="row"]').last();
const total = async (): Promise<number> => Number(await grid().getAttribute('aria-rowcount'));

describe('the log list', () => {
  test('reaches the last, the first and any line of a million with two device pixels to one', async () => {
    await open('/logs?from=now-5d&to=now&live=off');
    await expect.poll(total).toBeGreaterThan(1_000_000);
    const count = await total();
    await expect.poll(async () => (await rowIndexes()).at(-1)).toBe(count);
    const bottom = await lastRow().evaluate((row) => row.getBoundingClientRect().bottom);
    const end = await grid().evaluate((element) => element.getBoundingClientRect().bottom);
    expect(Math.abs(bottom - end)).toBeLessThan(1);

    await grid().focus();
    await page.keyboard.press('Home');
    await expect.poll(async () => (await rowIndexes())[0]).toBe(2);

    await grid().evaluate((element) => {
      element.scrollTop = element.scrollHeight / 2;
    });
    await expect.poll(async () => (await rowIndexes())[0] ?? 0).toBeGreaterThan(count * 0.49);
    await expect.poll(async () => lastRow().innerText()).toMatch(/\d\d:\d\d:\d\d\.\d{3}/);
    expect((await rowIndexes())[0]).toBeLessThan(count * 0.51);

    const before = (await rowIndexes())[0] ?? 0;
    // Chromium multiplies the wheel of a test by its scale factor, so the event itself says how far it went.
    const turned = grid().evaluate(
      async (element) =>
        new Promise<number>((resolve) => {
          const seen = (event: Event): void => {
            resolve((event as WheelEvent).deltaY);
          };
          element.addEventListener('wheel', seen, { once: true });
        }),
    );
    await grid().hover();
    await page.mouse.wheel(0, 200);
    const rows = (await turned) / 20;
    await expect.poll(async () => (await rowIndexes())[0]).toBe(before + rows);
    expect(rows).toBeLessThan(40);
    expect(complaints).toEqual([]);
  });

  test('follows live lines, and waits with a count while a reader looks elsewhere', async () => {
    await open('/logs', { tailPerSecond: 300 });
    await expect.poll(total).toBeGreaterThan(9000);
    const count = await total();
    await expect.poll(async () => (await rowIndexes()).at(-1)).toBeGreaterThan(count + 100);

    await grid().hover();
    await page.mouse.wheel(0, -2000);
    const more = page.getByRole('button', { name: /new lines/ });
    await more.waitFor();
    const standing = (await rowIndexes())[0];
    await expect.poll(async () => Number(/\d+/.exec(await more.innerText())?.[0])).toBeGreaterThan(100);
    expect((await rowIndexes())[0]).toBe(standing);

    await more.click();
    await more.waitFor({ state: 'detached' });
    await expect.poll(async () => (await rowIndexes()).at(-1) === (await total())).toBe(true);
  });

  test('says what is wrong in a regexp under the field, and keeps the lines', async () => {
    await open('/logs?live=off');
    await lastRow().waitFor();
    const field = page.getByRole('textbox', { name: 'Search the logs' });
    await field.fill('ok /(abc/');
    await field.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'missing closing )' }).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect((await rowIndexes()).length).toBeGreaterThan(10);
    await field.fill('');
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  test('shows the lines around one without losing the search', async () => {
    await open('/logs?q=80231&levels=error&live=off');
    await lastRow().waitFor();
    expect(new Set(await grid().locator('mark').allInnerTexts())).toEqual(new Set(['80231']));
    await lastRow().click();
    await page.getByRole('complementary', { name: 'Details' }).waitFor();
    await page.keyboard.press('c');
    const around = page.getByRole('grid', { name: 'Lines around the chosen one' });
    await expect.poll(async () => around.getByRole('row').count()).toBe(41);
    expect(await around.getByRole('row', { selected: true }).count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('q')).toBe('80231');
    expect(new URL(page.url()).searchParams.get('line')).toMatch(/^e\d+$/);
    await page.keyboard.press('Escape');
    await around.waitFor({ state: 'detached' });
  });

  test('opens the line that an address names', async () => {
    const at = Math.floor((Date.now() - 1_800_000) / 400) * 400;
    await open(`/logs?line=e${String(at)}&live=off`);
    await grid().getByRole('row', { selected: true }).waitFor();
    await page.getByRole('complementary', { name: 'Details' }).waitFor();
  });

  test('leads to the next error, beyond what is loaded', async () => {
    await open('/logs?live=off&levels=error,debug');
    await lastRow().waitFor();
    await grid().focus();
    await page.keyboard.press('E');
    const selected = grid().getByRole('row', { selected: true });
    await selected.waitFor();
    expect(await selected.innerText()).toContain('error');
  });

  test('tells how to follow a log when there is none', async () => {
    await open('/logs?q=zebra&live=off', { logSources: false });
    await page.getByText('No log is followed yet').waitFor();
    await page.getByText("files: ['/var/log/app/*.log']").waitFor();
  });

  test('offers to widen a search without a hit', async () => {
    await open('/logs?q=zebra&levels=fatal&live=off');
    await page.getByText('No line matches').waitFor();
    await page.getByRole('button', { name: 'Show all levels' }).waitFor();
    await page.getByText('Clear the search').click();
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBeNull();
  });

  test('a level narrows the list and the address', async () => {
    await open('/logs?live=off');
    await page.getByRole('button', { name: /^error/ }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('levels')).toBe('error');
    await expect
      .poll(
        async () =>
          new Set(
            await grid()
              .locator('[data-level]')
              .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-level'))),
          ),
      )
      .toEqual(new Set(['error']));
  });
});

describe('metrics', () => {
  const editor = () => page.locator('.cm-content');

  test('completes a name, runs it, draws it and remembers it', async () => {
    await open('/explore');
    await editor().click();
    await page.keyboard.type('node_lo', { delay: 30 });
    await page.getByRole('option', { name: /node_load1/ }).click();
    await page.keyboard.press('Shift+Enter');
    await page.getByRole('img', { name: /^node_load1, from/ }).waitFor();
    expect(new URL(page.url()).searchParams.get('expr')).toBe('node_load1');
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await page.getByRole('cell', { name: 'workstation' }).waitFor();
    await page.getByRole('button', { name: 'History and stars' }).click();
    await page.getByRole('button', { name: 'node_load1', exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('says where an expression is wrong', async () => {
    await open('/explore?expr=sum((up)');
    await page.getByRole('alert').filter({ hasText: 'Line 1, column 5' }).first().waitFor();
    await page.getByText('1:5  sum((up)').waitFor();
  });

  test('offers the name that was meant, and says when there are more series than lines', async () => {
    await open('/explore?expr=node_laod1+%2B+nothing');
    await page.getByRole('button', { name: 'node_load1', exact: true }).waitFor();
    await page.goto(`${server?.url ?? ''}/explore?expr=http_requests_total`);
    await page.getByText('Showing 100 of 312 series.').first().waitFor();
  });

  test('keys that are typed into the editor stay in it', async () => {
    await open('/explore');
    await editor().click();
    await page.keyboard.type('gs');
    expect(new URL(page.url()).pathname).toBe('/explore');
  });
});

describe('alerts', () => {
  test('stand worst first with their value beside the limit, and open by number', async () => {
    await open('/alerts', { firing: 6 });
    const rows = page.getByRole('main').getByRole('listitem');
    await expect.poll(async () => rows.count()).toBe(9);
    expect(await rows.first().innerText()).toMatch(/critical\s+ServiceDown/);
    expect(await rows.nth(1).innerText()).toMatch(/87\.4 %\s*> 80 %/);
    await page.keyboard.press('2');
    await page.getByRole('complementary', { name: 'Details' }).getByText('HighCPUUsage').first().waitFor();
    expect(new URL(page.url()).searchParams.get('alert')).toBe('alert-3');
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).searchParams.get('alert')).toBeNull();
  });

  test('open from a popup, in the language of the reader, and lead to metrics and logs', async () => {
    await open('/alerts?alert=alert-1', { firing: 4, preferences: { language: 'zh-CN', theme: 'dark' } });
    const panel = page.getByRole('complementary');
    await panel.getByText('catalogue 的响应时间为 2.4 秒').waitFor();
    await panel.getByText('高于 1秒').waitFor();
    await panel.getByRole('link', { name: '在指标页打开表达式' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('expr')).toBe('probe_duration_seconds');
  });

  test('rules are told in words, with their errors, and open at their line', async () => {
    await open('/alerts?tab=rules');
    await page.getByRole('row', { name: /HighLatency.*probe_duration_seconds is above 1 s for 5 min/ }).waitFor();
    await page.getByText('unknown metric').waitFor();
    await page.getByRole('link', { name: 'HighLatency' }).click();
    const text = page.getByRole('textbox', { name: /rules\.yml/ });
    await text.waitFor();
    const line = await text.evaluate(
      (area) =>
        (area as HTMLTextAreaElement).value.slice(0, (area as HTMLTextAreaElement).selectionStart).split('\n').length,
    );
    expect(line).toBe(11);
  });

  test('deliveries carry the words of the service, and a test popup can be sent', async () => {
    await open('/alerts?tab=deliveries', { firing: 4 });
    await page.getByRole('row', { name: /failed.*connect ECONNREFUSED/ }).waitFor();
    await page.getByRole('button', { name: 'Send a test popup' }).click();
    await page.getByText('The test popup was sent (desktop).').waitFor();
  });
});

describe.each([
  { theme: 'light', language: 'en' },
  { theme: 'dark', language: 'zh-CN' },
] as const)('in $theme and $language', (preferences) => {
  test.each([
    ['/logs', 'grid'],
    ['/logs?q=zebra', 'button'],
    ['/explore?expr=node_load1', 'img'],
    ['/explore?expr=up&view=table', 'table'],
    ['/alerts?alert=alert-1', 'listitem'],
    ['/alerts?tab=rules', 'table'],
    ['/alerts?tab=deliveries', 'table'],
  ] as const)('%s can be used by everybody', async (path, role) => {
    await open(path, { preferences, firing: 6 });
    await page.getByRole('main').getByRole(role).first().waitFor();
    const { violations, passes } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    expect(passes.length).toBeGreaterThan(10);
    expect(complaints).toEqual([]);
  });
});
