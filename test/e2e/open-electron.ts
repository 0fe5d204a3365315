import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import type { HostStart, Opened } from './open-app.ts';
import type { MenuItem, ShownPopup, ShownWindow } from './os-recorder.ts';
import { until } from './until.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const RECORDER = join(import.meta.dirname, 'electron-recorder.cjs');

/** A real Electron on this machine; null where there is none. Never downloads one. */
export function electronExecutable(): string | null {
  const folder = join(createRequire(import.meta.url).resolve('electron/package.json'), '..');
  const pathFile = join(folder, 'path.txt');
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const executable = join(override ?? join(folder, 'dist'), name);
  return existsSync(executable) ? executable : null;
}

/** What the recorder keeps in the main process. */
interface Recorded {
  readonly notifications: (ShownPopup & { click(): void })[];
  readonly opened: string[];
  tray: { readonly items: MenuItem[]; click(label: string): void } | null;
}

/** The desktop application on a real Electron. What reaches the system is recorded there by a script loaded first. */
export async function openElectron({ directory, args, language }: HostStart): Promise<Opened> {
  const executable = electronExecutable() ?? '';
  const env = { ...(process.env as Record<string, string>), HOME: directory, XDG_CONFIG_HOME: join(directory, 'xdg') };
  const app = await _electron.launch({
    executablePath: executable,
    args: ['-r', RECORDER, '--no-sandbox', `--lang=${language}`, `--user-data-dir=${directory}/user`, ROOT, ...args],
    env,
  });
  let output = '';
  app.process().stderr?.on('data', (data: Buffer) => (output += data.toString()));
  const page = await app.firstWindow();
  const apiUrl = await until('the HTTP address', () => /Listening on (\S+)/.exec(output)?.[1] ?? '');
  return {
    page,
    baseUrl: 'app://vedette',
    apiUrl,
    output: () => output,
    close: () => app.close(),
    os: {
      notifications: () =>
        inMain(app, ({ notifications }) => notifications.map(({ title, body, urgency }) => ({ title, body, urgency }))),
      clickNotification: (index) => inMain(app, ({ notifications }, at) => notifications[Number(at)]?.click(), index),
      opened: () => inMain(app, ({ opened }) => opened),
      trayMenu: () => inMain(app, ({ tray }) => tray?.items ?? []),
      clickTrayMenu: (label) => inMain(app, ({ tray }, wanted) => tray?.click(String(wanted)), label),
      suspend: () => app.evaluate(({ powerMonitor }) => void powerMonitor.emit('suspend')),
      resume: () => app.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume')),
      secondInstance: (argv) =>
        app.evaluate(({ app: own }, given) => void own.emit('second-instance', {}, given, '/'), [...argv]),
      windows: () =>
        app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows().map((one): ShownWindow => ({
            visible: one.isVisible(),
            url: one.webContents.getURL(),
          })),
        ),
      closeWindow: () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()),
    },
  };
}

/** Run on what the recorder keeps. The function travels as text, so it sees its arguments alone. */
async function inMain<Answer>(
  app: ElectronApplication,
  run: (recorded: Recorded, argument: unknown) => Answer,
  argument: unknown = null,
): Promise<Answer> {
  return app.evaluate(
    (_electron_, [text, given]) => {
      const { vedetteRecorded } = globalThis as unknown as { vedetteRecorded: Recorded };
      // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- our own function, which cannot cross otherwise
      const call = new Function(`return (${text})`)() as (recorded: Recorded, argument: unknown) => Answer;
      return call(vedetteRecorded, given);
    },
    [run.toString(), argument] as const,
  );
}
