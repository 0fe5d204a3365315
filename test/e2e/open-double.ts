import { startDouble } from '../doubles/electron/start-double.ts';
import type { HostStart, Opened } from './open-app.ts';
import type { MenuItem, ShownPopup, ShownWindow } from './os-recorder.ts';
import { until } from './until.ts';

/** The desktop application on the double of Electron: its own main process, preload and protocol, in Chromium. */
export async function openDouble({ args, language }: HostStart): Promise<Opened> {
  const app = startDouble({ args, env: { ELECTRON_DOUBLE_LOCALE: language } });
  try {
    const page = await app.page();
    const apiUrl = await until('the HTTP address', () => /Listening on (\S+)/.exec(app.output())?.[1] ?? '');
    return {
      page,
      baseUrl: new URL(page.url()).origin,
      apiUrl,
      output: app.output,
      async close() {
        await app.quit();
        await app.remove();
      },
      os: {
        notifications: () => app.command<ShownPopup[]>('notifications'),
        clickNotification: (index) => app.command('clickNotification', index),
        opened: async () => (await app.asked('openExternal')).map(({ detail }) => String(detail)),
        trayMenu: async () => (await app.command<{ menu: MenuItem[] } | null>('tray'))?.menu ?? [],
        clickTrayMenu: (label) => app.command('clickTrayMenu', label),
        suspend: () => app.command('suspend'),
        resume: () => app.command('resume'),
        async secondInstance(argv) {
          const second = startDouble({ args: argv, profile: app.profile });
          await second.exited;
        },
        windows: () => app.command<ShownWindow[]>('windows'),
        closeWindow: () => app.command('closeWindow'),
      },
    };
  } catch (error) {
    await app.remove();
    throw error;
  }
}
