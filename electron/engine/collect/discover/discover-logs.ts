import { access, constants, glob, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { DiscoveredLog } from './discovery.ts';

/** Where logs usually lie; `~` is the home directory. A file belongs to the first row that finds it. */
const USUAL_LOGS: readonly (readonly [path: string, title: string, logType: DiscoveredLog['logType']])[] = [
  ['/var/log/syslog', 'System log', 'application'],
  ['/var/log/messages', 'System log', 'application'],
  ['/var/log/system.log', 'System log', 'application'],
  ['/var/log/nginx/*access*.log', 'nginx access', 'access'],
  ['/var/log/nginx/*error*.log', 'nginx errors', 'error'],
  ['/var/log/apache2/*access*.log', 'Apache access', 'access'],
  ['/var/log/apache2/*error*.log', 'Apache errors', 'error'],
  ['/var/log/httpd/*access*', 'Apache access', 'access'],
  ['/var/log/httpd/*error*', 'Apache errors', 'error'],
  ['/var/log/postgresql/*.log', 'PostgreSQL', 'application'],
  ['/var/log/mysql/*.log', 'MySQL', 'error'],
  ['/var/log/redis/*.log', 'Redis', 'application'],
  ['/var/log/rabbitmq/*.log', 'RabbitMQ', 'application'],
  ['/var/log/mongodb/*.log', 'MongoDB', 'application'],
  ['/opt/homebrew/var/log/*.log', 'Homebrew services', 'application'],
  ['/usr/local/var/log/*.log', 'Local services', 'application'],
  ['~/.pm2/logs/*-error.log', 'PM2 errors', 'error'],
  ['~/.pm2/logs/*.log', 'PM2', 'application'],
  ['/var/log/*.log', 'System files', 'application'],
];

const MOST_FILES = 500;

/** Log files of the usual places that can be read and hold something. `root` and `home` are for tests. */
export async function discoverLogs(
  options: { readonly root?: string; readonly home?: string; readonly signal?: AbortSignal } = {},
): Promise<DiscoveredLog[]> {
  const found: DiscoveredLog[] = [];
  const taken = new Set<string>();
  for (const [pattern, title, logType] of USUAL_LOGS) {
    if (options.signal?.aborted === true) break;
    const path = pattern.startsWith('~')
      ? `${options.home ?? homedir()}${pattern.slice(1)}`
      : `${options.root ?? ''}${pattern}`;
    let fileCount = 0;
    let sizeBytes = 0;
    for await (const file of glob(path)) {
      if (taken.has(file) || fileCount >= MOST_FILES) continue;
      const size = await readableSize(file);
      if (size === 0) continue;
      taken.add(file);
      fileCount++;
      sizeBytes += size;
    }
    if (fileCount > 0) found.push({ id: `log:${path}`, kind: 'log', title, path, fileCount, sizeBytes, logType });
  }
  return found;
}

/** 0 for a file that is empty, is no file, or cannot be read by this user. */
async function readableSize(file: string): Promise<number> {
  try {
    await access(file, constants.R_OK);
    const stats = await stat(file);
    return stats.isFile() ? stats.size : 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return 0;
    throw error;
  }
}
