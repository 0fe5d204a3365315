import { loadSystemInformation } from './system-information.ts';
import type { SystemInformation } from './system-information.ts';
import { createLinuxProcessScan } from './linux/process-scan.ts';
import type { Clock } from '../../schedule/clock.ts';

/** One running program. */
export interface ProcessReading {
  readonly pid: number;
  readonly name: string;
  /**
   * CPU time in shares of one core since the call before, or since the start of a process that is younger: 1 is one
   * core busy all the time, and a process with threads may have more.
   */
  readonly cpuRatio: number;
  /** Resident memory. */
  readonly memoryBytes: number;
  /** To and from disks; null where the system does not tell, as for other users' processes, or it was not asked. */
  readonly ioBytesPerSecond: number | null;
  /** Null where the system does not tell. */
  readonly threads: number | null;
  /** Epoch milliseconds; null when not known. */
  readonly startedAt: number | null;
  /** A name, or a number when it has none. */
  readonly user: string;
}

export interface TopProcesses {
  readonly byCpu: readonly ProcessReading[];
  readonly byMemory: readonly ProcessReading[];
  /** Empty when it was not asked for. */
  readonly byIo: readonly ProcessReading[];
  /** All processes, of which the lists show the first. */
  readonly processCount: number;
}

export interface ProcessList {
  /**
   * The `limit` heaviest processes of each kind. Costs milliseconds per hundred processes, with `withIo` twice as many:
   * ask when someone looks.
   */
  top(limit: number, withIo?: boolean): Promise<TopProcesses>;
}

/** What a scan gives: the lists need only a few processes in full, so the costly rest comes on demand. */
export interface ScannedProcess {
  readonly cpuRatio: number;
  /** Orders by memory; the exact number comes with {@link complete}. */
  readonly memoryBytes: number;
  readonly ioBytesPerSecond: number | null;
  /** Null when the process has ended in the meantime. */
  readonly complete: () => Promise<ProcessReading | null>;
}

export function createProcessList(options: {
  readonly clock: Clock;
  readonly platform?: NodeJS.Platform;
  readonly root?: string;
  readonly systemInformation?: () => Promise<SystemInformation>;
}): ProcessList {
  const platform = options.platform ?? process.platform;
  const load = options.systemInformation ?? loadSystemInformation;
  const scan =
    platform === 'linux'
      ? createLinuxProcessScan({ clock: options.clock, root: options.root ?? '/' })
      : async () => scanPortably(await load());
  let running: { readonly withIo: boolean; readonly scan: Promise<readonly ScannedProcess[]> } | null = null;

  function scanOnce(withIo: boolean): Promise<readonly ScannedProcess[]> {
    // Two askers at one time share a scan, so that neither shortens the other's interval to nothing.
    if (running !== null && (running.withIo || !withIo)) return running.scan;
    const started = { withIo, scan: scan(withIo) };
    running = started;
    return started.scan.finally(() => {
      if (running === started) running = null;
    });
  }

  return {
    async top(limit, withIo = false) {
      const all = await scanOnce(withIo);
      const [byCpu, byMemory, byIo] = await Promise.all([
        completeFirst(all, limit, (each) => each.cpuRatio),
        completeFirst(all, limit, (each) => each.memoryBytes),
        withIo ? completeFirst(all, limit, (each) => each.ioBytesPerSecond ?? -1) : [],
      ]);
      return { byCpu, byMemory, byIo, processCount: all.length };
    },
  };
}

async function completeFirst(
  all: readonly ScannedProcess[],
  limit: number,
  weight: (each: ScannedProcess) => number,
): Promise<ProcessReading[]> {
  // Of those that do nothing, the ones that hold most.
  const heaviest = [...all].sort((a, b) => weight(b) - weight(a) || b.memoryBytes - a.memoryBytes).slice(0, limit);
  const completed = await Promise.all(heaviest.map((each) => each.complete()));
  return completed.filter((each) => each !== null);
}

/** systeminformation gives percents of all cores together. */
async function scanPortably(systemInformation: SystemInformation): Promise<ScannedProcess[]> {
  const [{ list }, { cores }] = await Promise.all([systemInformation.processes(), systemInformation.cpu()]);
  return list.map((each) => {
    const startedAt = Date.parse(each.started);
    const reading: ProcessReading = {
      pid: each.pid,
      name: each.name,
      cpuRatio: (each.cpu / 100) * Math.max(1, cores),
      memoryBytes: each.memRss * 1024,
      ioBytesPerSecond: null,
      threads: null,
      startedAt: Number.isNaN(startedAt) ? null : startedAt,
      user: each.user,
    };
    return { ...reading, complete: () => Promise.resolve(reading) };
  });
}
