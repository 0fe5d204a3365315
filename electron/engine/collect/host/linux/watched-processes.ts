import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RE2JS } from 're2js';
import { createBreather } from '../../../schedule/breather.ts';
import type { Clock } from '../../../schedule/clock.ts';
import type { HostGroup } from '../host-group.ts';
import type { Emit } from '../host-series.ts';
import type { WatchedProcess } from '../watched-process.ts';
import { TICKS_PER_SECOND } from './cpu-times.ts';
import { bootTimeSeconds } from './kernel-counters.ts';
import { countOpenFiles, readCommandLine, readProcessIo } from './process-files.ts';
import { readStats } from './process-scan.ts';
import type { ProcessStat } from './process-scan.ts';

/** Counters of a group that must not fall when one of its processes ends. */
const COUNTERS = ['user', 'system', 'readBytes', 'writtenBytes', 'minorFaults', 'majorFaults'] as const;
type Counts = Record<(typeof COUNTERS)[number], number>;

interface Known {
  readonly startTicks: number;
  /** Null when no watch wants it. */
  readonly groupName: string | null;
  counts: Counts;
}

interface Group {
  readonly counts: Counts;
  processes: number;
  threads: number;
  residentBytes: number;
  virtualBytes: number;
  openFiles: number;
  oldestStartSeconds: number;
}

/**
 * Processes that the owner named, summed up by name, under the series of process-exporter. A process belongs to the first
 * watch that it fits; a command line is read once in its life.
 * Source of the names: github.com/ncabatoff/process-exporter, README.
 */
export function createWatchedProcesses(options: {
  readonly root: string;
  readonly clock: Clock;
  readonly watches: readonly WatchedProcess[];
  readonly pageBytes: number;
}): HostGroup {
  const { clock, pageBytes } = options;
  const proc = join(options.root, 'proc');
  const watches = options.watches.map(({ name, pattern }) => ({
    name,
    pattern: pattern === null ? null : RE2JS.compile(pattern),
  }));
  let known = new Map<number, Known>();
  const totals = new Map<string, Counts>(watches.map(({ name }) => [name, noCounts()]));

  function groupOf(pid: number, stat: ProcessStat): string | null {
    const commandLine = readCommandLine(join(proc, String(pid))) ?? '';
    const program = basename(commandLine.split(' ', 1)[0] ?? '');
    const fits = watches.find(({ name, pattern }) =>
      pattern === null ? stat.name === name || program === name : pattern.matcher(commandLine || stat.name).find(),
    );
    return fits?.name ?? null;
  }

  return {
    collector: 'processes',
    async read(emit) {
      const bootSeconds = bootTimeSeconds(readFileSync(join(proc, 'stat'), 'latin1')) ?? 0;
      const stats = await readStats(proc, createBreather(clock));
      const groups = new Map<string, Group>(watches.map(({ name }) => [name, noGroup(totals.get(name) ?? noCounts())]));
      const next = new Map<number, Known>();
      for (const [pid, stat] of stats) {
        const before = known.get(pid);
        const isSame = before?.startTicks === stat.startTicks;
        const groupName = isSame ? before.groupName : groupOf(pid, stat);
        const group = groupName === null ? undefined : groups.get(groupName);
        if (group === undefined) {
          next.set(pid, { startTicks: stat.startTicks, groupName: null, counts: noCounts() });
          continue;
        }
        const directory = join(proc, String(pid));
        const counts = readCounts(directory, stat);
        const since = isSame ? before.counts : noCounts();
        for (const name of COUNTERS) group.counts[name] += Math.max(0, counts[name] - since[name]);
        next.set(pid, { startTicks: stat.startTicks, groupName, counts });
        group.processes++;
        group.threads += stat.threads;
        group.residentBytes += stat.residentPages * pageBytes;
        group.virtualBytes += stat.virtualBytes;
        group.openFiles += countOpenFiles(directory) ?? 0;
        const startSeconds = bootSeconds + stat.startTicks / TICKS_PER_SECOND;
        group.oldestStartSeconds = Math.min(group.oldestStartSeconds, startSeconds);
      }
      known = next;
      for (const [name, group] of groups) emitGroup(name, group, emit);
    },
  };
}

function readCounts(directory: string, stat: ProcessStat): Counts {
  const io = readProcessIo(directory);
  return {
    user: stat.userTicks / TICKS_PER_SECOND,
    system: stat.systemTicks / TICKS_PER_SECOND,
    readBytes: io?.readBytes ?? 0,
    writtenBytes: io?.writtenBytes ?? 0,
    minorFaults: stat.minorFaults,
    majorFaults: stat.majorFaults,
  };
}

function noCounts(): Counts {
  return { user: 0, system: 0, readBytes: 0, writtenBytes: 0, minorFaults: 0, majorFaults: 0 };
}

function noGroup(counts: Counts): Group {
  const oldestStartSeconds = Infinity;
  return { counts, processes: 0, threads: 0, residentBytes: 0, virtualBytes: 0, openFiles: 0, oldestStartSeconds };
}

/** A watch without a process says so with 0 processes; its other levels end. */
function emitGroup(name: string, group: Group, emit: Emit): void {
  const labels = ['groupname', name];
  const { counts } = group;
  emit('namedprocess_namegroup_num_procs', labels, group.processes);
  emit('namedprocess_namegroup_cpu_seconds_total', [...labels, 'mode', 'user'], counts.user);
  emit('namedprocess_namegroup_cpu_seconds_total', [...labels, 'mode', 'system'], counts.system);
  emit('namedprocess_namegroup_read_bytes_total', labels, counts.readBytes);
  emit('namedprocess_namegroup_write_bytes_total', labels, counts.writtenBytes);
  emit('namedprocess_namegroup_minor_page_faults_total', labels, counts.minorFaults);
  emit('namedprocess_namegroup_major_page_faults_total', labels, counts.majorFaults);
  if (group.processes === 0) return;
  emit('namedprocess_namegroup_num_threads', labels, group.threads);
  emit('namedprocess_namegroup_open_filedesc', labels, group.openFiles);
  emit('namedprocess_namegroup_memory_bytes', [...labels, 'memtype', 'resident'], group.residentBytes);
  emit('namedprocess_namegroup_memory_bytes', [...labels, 'memtype', 'virtual'], group.virtualBytes);
  emit('namedprocess_namegroup_oldest_start_time_seconds', labels, group.oldestStartSeconds);
}
