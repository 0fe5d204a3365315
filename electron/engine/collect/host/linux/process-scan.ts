import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createBreather } from '../../../schedule/breather.ts';
import type { Breather } from '../../../schedule/breather.ts';
import type { Clock } from '../../../schedule/clock.ts';
import type { ProcessReading, ScannedProcess } from '../processes.ts';
import { readAttribute } from '../sysfs.ts';
import { TICKS_PER_SECOND } from './cpu-times.ts';
import { bootTimeSeconds } from './kernel-counters.ts';
import { readProcessIo } from './process-files.ts';

/** The fields of /proc/N/stat that are needed. */
export interface ProcessStat {
  readonly name: string;
  /** CPU time in user and system mode, without children. */
  readonly cpuTicks: number;
  readonly threads: number;
  /** Ticks after boot. */
  readonly startTicks: number;
  readonly residentPages: number;
  readonly virtualBytes: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  /** Page faults that were answered from memory and from a disk. */
  readonly minorFaults: number;
  readonly majorFaults: number;
}

/** Source: proc_pid_stat(5). The name is in parentheses and may hold anything, parentheses too. Null if it is no such line. */
export function parseProcessStat(text: string): ProcessStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open === -1 || close < open) return null;
  // Counted from the state, which is field 3 of the manual.
  const fields = text.slice(close + 2).split(' ');
  return {
    name: text.slice(open + 1, close),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
    threads: Number(fields[17]),
    startTicks: Number(fields[19]),
    residentPages: Number(fields[21]),
    virtualBytes: Number(fields[20]),
    userTicks: Number(fields[11]),
    systemTicks: Number(fields[12]),
    minorFaults: Number(fields[7]),
    majorFaults: Number(fields[9]),
  };
}

/** Good for ordering only: the exact memory comes from /proc/N/status, which knows the size of a page. */
const USUAL_PAGE_BYTES = 4096;

/**
 * Scan /proc without starting a program. Ratios and rates are over the time since the scan before; with `withIo` a file
 * more is read per process.
 */
export function createLinuxProcessScan(options: {
  readonly clock: Clock;
  readonly root: string;
}): (withIo: boolean) => Promise<ScannedProcess[]> {
  const { clock } = options;
  const proc = join(options.root, 'proc');
  let previous = new Map<number, ProcessStat>();
  let previousMs: number | null = null;
  let previousIo: PassOfIo = { atMs: 0, bytes: new Map() };
  let users: Promise<ReadonlyMap<string, string>> | null = null;

  return async (withIo) => {
    const bootMs = (bootTimeSeconds(readFileSync(join(proc, 'stat'), 'utf8')) ?? 0) * 1000;
    const startedMs = clock.monotonic();
    const stats = await readStats(proc, createBreather(clock));
    const intervalMs = previousMs === null ? null : startedMs - previousMs;
    users ??= readUsers(join(options.root, 'etc/passwd'));
    const userNames = await users;
    const io = withIo ? await readIo(proc, stats, createBreather(clock), startedMs) : null;

    const scanned = [...stats].map(([pid, stat]): ScannedProcess => {
      const startedAt = bootMs + (stat.startTicks * 1000) / TICKS_PER_SECOND;
      const before = previous.get(pid);
      const isSame = before?.startTicks === stat.startTicks && intervalMs !== null;
      const ticks = isSame ? stat.cpuTicks - before.cpuTicks : stat.cpuTicks;
      const overMs = isSame ? intervalMs : clock.now() - startedAt;
      const cpuRatio = Math.max(0, (ticks * 1000) / TICKS_PER_SECOND) / Math.max(overMs, 1000 / TICKS_PER_SECOND);
      const ioBytesPerSecond = io === null ? null : ioRate(io, previousIo, pid, stat, clock.now() - startedAt);
      return {
        cpuRatio,
        memoryBytes: stat.residentPages * USUAL_PAGE_BYTES,
        ioBytesPerSecond,
        complete: () => complete(proc, pid, stat, { cpuRatio, ioBytesPerSecond, startedAt }, userNames),
      };
    });
    if (io !== null) previousIo = io;
    previous = stats;
    previousMs = startedMs;
    return scanned;
  };
}

/** Bytes that each process has moved, by its number; those of other users' processes cannot be read. */
interface PassOfIo {
  readonly atMs: number;
  readonly bytes: ReadonlyMap<number, { readonly startTicks: number; readonly total: number }>;
}

async function readIo(
  proc: string,
  stats: ReadonlyMap<number, ProcessStat>,
  breather: Breather,
  atMs: number,
): Promise<PassOfIo> {
  const bytes = new Map<number, { startTicks: number; total: number }>();
  for (const [pid, { startTicks }] of stats) {
    const io = readProcessIo(join(proc, String(pid)));
    if (io !== null) bytes.set(pid, { startTicks, total: io.readBytes + io.writtenBytes });
    if (breather.isDue()) await breather.pause();
  }
  return { atMs, bytes };
}

function ioRate(now: PassOfIo, before: PassOfIo, pid: number, stat: ProcessStat, ageMs: number): number | null {
  const total = now.bytes.get(pid)?.total;
  if (total === undefined) return null;
  const known = before.bytes.get(pid);
  const isSame = known?.startTicks === stat.startTicks && now.atMs > before.atMs;
  const [moved, overMs] = isSame ? [total - known.total, now.atMs - before.atMs] : [total, ageMs];
  return (Math.max(0, moved) * 1000) / Math.max(overMs, 1);
}

/** Synchronous reads in small batches: through the thread pool the same costs several times the CPU. */
export async function readStats(proc: string, breather: Breather): Promise<Map<number, ProcessStat>> {
  const stats = new Map<number, ProcessStat>();
  for (const entry of readdirSync(proc)) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = readStat(join(proc, entry, 'stat'));
    if (stat !== null) stats.set(Number(entry), stat);
    if (breather.isDue()) await breather.pause();
  }
  return stats;
}

function readStat(path: string): ProcessStat | null {
  try {
    return parseProcessStat(readFileSync(path, 'utf8'));
  } catch (error) {
    // It ended between the listing and the reading.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

async function complete(
  proc: string,
  pid: number,
  { name: shortName, threads }: ProcessStat,
  known: Pick<ProcessReading, 'cpuRatio' | 'ioBytesPerSecond' | 'startedAt'>,
  users: ReadonlyMap<string, string>,
): Promise<ProcessReading | null> {
  const status = await readAttribute(join(proc, String(pid), 'status'));
  if (status === null) return null;
  const userId = /^Uid:\s+(\d+)/m.exec(status)?.[1] ?? '';
  // Kernel threads have no memory of their own, and no line.
  const residentKibibytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  const name = await readProcessName(proc, pid, shortName);
  return { pid, name, ...known, memoryBytes: residentKibibytes * 1024, threads, user: users.get(userId) ?? userId };
}

const SHORT_NAME_LENGTH = 15;

/**
 * The name of a program. The kernel keeps 15 bytes of it, and Node's main thread calls itself `MainThread`; then the
 * first word of the command line tells more.
 */
export async function readProcessName(proc: string, pid: number, shortName: string): Promise<string> {
  const isThreadName = shortName === 'MainThread';
  if (shortName.length < SHORT_NAME_LENGTH && !isThreadName) return shortName;
  const commandLine = (await readAttribute(join(proc, String(pid), 'cmdline'))) ?? '';
  const program = basename(commandLine.split('\u0000', 1)[0] ?? '');
  return program !== '' && (isThreadName || program.startsWith(shortName)) ? program : shortName;
}

/** User names by number. Source: passwd(5). Users from a directory server are not in the file and stay numbers. */
export async function readUsers(path: string): Promise<ReadonlyMap<string, string>> {
  const users = new Map<string, string>();
  for (const line of ((await readAttribute(path)) ?? '').split('\n')) {
    const [name, , id] = line.split(':');
    if (name !== undefined && id !== undefined) users.set(id, name);
  }
  return users;
}
