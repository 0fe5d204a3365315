import { app } from 'electron';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LoginItem {
  set(startAtLogin: boolean, hidden: boolean): void;
}

/** The argument that starts the application in the tray. */
export const HIDDEN_ARGUMENT = '--hidden';

/**
 * Start at login: the system's own setting on macOS and Windows, an autostart entry on Linux, where Electron has none.
 * Source: XDG autostart specification.
 *
 * @param command what a login starts: the AppImage's path when there is one, with the application's folder in a checkout
 * @param configHome XDG_CONFIG_HOME or ~/.config
 */
export function createLoginItem(
  platform: NodeJS.Platform,
  command: readonly [string, ...string[]],
  configHome: string,
): LoginItem {
  const withArguments = (hidden: boolean): string[] => (hidden ? [...command, HIDDEN_ARGUMENT] : [...command]);
  if (platform !== 'linux') {
    return {
      set(startAtLogin, hidden) {
        const [path = '', ...args] = withArguments(hidden);
        app.setLoginItemSettings({ openAtLogin: startAtLogin, path, args });
      },
    };
  }
  const directory = join(configHome, 'autostart');
  const file = join(directory, 'vedette.desktop');
  return {
    set(startAtLogin, hidden) {
      if (!startAtLogin) {
        rmSync(file, { force: true });
        return;
      }
      mkdirSync(directory, { recursive: true });
      writeFileSync(file, autostartEntry(withArguments(hidden)));
    },
  };
}

/** Source: Desktop Entry Specification, "The Exec key": quoted, with backslash, quote, dollar and backtick escaped. */
function autostartEntry(command: readonly string[]): string {
  // The value is a string of the file first, which has its own backslash escapes, and a command line after that.
  const quoted = command.map((word) =>
    /^[\w./-]+$/.test(word)
      ? word
      : `"${word
          .replace(/(["\\$`])/g, '\\$1')
          .replaceAll('\\', '\\\\')
          .replaceAll('%', '%%')}"`,
  );
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Vedette',
    `Exec=${quoted.join(' ')}`,
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}
