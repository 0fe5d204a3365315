import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  root = await mkdtemp(join(tmpdir(), 'vedette-interface-'));
  [browser] = await Promise.all([launchBrowser(), buildClient(root)]);
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

/** Open an address of the interface over the sample engine. */
async function open(path: string, options: Partial<SampleOptions> = {}): Promise<Page> {
  server = await serveSample({ preferences: { language: 'en', theme: 'light' }, ...options }, 0, root);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  complaints.length = 0;
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

const search = (): URLSearchParams => new URL(page.url()).searchParams;

describe('this computer', () => {
  test('shows processes by what is asked for, disks, graphics and temperatures', async () => {
    await open('/computer');
    const processes = page.getByRole('table', { name: 'Processes' });
    await processes.getByRole('row', { name: /firefox/ }).waitFor();
    expect(await processes.getByRole('row').nth(1).innerText()).toContain('firefox');
    await processes.getByRole('button', { name: 'Memory' }).click();
    await expect.poll(async () => processes.getByRole('row').nth(1).innerText()).toContain('java');
    await processes.getByRole('button', { name: 'Memory' }).click();
    await expect.poll(async () => processes.getByRole('row').nth(1).innerText()).toContain('Xorg');
    await page.getByRole('table', { name: 'Graphics processors' }).getByText('python3').waitFor();
    await page.getByRole('table', { name: 'Temperatures' }).getByText('k10temp: Tctl').waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('the overview', () => {
  test('says how everything is and draws this computer without a single complaint of the browser', async () => {
    await open('/');
    await page.getByText('1 service is down, 1 is degraded.').waitFor();
    await page.getByRole('img', { name: /^CPU, from/ }).waitFor();
    expect(await page.locator('figure').count()).toBe(4);
    expect(complaints).toEqual([]);
  });

  test('watches what was selected of what was found', async () => {
    await open('/');
    await page.getByRole('button', { name: 'Watch selected (3)' }).click();
    await page.getByText('3 more are watched now.').waitFor();
    await page.getByRole('button', { name: 'Send a test popup' }).click();
    await page.getByText('The test popup was sent (desktop).').waitFor();
  });

  test('begins with this computer and one field while nothing is watched', async () => {
    await open('/', { services: 0, firing: 0 });
    await page.getByText('Watching this computer. No service is watched yet.').waitFor();
    await page.getByText('Nothing is firing.').waitFor();
    await page.getByRole('textbox', { name: 'Address to watch' }).waitFor();
  });

  test('shows each part that fails with its reason, and the rest as usual', async () => {
    await open('/', { failing: ['alerts.active', 'metrics.queryRange'] });
    await page.getByText('The alerts could not be read').waitFor();
    expect(await page.getByText('The chart could not be loaded').count()).toBe(4);
    await page.getByRole('link', { name: 'All 12 services' }).waitFor();
  });

  test('a drag over a chart sets the range of every page', async () => {
    await open('/');
    const chart = page.getByRole('img', { name: /^CPU, from/ });
    await chart.waitFor();
    await page.waitForFunction(() => document.querySelector('figure canvas')?.clientWidth !== 0);
    const box = await chart.boundingBox();
    if (box === null) throw new Error('the chart has no place');
    await page.mouse.move(box.x + 100, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + 180, box.y + 50, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Paused' }).waitFor();
    expect(Number(search().get('to')) - Number(search().get('from'))).toBeGreaterThan(600_000);
    await page.getByRole('link', { name: 'Services', exact: true }).click();
    await page.getByRole('grid').waitFor();
    expect(search().get('from')).toMatch(/^\d{13}$/);
  });
});

describe('keys', () => {
  test('lead to pages, open the palette and the sheet, and Esc closes the innermost', async () => {
    await open('/');
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('grid', { name: 'Services' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('settings');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  });

  test('do nothing while a person types', async () => {
    await open('/services');
    await page.keyboard.press('/');
    await page.keyboard.type('g o zzz');
    expect(new URL(page.url()).pathname).toBe('/services');
    await page.getByText('No service matches').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'checkout-api' }).waitFor();
  });

  test('change the range, and back undoes it', async () => {
    await open('/');
    await page.keyboard.press('t');
    await page.keyboard.press('z');
    await page.waitForURL(/from=\d{13}/);
    await page.goBack();
    await page.waitForURL((url) => !url.searchParams.has('from'));
  });

  test('of single letters are off when the preference says so, chords stay', async () => {
    await open('/', { preferences: { language: 'en', singleKeyShortcuts: false } });
    await page.getByText('1 service is down').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
  });
});

describe('services', () => {
  test('are a list of a thousand of which only what is in view exists', async () => {
    await open('/services', { services: 1000 });
    await page.getByRole('link', { name: 'checkout-api', exact: true }).waitFor();
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('1001');
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    expect(complaints).toEqual([]);
  });

  test('are walked with j and k and opened with Enter', async () => {
    await open('/services');
    await page.getByRole('link', { name: 'checkout-api' }).waitFor();
    for (const key of ['j', 'j', 'k', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('heading', { level: 1, name: 'checkout-api' }).waitFor();
    await page.getByRole('heading', { name: 'Why?' }).waitFor();
    await page.goBack();
    await page.getByRole('grid').waitFor();
  });

  test('are filtered by state and words, and the address keeps both', async () => {
    await open('/services');
    await page.getByRole('button', { name: 'up 8' }).click();
    await page.getByRole('searchbox').fill('pay');
    await page.waitForURL(/q=pay/);
    expect(search().get('state')).toBe('up');
    await page.reload();
    await page.getByRole('link', { name: 'payments' }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
  });

  test('are looked at now, and what was seen is said', async () => {
    await open('/services');
    await page.getByRole('button', { name: 'Check payments now' }).click();
    await page.getByText(/payments is up\./).waitFor();
  });

  test('are added by pasting an address', async () => {
    await open('/services');
    await page.getByRole('textbox', { name: 'Address to watch' }).fill('https://shop.example/health');
    await page.keyboard.press('Enter');
    await page.getByText('https://shop.example/health is checked from now on.').waitFor();
  });
});

describe('settings', () => {
  test('change theme and language at once', async () => {
    await open('/settings');
    await page.getByRole('combobox', { name: 'Colours' }).selectOption('dark');
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await page.getByRole('combobox', { name: 'Language' }).selectOption('zh-CN');
    await page.getByRole('heading', { level: 1, name: '设置' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
  });

  test('are found by their words', async () => {
    await open('/settings');
    await page.keyboard.press('/');
    await page.keyboard.type('density');
    await page.getByRole('combobox', { name: 'Density' }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Colours' }).count()).toBe(0);
  });

  test('show problems of the configuration at their place, and save when there are none', async () => {
    await open('/settings');
    await page.getByRole('button', { name: 'Main file' }).click();
    const text = page.getByRole('textbox', { name: /^Text of/ });
    const before = await text.inputValue();
    await text.fill(`${before}\tbad`);
    await page.getByRole('button', { name: 'line 10, column 1' }).click();
    expect(await page.getByRole('button', { name: 'Save and use' }).isDisabled()).toBe(true);
    await text.fill(`${before}# better\n`);
    await page.getByText('No problem found.').waitFor();
    await page.getByRole('button', { name: 'Save and use' }).click();
    await page.getByText(/is saved and in use\./).waitFor();
    await text.fill(`${before}# better still\n`);
    await page.getByText('No problem found.').waitFor();
    await page.keyboard.press('Control+s');
    await page
      .getByText(/is saved and in use\./)
      .nth(1)
      .waitFor();
  });

  test('reach the program although the page went away before it answered', async () => {
    await open('/settings');
    await page.route('**/rpc/settings/set', (route) => route.abort());
    await page.getByRole('combobox', { name: 'Colours' }).selectOption('dark');
    await page.waitForFunction(() => localStorage.getItem('vedette.preferences.unsent') !== null);
    await page.unroute('**/rpc/settings/set');
    const sent = page.waitForResponse('**/rpc/settings/set');
    await page.reload();
    expect((await sent).request().postData()).toContain('dark');
    await page.waitForFunction(() => localStorage.getItem('vedette.preferences.unsent') === null);
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
  });

  test('of appearance are kept in the browser of someone who may only read', async () => {
    await open('/settings', { mayWrite: false });
    await page.getByText(/may read but not change the program/).waitFor();
    await page.getByRole('combobox', { name: 'Colours' }).selectOption('dark');
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await page.reload();
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
  });
});

test('when the program stops, the page says so, keeps what it shows and comes back by itself', async () => {
  await open('/');
  await page.getByText('1 service is down').waitFor();
  const port = Number(new URL(page.url()).port);
  await server?.close();
  await page.getByText(/^Reconnecting… What you see is from \d\d:\d\d:\d\d\.$/).waitFor();
  await page.getByText('1 service is down').waitFor();
  server = await serveSample({ preferences: { language: 'en' } }, port, root);
  await page.getByText('Reconnecting').waitFor({ state: 'detached' });
  await page.getByText('Engine ok').waitFor();
});

test('an address that leads nowhere says so and leads back', async () => {
  await open('/dashboards/old');
  await page.getByRole('link', { name: 'To the overview' }).click();
  await page.getByText('1 service is down').waitFor();
});
