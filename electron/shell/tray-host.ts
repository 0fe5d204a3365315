import { execFile } from 'node:child_process';
import type { Clock } from '../engine/schedule/clock.ts';

const ASK_TIMEOUT_MS = 2_000;

/** How long a start at login waits for the panel, which starts at the same time. */
const LOGIN_DELAYS_MS = [1_000, 3_000, 8_000];

/**
 * Whether this desktop shows tray icons. macOS and Windows always do. On Linux Electron makes a tray without an error
 * even where nothing shows it (GNOME without an extension), so the desktop is asked who watches for icons.
 * Source: StatusNotifierItem specification, "StatusNotifierWatcher".
 */
export async function hasTrayHost(
  platform: NodeJS.Platform,
  isLogin: boolean,
  clock: Pick<Clock, 'after'>,
): Promise<boolean> {
  if (platform !== 'linux' || (await isWatcherThere())) return true;
  for (const delayMs of isLogin ? LOGIN_DELAYS_MS : []) {
    await new Promise<void>((resolve) => {
      clock.after(delayMs, resolve);
    });
    if (await isWatcherThere()) return true;
  }
  return false;
}

async function isWatcherThere(): Promise<boolean> {
  const question =
    'call --session --timeout 1 --dest org.freedesktop.DBus --object-path / --method org.freedesktop.DBus.NameHasOwner';
  return new Promise((resolve) => {
    const args = [...question.split(' '), 'org.kde.StatusNotifierWatcher'];
    execFile('gdbus', args, { timeout: ASK_TIMEOUT_MS }, (error, stdout) => {
      // No session bus or no gdbus: nobody can be asked, and a window that hides into nothing would be lost.
      resolve(error === null && stdout.startsWith('(true'));
    });
  });
}
