import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buildClient } from '../doubles/build-client.ts';
import { launchBrowser } from '../doubles/launch-browser.ts';
import { serveSample, type SampleServer } from '../doubles/serve-sample.ts';

let browser: Browser;
let root: string;
let server: SampleServer | null = null;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vedette-rules-'));
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

async function open(path: string): Promise<void> {
  server = await serveSample({ preferences: { language: 'en', theme: 'light' } }, 0, root);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  complaints.length = 0;
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

test('a rule is filled in, read as PromQL, tried over the last week and saved', async () => {
  await open('/alerts?tab=rules');
  await page.getByRole('link', { name: 'New rule' }).click();
  await page.getByText('Still missing: what is looked at · a limit').waitFor();
  await page.getByRole('combobox', { name: 'Kind of rule' }).selectOption('trend');
  const subject = page.getByRole('textbox', { name: 'What is looked at (PromQL)' });
  await subject.fill('node_filesystem_avail_bytes');
  await page.getByText('predict_linear(node_filesystem_avail_bytes[6h], 14400) < 0').waitFor();
  await page.getByRole('button', { name: 'Try over the last 7 days' }).click();
  await page.getByText(/would have fired 8 times, 2 different alerts/).waitFor();
  const table = page.getByRole('region', { name: 'Alerts that would have fired' });
  await table.getByRole('img', { name: 'instance="workstation", job="node": fired 7 times' }).waitFor();
  await page.getByRole('img', { name: /^predict_linear\(.*, from/ }).waitFor();
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);

  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('DiskFull');
  await page.getByRole('button', { name: 'Save rule' }).click();
  await page.getByText('Written into /home/kim/.config/vedette/rules.yml.').waitFor();
  expect(new URL(page.url()).searchParams.get('tab')).toBe('rules');
  expect(complaints).toEqual([]);
});

test('a ready rule of an exporter that is found is added with one click', async () => {
  await open('/alerts?tab=ready-rules');
  await page.getByRole('heading', { name: 'node_exporter' }).waitFor();
  expect(await page.getByRole('heading', { name: 'Redis' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Add the rule DiskFullWithinADay' }).click();
  await page.getByText('in use').waitFor();
  await page.getByRole('button', { name: 'For everything' }).click();
  await page.getByRole('heading', { name: 'Redis' }).waitFor();
  expect(complaints).toEqual([]);
});

test('the noise report leads from a proposal to the rule with it', async () => {
  await open('/alerts?tab=noise');
  await page.getByText('44 alerts fired, by 2 rules; one is noisy.').waitFor();
  await page.getByText('for: 5m, would have fired 3 times').waitFor();
  await page.getByRole('link', { name: 'Try HighLatency so' }).click();
  await page.getByText('probe_duration_seconds > 1').first().waitFor();
  expect(await page.getByRole('textbox', { name: 'For at least (as 5m)' }).inputValue()).toBe('5m');
  expect(complaints).toEqual([]);
});
