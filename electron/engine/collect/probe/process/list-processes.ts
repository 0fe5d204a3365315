import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createBreather } from '../../../schedule/breather.ts';
import type { Clock } from '../../../schedule/index.ts';
import { TICKS_PER_SECOND } from '../../host/linux/cpu-times.ts';
import { bootTimeSeconds } from '../../host/linux/kernel-counters.ts';
import { parseProcessStat, readProcessName, readUsers } from '../../host/linux/process-scan.ts';
import { loadSystemInformation } from '../../host/system-information.ts';
import { readAttribute } from '../../host/sysfs.ts';

/** One process that a check is about. */
export interface WatchedProcess {
  readonly pid: number;
  readonly name: string;
  readonly commandLine: string;
  readonly user: string;
  /** Epoch milliseconds; with the number it tells a process from a later one that got its number. */
  readonly startedAt: number;
  /** Since its start; null where the system gives only a ratio. */
  readonly cpuSeconds: number | null;
  /** Shares of one core, where the system gives it. */
  readonly cpuRatio: number | null;
  readonly memoryBytes: number;
}

/** Every process that `isWanted` by what costs nothing to know, in full. */
export type ListProcesses = (filter: ProcessFilter) => Promise<WatchedProcess[]>;

export interface ProcessFilter {
  readonly name: string | null;
  readonly pid: number | null;
  readonly isWanted: (process: Pick<WatchedProcess, 'commandLine' | 'user'>) => boolean;
}

export function createProcessLister(options: {
  readonly clock: Clock;
  readonly platform?: NodeJS.Platform;
  readonly root?: string;
}): ListProcesses {
  const { clock, platform = process.platform, root = '/' } = options;
  return platform === 'linux' ? (filter) => listOnLinux(filter, clock, root) : listPortably;
}

/** Names in `stat` are cut to this. Source: proc_pid_comm(5). */
const SHORT_NAME_LENGTH = 15;

/** Without a program being started; what is cheap to know is asked first. */
async function listOnLinux(filter: ProcessFilter, clock: Clock, root: string): Promise<WatchedProcess[]> {
  const proc = join(root, 'proc');
  const bootMs = (bootTimeSeconds(readFileSync(join(proc, 'stat'), 'utf8')) ?? 0) * 1000;
  const users = await readUsers(join(root, 'etc/passwd'));
  const breather = createBreather(clock);
  const found: WatchedProcess[] = [];
  for (const entry of readdirSync(proc)) {
    if (!/^\d+$/.test(entry)) continue;
    if (filter.pid !== null && Number(entry) !== filter.pid) continue;
    const one = await readOne(proc, Number(entry), filter, bootMs, users);
    if (one !== null) found.push(one);
    if (breather.isDue()) await breather.pause();
  }
  return found;
}

async function readOne(
  proc: string,
  pid: number,
  { name: wanted, isWanted }: ProcessFilter,
  bootMs: number,
  users: ReadonlyMap<string, string>,
): Promise<WatchedProcess | null> {
  const folder = join(proc, String(pid));
  const stat = parseProcessStat(readOrNull(join(folder, 'stat')) ?? '');
  if (stat === null) return null;
  const mayFit = wanted === null || stat.name === wanted.slice(0, SHORT_NAME_LENGTH) || stat.name === 'MainThread';
  if (!mayFit) return null;
  const name = await readProcessName(proc, pid, stat.name);
  if (wanted !== null && name !== wanted && stat.name !== wanted) return null;
  const status = (await readAttribute(join(folder, 'status'))) ?? '';
  const userId = /^Uid:\s+(\d+)/m.exec(status)?.[1] ?? '';
  const user = users.get(userId) ?? userId;
  const commandLine = ((await readAttribute(join(folder, 'cmdline'))) ?? '').replaceAll('\u0000', ' ').trim();
  if (!isWanted({ commandLine, user })) return null;
  return {
    pid,
    name,
    commandLine,
    user,
    startedAt: bootMs + (stat.startTicks * 1000) / TICKS_PER_SECOND,
    cpuSeconds: stat.cpuTicks / TICKS_PER_SECOND,
    cpuRatio: null,
    memoryBytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024,
  };
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // It ended between the listing and the reading.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

async function listPortably({ name, pid, isWanted }: ProcessFilter): Promise<WatchedProcess[]> {
  const information = await loadSystemInformation();
  const [{ list }, { cores }] = await Promise.all([information.processes(), information.cpu()]);
  return list
    .filter((one) => (name === null || one.name === name) && (pid === null || one.pid === pid))
    .map((one) => ({
      pid: one.pid,
      name: one.name,
      commandLine: `${one.command} ${one.params}`.trim(),
      user: one.user,
      startedAt: Date.parse(one.started) || 0,
      cpuSeconds: null,
      cpuRatio: (one.cpu / 100) * Math.max(1, cores),
      memoryBytes: one.memRss * 1024,
    }))
    .filter(isWanted);
}
