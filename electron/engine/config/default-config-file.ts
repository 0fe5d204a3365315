import { posix, win32 } from 'node:path';

/**
 * Where the main file lies when none is named: the place that each system has for it.
 *
 * @param home the user's home directory, for where the environment does not say
 * Source: XDG Base Directory Specification; Apple "File System Programming Guide"; Windows known folder RoamingAppData.
 */
export function defaultConfigFile(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === 'win32') {
    const roaming = environment['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming');
    return win32.join(roaming, 'Vedette', 'vedette.yml');
  }
  const base = environment['HOME'] ?? home;
  if (platform === 'darwin') return posix.join(base, 'Library', 'Application Support', 'Vedette', 'vedette.yml');
  const xdg = environment['XDG_CONFIG_HOME'] ?? '';
  // The specification: a relative path is to be ignored.
  const directory = posix.isAbsolute(xdg) ? xdg : posix.join(base, '.config');
  return posix.join(directory, 'vedette', 'vedette.yml');
}
