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
 * @param executable what a login starts: the AppImage's path when there is one
 * @param configHome XDG_CONFIG_HOME or ~/.config
 */
export function createLoginItem(platform: NodeJS.Platform, executable: string, configHome: string): LoginItem {
  if (platform !== 'linux') {
    return {
      set(startAtLogin, hidden) {
        app.setLoginItemSettings({ openAtLogin: startAtLogin, args: hidden ? [HIDDEN_ARGUMENT] : [] });
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
      writeFileSync(file, autostartEntry(executable, hidden));
    },
  };
}

/** Source: Desktop Entry Specification, "The Exec key": quoted, with backslash, quote, dollar and backtick escaped. */
function autostartEntry(executable: string, hidden: boolean): string {
  const quoted = `"${executable.replace(/(["\\$`])/g, '\\$1').replaceAll('%', '%%')}"`;
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Vedette',
    `Exec=${quoted}${hidden ? ` ${HIDDEN_ARGUMENT}` : ''}`,
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}
