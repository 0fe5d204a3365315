import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../doubles/launch-browser.ts';
import { type SampleServer, serveSample } from '../doubles/serve-sample.ts';

/** WCAG 2.2 AA, on every page, in both colours and both languages, full and empty. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const PAGES = [
  '/',
  '/services',
  '/computer',
  '/explore?expr=up',
  '/logs',
  '/alerts',
  '/alerts?tab=rules',
  '/alerts?tab=deliveries',
  '/alerts?tab=silences',
  '/alerts?tab=incidents',
  '/alerts?tab=audit',
  '/alerts?tab=noise',
  '/alerts?tab=new-rule',
  '/alerts?tab=ready-rules',
  '/settings',
];
/** Those that look different while there is nothing to show. */
const EMPTY_PAGES = ['/', '/services', '/logs', '/alerts', '/alerts?tab=noise'];

const FULL = {};
const EMPTY = { services: 0, firing: 0, logSources: false };

describe.each([
  ['full', 'light', 'en', FULL, PAGES],
  ['full', 'dark', 'zh-CN', FULL, PAGES],
  ['empty', 'light', 'zh-CN', EMPTY, EMPTY_PAGES],
  ['empty', 'dark', 'en', EMPTY, EMPTY_PAGES],
] as const)('%s, %s, in %s,', (_content, theme, language, options, pages) => {
  let browser: Browser;
  let server: SampleServer;
  beforeAll(async () => {
    server = await serveSample({ ...options, preferences: { theme, language } });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it.each(pages)('the page %s violates no rule', async (path) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(server.url + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await settled(page);
    const { violations, passes } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
    expect(passes.length, 'rules that were examined').toBeGreaterThan(10);
    await context.close();
  });
});

/** The page has drawn what it asked for. Streams stay open, so the network never falls silent. */
async function settled(page: Page): Promise<void> {
  let before = '';
  const isSame = async (): Promise<boolean> => {
    const now = await page.locator('main').innerHTML();
    const same = now === before;
    before = now;
    return same;
  };
  await expect.poll(isSame, { interval: 200, timeout: 15_000 }).toBe(true);
}
