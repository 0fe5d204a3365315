import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import type { HostStart, Opened } from './open-app.ts';
import type { OsRecorder, ShownPopup } from './os-recorder.ts';
import { until } from './until.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CHROMIUM = process.env['VEDETTE_CHROMIUM'] ?? '/usr/bin/chromium';
const ARGUMENTS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** The service without a window, and its interface in a browser that came in by the one-time link. */
export async function openHeadless({ directory, args, language }: HostStart): Promise<Opened> {
  const popups = join(directory, 'popups');
  const child = spawn(process.execPath, [join(ROOT, 'electron/vedette.mjs'), 'serve', '--open-link', ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      HOME: directory,
      XDG_CONFIG_HOME: join(directory, 'xdg'),
      XDG_DATA_HOME: join(directory, 'xdg'),
      LANG: language === 'zh-CN' ? 'zh_CN.UTF-8' : 'C.UTF-8',
      LC_ALL: language === 'zh-CN' ? 'zh_CN.UTF-8' : 'C.UTF-8',
      PATH: `${popupCommand(directory, popups)}:${process.env['PATH'] ?? ''}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const exited = new Promise<void>((done) => {
    child.on('exit', () => done());
  });
  const found = (pattern: RegExp) => async (): Promise<string> => {
    if (child.exitCode !== null) throw new Error(`vedette serve ended with ${child.exitCode}:\n${output}`);
    return Promise.resolve(pattern.exec(output)?.[1] ?? '');
  };
  try {
    const apiUrl = await until('the address', found(/Listening on (http\S+)/));
    const link = await until('the one-time link', found(/^Open (http\S+)/m));
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS.split(' ') });
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: language });
    const page = await context.newPage();
    await page.goto(link);
    return {
      page,
      baseUrl: apiUrl,
      apiUrl,
      output: () => output,
      async close() {
        await browser.close();
        child.kill('SIGTERM');
        await exited;
      },
      os: serverRecorder(popups),
    };
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    throw error;
  }
}

/** In place of notify-send: writes down what it was asked to show, one field a line and a NUL after each popup. */
function popupCommand(directory: string, file: string): string {
  const folder = join(directory, 'bin');
  mkdirSync(folder, { recursive: true });
  const script = ['#!/bin/sh', `{ printf '%s\\n' "$@"; printf '\\0'; } >> '${file}'`, ''].join('\n');
  writeFileSync(join(folder, 'notify-send'), script);
  chmodSync(join(folder, 'notify-send'), 0o755);
  return folder;
}

function serverRecorder(popups: string): OsRecorder {
  const none = (what: string) => () => Promise.reject(new Error(`A server has no ${what}.`));
  return {
    notifications: () =>
      Promise.resolve(existsSync(popups) ? readFileSync(popups, 'utf8').split('\0').slice(0, -1).map(shownPopup) : []),
    opened: () => Promise.resolve([]),
    clickNotification: none('popup that can be clicked'),
    trayMenu: none('tray'),
    clickTrayMenu: none('tray'),
    suspend: none('sleep'),
    resume: none('sleep'),
    secondInstance: none('window to focus'),
    windows: none('windows'),
    closeWindow: none('windows'),
  };
}

function shownPopup(text: string): ShownPopup {
  const fields = text.split('\n');
  const [title = '', body = ''] = fields;
  const at = fields.indexOf('--urgency');
  return { title, body, urgency: at < 0 ? 'normal' : (fields[at + 1] ?? '') };
}
