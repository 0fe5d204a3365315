import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where history, state and the token live when nothing else is said.
 * Source: XDG base directory specification; Apple and Windows file-system guides.
 */
export function defaultDataDirectory(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (environment['VEDETTE_DATA'] !== undefined) return environment['VEDETTE_DATA'];
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Vedette');
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Vedette');
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'vedette');
}
