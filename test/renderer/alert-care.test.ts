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

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vedette-care-'));
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

async function open(path: string, options: Partial<SampleOptions> = {}): Promise<Page> {
  server = await serveSample({ preferences: { language: 'en', theme: 'light' }, firing: 5, ...options }, 0, root);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

const violations = async (): Promise<string[]> =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
const row = (name: string) => page.getByRole('listitem').filter({ hasText: name }).first();

describe('an alert that fires', () => {
  test('is acknowledged by the key A, says by whom, and the undo takes it back', async () => {
    await open('/alerts');
    await row('ServiceDown').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await row('ServiceDown').getByText('acknowledged by kim').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => row('ServiceDown').getByText('acknowledged by kim').count()).toBe(0);
  });

  test('tells what holds it back, and takes a note with the acknowledgement', async () => {
    await open('/alerts?alert=alert-2');
    await page.getByText('Inhibited by ServiceDown').waitFor();
    await page.getByText(/Silenced until .*: disk is being replaced/).waitFor();
    await page.getByLabel('Note, such as').fill('looking');
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText(/Acknowledged by kim, .*: looking/).waitFor();
    await page.getByRole('button', { name: /^Snooze/ }).click();
    await page.getByText(/Snoozed until .* by kim/).waitFor();
    expect(await violations()).toEqual([]);
  });

  test('is silenced from its own labels, with a preview that follows what is written', async () => {
    await open('/alerts?alert=alert-0');
    await page.getByText('Nobody has', { exact: false }).or(page.getByText('Escalated to boss', { exact: false })).first().waitFor(); // prettier-ignore
    await page.keyboard.press('s');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('It holds back 1 alert that fires now:').waitFor();
    await dialog.getByLabel('Value 1').fill('Nobody');
    await dialog.getByText('It holds back no alert that fires now.').waitFor();
    await dialog.getByLabel('Value 1').fill('ServiceDown');
    await dialog.getByText('It holds back 1 alert that fires now:').waitFor();
    await dialog.getByLabel('Comment').fill('known');
    expect(await violations()).toEqual([]);
    await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
    await page.getByText('Silenced for 1 h.').waitFor();
    await page.getByRole('link', { name: 'Silences' }).click();
    await page.getByRole('cell', { name: 'known' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'End now' }).click();
    await page.getByRole('cell', { name: 'ended' }).waitFor();
  });

  test('can be acknowledged with others that were chosen', async () => {
    await open('/alerts');
    await row('ServiceDown').waitFor();
    for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
    await page.getByText('2 alerts chosen').first().waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('a');
    await expect.poll(() => page.getByText('acknowledged by kim').count()).toBeGreaterThanOrEqual(2);
  });
});

describe('what happened', () => {
  test('is told as an incident with its timeline', async () => {
    await open('/alerts?tab=incidents');
    await page.getByRole('button', { name: /^#7 / }).click();
    await page.getByText('Timeline').waitFor();
    await page.getByText('desk/desktop[0]').first().waitFor();
    expect(await violations()).toEqual([]);
  });

  test('is in the audit log, in Chinese too', async () => {
    await open('/alerts', { preferences: { language: 'zh-CN', theme: 'dark' } });
    await row('ServiceDown').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('a');
    await page.getByText('kim 已确认').first().waitFor();
    await page.getByRole('link', { name: '操作记录' }).click();
    await page.getByRole('cell', { name: '确认', exact: true }).waitFor();
    expect(await violations()).toEqual([]);
  });
});

describe('quiet hours', () => {
  test('are set in the settings and kept', async () => {
    await open('/settings');
    await page.getByRole('switch', { name: 'Quiet hours' }).click();
    await page.getByLabel('From', { exact: true }).fill('21:30');
    await page.getByLabel('Still told').selectOption('error');
    await expect.poll(async () => page.getByLabel('From', { exact: true }).inputValue()).toBe('21:30');
    await page.reload();
    await expect.poll(async () => page.getByLabel('From', { exact: true }).inputValue()).toBe('21:30');
    expect(await page.getByLabel('Still told').inputValue()).toBe('error');
    expect(await violations()).toEqual([]);
  });
});
