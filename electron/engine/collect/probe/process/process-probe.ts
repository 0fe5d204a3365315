import { readFile } from 'node:fs/promises';
import { RE2JS } from 're2js';
import { formatSize } from '../../../config/index.ts';
import type { ProcessCheckConfig } from '../../../config/index.ts';
import type { Clock } from '../../../schedule/index.ts';
import type { CreateProbe, Probe } from '../probe.ts';
import { ProbeFailure } from '../run-probe.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { runService, verdict, worstOf } from '../run-service.ts';
import { createProcessLister } from './list-processes.ts';
import type { ListProcesses, WatchedProcess } from './list-processes.ts';

/** Looks for processes of this machine: how many, since when, and what they use. Names of process-exporter. */
export const createProcessProbe: CreateProbe<ProcessCheckConfig> = (config, timeoutMs, { clock }) =>
  createProcessProbeWith(config, timeoutMs, clock, createProcessLister({ clock }));

export function createProcessProbeWith(
  config: ProcessCheckConfig,
  timeoutMs: number,
  clock: Clock,
  list: ListProcesses,
): Probe {
  const name = config.name ?? config.commandLine ?? config.pidFile ?? '';
  const setting = { clock, address: name, timeoutMs, thresholds: config.thresholds };
  const pattern = config.commandLine === null ? null : RE2JS.compile(config.commandLine);
  const isWanted = ({ commandLine, user }: Pick<WatchedProcess, 'commandLine' | 'user'>): boolean =>
    (pattern?.matcher(commandLine).find() ?? true) && (config.user === null || config.user === user);
  let before: Look | null = null;
  let restarts = 0;

  return {
    run: (signal) =>
      runService(setting, signal, async (run) => {
        const pid = config.pidFile === null ? null : await readPidFile(config.pidFile);
        const found = await list({ name: config.name, pid, isWanted });
        const look: Look = { atMs: clock.monotonic(), processes: found };
        const news = before === null ? 0 : restartsBetween(before, look);
        restarts += news;
        const cpuRatio = before === null ? ratioNow(found) : ratioBetween(before, look);
        before = look;
        addSamples(found, name, cpuRatio, { restarts, news }, run);
        return judge(found, cpuRatio, config, name);
      }),
  };
}

interface Look {
  /** Monotonic. */
  readonly atMs: number;
  readonly processes: readonly WatchedProcess[];
}

async function readPidFile(path: string): Promise<number> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    if (/^\d+$/.test(text)) return Number(text);
    throw new ProbeFailure('unknown', 'pid-file', `${path} holds no number of a process.`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new ProbeFailure('down', 'pid-file', `There is no ${path}: the program does not run.`);
    if (code === 'EACCES') throw new ProbeFailure('unknown', 'permission', `${path} may not be read by this user.`);
    throw error;
  }
}

/** The clock of the boot time may move by a second when it is set, so that start times are compared roughly. */
const SAME_START_MS = 2000;

function isSame(one: WatchedProcess, other: WatchedProcess): boolean {
  return one.pid === other.pid && Math.abs(one.startedAt - other.startedAt) <= SAME_START_MS;
}

/** Processes that came in the place of others. More of them alone is no restart, nor are fewer. */
function restartsBetween(before: Look, now: Look): number {
  const came = now.processes.filter((one) => !before.processes.some((other) => isSame(one, other))).length;
  const went = before.processes.filter((one) => !now.processes.some((other) => isSame(one, other))).length;
  return Math.min(came, went);
}

/** CPU in cores over the time between two looks; a process that came meanwhile counts from its start. */
function ratioBetween(before: Look, now: Look): number | null {
  const known = ratioNow(now.processes);
  if (known !== null) return known;
  const seconds = (now.atMs - before.atMs) / 1000;
  if (seconds <= 0 || now.processes.some(({ cpuSeconds }) => cpuSeconds === null)) return null;
  const used = now.processes.reduce((sum, one) => {
    const earlier = before.processes.find((other) => isSame(one, other))?.cpuSeconds ?? 0;
    return sum + Math.max(0, (one.cpuSeconds ?? 0) - earlier);
  }, 0);
  return used / seconds;
}

/** Where the system itself gives ratios; null where it gives none. */
function ratioNow(processes: readonly WatchedProcess[]): number | null {
  if (processes.length === 0 || processes.some(({ cpuRatio }) => cpuRatio === null)) return null;
  return processes.reduce((sum, { cpuRatio }) => sum + (cpuRatio ?? 0), 0);
}

function addSamples(
  found: readonly WatchedProcess[],
  groupname: string,
  cpuRatio: number | null,
  { restarts, news }: { readonly restarts: number; readonly news: number },
  run: ProbeRun,
): void {
  const labels = { groupname };
  run.add('namedprocess_namegroup_num_procs', found.length, labels);
  run.add('vedette_check_process_restarts_total', restarts, labels);
  run.add('vedette_check_process_restarted', news > 0 ? 1 : 0, labels);
  run.note('processes', found.length);
  run.note('restarts', restarts);
  if (found.length === 0) return;
  const memoryBytes = sum(found, ({ memoryBytes: bytes }) => bytes);
  const oldest = Math.min(...found.map(({ startedAt }) => startedAt));
  run.add('namedprocess_namegroup_memory_bytes', memoryBytes, { ...labels, memtype: 'resident' });
  run.add('namedprocess_namegroup_oldest_start_time_seconds', oldest / 1000, labels);
  if (found.every(({ cpuSeconds }) => cpuSeconds !== null)) {
    run.add(
      'namedprocess_namegroup_cpu_seconds_total',
      sum(found, ({ cpuSeconds }) => cpuSeconds ?? 0),
      labels,
    );
  }
  if (cpuRatio !== null) run.add('vedette_check_process_cpu_ratio', cpuRatio, labels);
  run.note('pid', found.slice(0, 10).map(({ pid }) => pid).join(', ')); // prettier-ignore
  run.note('startedAt', new Date(oldest).toISOString());
  run.note('memory', `${(memoryBytes / 1024 ** 2).toFixed(1)} MB`);
  if (cpuRatio !== null) run.note('cpu', `${(cpuRatio * 100).toFixed(1)} %`);
}

function judge(
  found: readonly WatchedProcess[],
  cpuRatio: number | null,
  { min, max, maxCpu, maxMemoryBytes }: ProcessCheckConfig,
  name: string,
): Verdict {
  if (found.length < min) {
    const message =
      found.length === 0
        ? `No process "${name}" runs on this machine.`
        : `${String(found.length)} processes "${name}" run, and ${String(min)} are the least.`;
    return verdict('down', 'missing', message);
  }
  const verdicts: Verdict[] = [];
  const degraded = (code: string, message: string): void => void verdicts.push(verdict('degraded', code, message));
  if (max !== null && found.length > max) {
    degraded('count', `${String(found.length)} processes "${name}" run, and ${String(max)} is the most.`);
  }
  if (maxCpu !== null && cpuRatio !== null && cpuRatio > maxCpu) {
    degraded('cpu', `"${name}" uses ${cpuRatio.toFixed(2)} cores, and ${String(maxCpu)} is the most.`);
  }
  const memoryBytes = sum(found, ({ memoryBytes: bytes }) => bytes);
  if (maxMemoryBytes !== null && memoryBytes > maxMemoryBytes) {
    const used = `${(memoryBytes / 1024 ** 2).toFixed(0)} MB`;
    degraded('memory', `"${name}" uses ${used} of memory, and ${formatSize(maxMemoryBytes)} is the most.`);
  }
  return worstOf(verdicts);
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}
