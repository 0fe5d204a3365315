import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DoubleApp, startDouble } from '../doubles/electron/start-double.ts';
import type { MenuItem, ShownPopup, ShownWindow } from '../e2e/os-recorder.ts';
import { until } from '../e2e/until.ts';
import { type Alarm, startAlarm } from './alarm.ts';
import { callDesktop } from './desktop-http.ts';

interface TrayNow {
  readonly image: string;
  readonly tooltip: string;
  readonly menu: readonly MenuItem[];
}
type Popup = ShownPopup & { readonly isOpen: boolean; readonly silent: boolean; readonly timeoutType: string };

let alarm: Alarm;
let app: DoubleApp;

const NO_TRAY: TrayNow = { image: '', tooltip: '', menu: [] };
const tray = async (): Promise<TrayNow> => (await app.command<TrayNow | null>('tray')) ?? NO_TRAY;
const trayShows = (image: string): Promise<TrayNow> =>
  until(`the tray shows ${image}`, tray, (now) => now.image.endsWith(`/tray/${image}.png`));
const popups = (): Promise<Popup[]> => app.command<Popup[]>('notifications');
const windows = (): Promise<ShownWindow[]> => app.command<ShownWindow[]>('windows');
const labels = (items: readonly MenuItem[]): string[] => items.map(({ label }) => label);

/** Change preferences as the Settings page does, over HTTP. */
const prefer = (changes: object): Promise<unknown> =>
  callDesktop(app, alarm.dataDirectory, 'PATCH', '/settings', changes);

beforeAll(async () => {
  alarm = await startAlarm();
  app = startDouble({ args: ['--hidden', ...alarm.args] });
});
afterAll(async () => {
  await app.remove();
  await alarm.remove();
});

// One application, in the order of a day with it.
describe('the desktop application', () => {
  it('starts in the tray without a window when it is told to start hidden', async () => {
    await trayShows('ok');
    expect(await windows()).toEqual([]);
  });

  it('offers in the tray what a person needs without opening the window', async () => {
    const { menu, tooltip } = await until('the tray has a menu', tray, ({ menu: items }) => items.length > 0);
    expect(tooltip).toBe('Vedette: ● all well');
    expect(labels(menu).filter((label) => label !== 'separator')).toEqual([
      '● all well',
      'Open Vedette',
      'Logs',
      'Alerts',
      'Mute notifications',
      'Pause all checks',
      'Settings…',
      'Quit',
    ]);
    expect(menu[0]?.enabled).toBe(false);
    expect(labels(menu.find(({ label }) => label === 'Mute notifications')?.submenu ?? [])).toHaveLength(3);
  });

  it('shows a warning in the tray and in a popup that goes by itself', async () => {
    alarm.ring('warning');
    const [popup] = await until('a popup', popups, ([first]) => first?.isOpen === true);
    expect(popup).toMatchObject({ urgency: 'normal', timeoutType: 'default', silent: false, isOpen: true });
    const now = await trayShows('warning');
    expect(now.menu[0]?.label).toContain('1 warning');
  });

  it('shows a critical alert in the tray, on the badge and in a popup that stays', async () => {
    alarm.ring('critical');
    const shown = await until('the critical popup', popups, (all) => all.some(({ urgency }) => urgency === 'critical'));
    const popup = shown.find(({ urgency }) => urgency === 'critical');
    expect(popup).toMatchObject({ timeoutType: 'never', silent: false });
    const now = await until('the tray shows it', () => trayShows('critical'));
    expect(labels(now.menu)[1]).toMatch(/^■ Fire in the line/);
    expect((await app.asked('badge')).at(-1)?.detail).toBe(1);
  });

  it('shows nothing of what a stranger hid in a label', async () => {
    for (const { title, body } of await popups()) expect(`${title}${body}`).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  });

  it('opens the window at the alert when its popup is clicked', async () => {
    const index = (await popups()).findIndex(({ urgency }) => urgency === 'critical');
    await app.command('clickNotification', index);
    const page = await app.page();
    expect(page.url()).toMatch(/\/alerts\?alert=[\w%]+$/);
    await page.locator('nav').first().waitFor();
  });

  it('leads the open window there without loading it again', async () => {
    const page = await app.page();
    await page.evaluate(() => {
      (globalThis as { isSamePage?: boolean }).isSamePage = true;
    });
    await app.command('clickTrayMenu', 'Logs');
    await page.waitForURL(/\/logs/);
    expect(await page.evaluate(() => (globalThis as { isSamePage?: boolean }).isSamePage)).toBe(true);
  });

  it('takes the popup away when the alert is over, and says so once and quietly', async () => {
    const before = (await popups()).length;
    alarm.ring('off');
    const shown = await until('the end is told', popups, (all) => all.length > before);
    await until('the critical popup is gone', popups, (all) =>
      all.every(({ urgency, isOpen }) => urgency !== 'critical' || !isOpen),
    );
    expect(shown.at(-1)).toMatchObject({ urgency: 'low', silent: true });
    await trayShows('ok');
  });

  it('shows the mute in the tray and offers to end it', async () => {
    await app.command('clickTrayMenu', 'For 1 hour');
    const now = await trayShows('muted');
    expect(labels(now.menu)).toContain('End mute');
    await app.command('clickTrayMenu', 'End mute');
    await trayShows('ok');
  });

  it('pauses every check from the tray, and resumes', async () => {
    await app.command('clickTrayMenu', 'Pause all checks');
    await until('the tray offers to resume', tray, ({ menu }) => labels(menu).includes('Resume all checks'));
    await app.command('clickTrayMenu', 'Resume all checks');
    await until('the tray offers to pause', tray, ({ menu }) => labels(menu).includes('Pause all checks'));
  });

  it('brings the window back when it is started again, at the page of a link', async () => {
    const page = await app.page();
    const focused = (await app.asked('focus')).length;
    const second = startDouble({ args: ['vedette://alerts'], profile: app.profile });
    expect(await second.exited).toBe(0);
    await page.waitForURL(/\/alerts$/);
    expect((await app.asked('focus')).length).toBeGreaterThan(focused);
    expect(await windows()).toHaveLength(1);
  });

  it('hides the window when it is closed, and says where it went the first time only', async () => {
    const hints = async (): Promise<number> =>
      (await popups()).filter(({ title }) => title === 'Vedette goes on watching').length;
    await app.command('closeWindow');
    expect(await windows()).toMatchObject([{ visible: false }]);
    expect(await hints()).toBe(1);
    await app.command('clickTray');
    expect(await windows()).toMatchObject([{ visible: true }]);
    await app.command('closeWindow');
    expect(await hints()).toBe(1);
    await app.command('clickTray');
  });

  it('tells the engine when the machine sleeps and wakes', async () => {
    await app.command('suspend');
    // A scrape that was under way may still arrive; after that the target is left alone for longer than its interval.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const asleep = alarm.target.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(alarm.target.requests.length).toBe(asleep);
    await app.command('resume');
    await until('the target is scraped again', () => alarm.target.requests.length > asleep);
  });

  it('speaks the language of the person, in the menu and in the tray', async () => {
    await prefer({ language: 'zh-CN' });
    const menu = await app.command<MenuItem[]>('appMenu');
    expect(labels(menu)).toContain('编辑');
    await until('the tray speaks Chinese', tray, (now) => labels(now.menu).includes('打开 Vedette'));
    await prefer({ language: 'system' });
    await until('the tray speaks English', tray, (now) => labels(now.menu).includes('Open Vedette'));
  });

  it('starts at login by an entry of its own on Linux, and takes it away again', async () => {
    const file = join(app.profile, 'home/config/autostart/vedette.desktop');
    await prefer({ startAtLogin: true });
    expect(readFileSync(file, 'utf8')).toMatch(
      /^\[Desktop Entry\]\nType=Application\nName=Vedette\nExec=\S+.* --hidden\n/,
    );
    await prefer({ startHidden: false });
    expect(readFileSync(file, 'utf8')).not.toContain('--hidden');
    await prefer({ startAtLogin: false });
    expect(existsSync(file)).toBe(false);
  });

  it('loads the window again when its page dies', async () => {
    const reloads = (await app.asked('reload')).length;
    await app.command('killPage', 'crashed');
    expect((await app.asked('reload')).length).toBe(reloads + 1);
    expect(app.output()).toContain('The window died and is loaded again. reason=crashed');
  });

  it('logs every fault that nobody caught, shows the first, and goes on', async () => {
    await app.command('fault', 'the first fault');
    await app.command('fault', 'the second fault');
    await until('both are logged', () =>
      /should not: the first fault[^]*should not: the second fault/.test(app.output()),
    );
    expect((await app.asked('messageBox')).map(({ detail }) => detail)).toMatchObject([{ message: 'the first fault' }]);
  });

  it('writes its log to a file too', () => {
    const log = readFileSync(join(app.profile, 'logs/vedette.log'), 'utf8');
    expect(log).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO {2}Listening on http:\/\/127\.0\.0\.1:\d+$/m);
    expect((log.match(/Listening on/g) ?? []).length).toBe(1);
  });

  it('ends in order when it is quit from the tray, and keeps preferences and bounds', async () => {
    await prefer({ theme: 'dark' });
    await app.command('setBounds', { x: 60, y: 40, width: 1200, height: 800 });
    await app.command('clickTrayMenu', 'Quit');
    expect(await app.exited).toBe(0);
    expect(existsSync(join(alarm.dataDirectory, 'instance.json'))).toBe(false);

    app = startDouble({ args: alarm.args, profile: app.profile });
    await until('a window', windows, (all) => all.length === 1);
    expect((await app.asked('window'))[0]?.detail).toMatchObject({ x: 60, y: 40, width: 1200, height: 800 });
    expect(await app.command('themeSource')).toBe('dark');
  });

  it('really quits when the window is closed and nothing may stay in the tray', async () => {
    await prefer({ closeToTray: false });
    await app.command('closeWindow');
    expect(await app.exited).toBe(0);
  });
});
