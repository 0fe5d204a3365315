import { NO_PAIRS } from '../host-series.ts';
import { createFilesystemGauge, emitFilesystems } from '../filesystem-gauge.ts';
import type { StatFs } from '../filesystem-gauge.ts';
import type { HostGroup, HostGroups } from '../host-group.ts';
import { openKernelFiles } from '../kernel-files.ts';
import type { KernelFiles } from '../kernel-files.ts';
import type { CpuTimes } from '../raw-reading.ts';
import type { Clock } from '../../../schedule/clock.ts';
import { emitCpuTimes, holdCounters, parseCpuTimes } from './cpu-times.ts';
import { emitDiskStats, parseDiskStats, sumDiskBytes } from './disk-stats.ts';
import {
  bootTimeSeconds,
  emitFileHandles,
  emitKernelCounters,
  emitLoadAverage,
  emitPressure,
  emitVmstat,
  parseLoadAverage,
} from './kernel-counters.ts';
import { emitMemoryInfo, memoryUse, parseMemoryInfo } from './memory-info.ts';
import { parseMounts } from './mounts.ts';
import type { Mount } from './mounts.ts';
import { emitNetworkDevices, parseNetworkDevices, sumNetworkBytes } from './network-devices.ts';
import { slowLinuxGroups } from './slow-groups.ts';

/** Everything that Linux tells in /proc and /sys, under node_exporter's names, without starting a program. */
export function createLinuxGroups(options: {
  readonly root: string;
  readonly clock: Clock;
  readonly fs: StatFs;
  readonly statfsBoundMs: number;
}): HostGroups {
  const files = openKernelFiles(options.root);
  return {
    frequent: [
      createStatGroup(files),
      {
        collector: 'loadavg',
        read(emit, reading) {
          reading.load = parseLoadAverage(files.read('proc/loadavg'));
          emitLoadAverage(reading.load, emit);
        },
      },
      {
        collector: 'meminfo',
        read(emit, reading) {
          const values = parseMemoryInfo(files.read('proc/meminfo'));
          reading.memory = memoryUse(values);
          emitMemoryInfo(values, emit);
        },
      },
      {
        collector: 'diskstats',
        read(emit, reading) {
          const disks = parseDiskStats(files.read('proc/diskstats'));
          reading.disk = sumDiskBytes(disks);
          emitDiskStats(disks, emit);
        },
      },
      {
        collector: 'netdev',
        read(emit, reading) {
          // /proc/net is a link to self/net; /proc/1 would ask for more rights.
          const devices = parseNetworkDevices(files.read('proc/net/dev'));
          reading.network = sumNetworkBytes(devices);
          emitNetworkDevices(devices, emit);
        },
      },
      createFilesystemGroup(files, options),
      createPressureGroup(files),
      {
        collector: 'vmstat',
        read(emit) {
          emitVmstat(files.read('proc/vmstat'), emit);
        },
      },
      {
        collector: 'filefd',
        read(emit) {
          emitFileHandles(files.read('proc/sys/fs/file-nr'), emit);
        },
      },
      {
        collector: 'time',
        read(emit, reading) {
          emit('node_time_seconds', NO_PAIRS, reading.timestampMs / 1000);
        },
      },
    ],
    slow: slowLinuxGroups(options.root),
    close() {
      files.close();
    },
  };
}

/** /proc/stat holds both node_exporter's `cpu` and `stat`; it is read once for the two. */
function createStatGroup(files: KernelFiles): HostGroup {
  let held: readonly CpuTimes[] = [];
  return {
    collector: 'cpu',
    read(emit, reading) {
      const text = files.read('proc/stat');
      held = holdCounters(held, parseCpuTimes(text));
      reading.cpus = held;
      const bootTime = bootTimeSeconds(text);
      reading.bootTimeMs = bootTime === null ? null : bootTime * 1000;
      emitCpuTimes(held, emit);
      emitKernelCounters(text, emit);
    },
  };
}

function createFilesystemGroup(
  files: KernelFiles,
  options: { readonly clock: Clock; readonly fs: StatFs; readonly statfsBoundMs: number },
): HostGroup {
  const gauge = createFilesystemGauge({
    fs: options.fs,
    clock: options.clock,
    boundMs: options.statfsBoundMs,
  });
  let lastText = '';
  let mounts: readonly Mount[] = [];
  return {
    collector: 'filesystem',
    async read(emit, reading) {
      const text = readMountinfo(files);
      if (text !== lastText) mounts = parseMounts(text);
      lastText = text;
      reading.filesystems = await gauge.measure(mounts);
      emitFilesystems(reading.filesystems, emit);
    },
  };
}

/** The first process sees the machine's mounts where this one may live in a sandbox; it may be hidden (hidepid). */
function readMountinfo(files: KernelFiles): string {
  try {
    return files.read('proc/1/mountinfo');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return files.read('proc/self/mountinfo');
  }
}

const PRESSURE_RESOURCES = ['cpu', 'io', 'memory'] as const;

function createPressureGroup(files: KernelFiles): HostGroup {
  return {
    collector: 'pressure',
    read(emit) {
      for (const resource of PRESSURE_RESOURCES) emitPressure(resource, files.read(`proc/pressure/${resource}`), emit);
    },
  };
}
