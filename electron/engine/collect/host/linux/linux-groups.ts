import { join } from 'node:path';
import { NO_PAIRS } from '../host-series.ts';
import { createFilesystemGauge, emitFilesystems } from '../filesystem-gauge.ts';
import type { StatFs } from '../filesystem-gauge.ts';
import type { HostGroup, HostGroups } from '../host-group.ts';
import { openKernelFiles } from '../kernel-files.ts';
import type { KernelFiles } from '../kernel-files.ts';
import type { CpuTimes, RawReading } from '../raw-reading.ts';
import type { Clock } from '../../../schedule/clock.ts';
import { createDockerNames } from '../docker-names.ts';
import type { WatchedProcess } from '../watched-process.ts';
import { connectionGroups } from './connection-groups.ts';
import { emitContainers, findControlGroups, readContainers } from './containers.ts';
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
import { emitNetworkDevices, emitUnhandledPackets, parseNetworkDevices, sumNetworkBytes } from './network-devices.ts';
import { readPageBytes } from './page-size.ts';
import { rareLinuxGroups, slowLinuxGroups } from './slow-groups.ts';
import { readUdevProperties } from './udev-properties.ts';
import type { UdevProperties } from './udev-properties.ts';
import { createWatchedProcesses } from './watched-processes.ts';

/** Everything that Linux tells in /proc and /sys, under node_exporter's names, without starting a program. */
export function createLinuxGroups(options: {
  readonly root: string;
  readonly clock: Clock;
  readonly fs: StatFs;
  readonly statfsBoundMs: number;
  readonly watches: readonly WatchedProcess[];
}): HostGroups {
  const files = openKernelFiles(options.root);
  const pageBytes = readPageBytes(join(options.root, 'proc/self/auxv'));
  const propertiesOf = createUdevMemory(join(options.root, 'run/udev/data'), options.clock);
  return {
    frequent: [
      ...createStatGroups(files),
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
          emitDiskStats(disks, emit, propertiesOf);
        },
      },
      {
        collector: 'netdev',
        read(emit, reading) {
          // /proc/net is a link to self/net; /proc/1 would ask for more rights.
          const devices = parseNetworkDevices(files.read('proc/net/dev'));
          reading.network = sumNetworkBytes(devices);
          emitNetworkDevices(devices, emit);
          emitUnhandledPackets(join(options.root, 'sys/class/net'), devices, emit);
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
    slow: [
      ...connectionGroups(files, pageBytes),
      ...slowLinuxGroups(options.root),
      createContainerGroup(options.root, options.clock),
      ...(options.watches.length === 0 ? [] : [createWatchedProcesses({ ...options, pageBytes })]),
    ],
    rare: rareLinuxGroups(options.root, options.clock),
    close() {
      files.close();
    },
  };
}

/** /proc/stat holds both node_exporter's `cpu` and `stat`; it is read once for the two. */
function createStatGroups(files: KernelFiles): HostGroup[] {
  let held: readonly CpuTimes[] = [];
  let text = '';
  let readFor: RawReading | null = null;
  const readOnce = (reading: RawReading) => {
    if (readFor !== reading) text = files.read('proc/stat');
    readFor = reading;
    return text;
  };
  return [
    {
      collector: 'cpu',
      read(emit, reading) {
        const stat = readOnce(reading);
        held = holdCounters(held, parseCpuTimes(stat));
        reading.cpus = held;
        const bootTime = bootTimeSeconds(stat);
        reading.bootTimeMs = bootTime === null ? null : bootTime * 1000;
        emitCpuTimes(held, emit);
      },
    },
    {
      collector: 'stat',
      read(emit, reading) {
        emitKernelCounters(readOnce(reading), emit);
      },
    },
  ];
}

const DOCKER_SOCKET = 'var/run/docker.sock';

function createContainerGroup(root: string, clock: Clock): HostGroup {
  const names = createDockerNames({ socket: join(root, DOCKER_SOCKET), clock });
  return {
    collector: 'containers',
    async read(emit) {
      const groups = findControlGroups(root);
      const containers = groups === null ? [] : readContainers(groups);
      // Docker is asked only where there is something to name.
      if (containers.length > 0) emitContainers(containers, await names.read(), emit);
    },
  };
}

const UDEV_MEMORY_MS = 10 * 60_000;

/** What udev knows of disks hardly changes: each is read again only now and then. */
function createUdevMemory(directory: string, clock: Clock): (major: string, minor: string) => UdevProperties {
  let known = new Map<string, UdevProperties>();
  let forgetAt = 0;
  return (major, minor) => {
    if (clock.monotonic() >= forgetAt) {
      known = new Map();
      forgetAt = clock.monotonic() + UDEV_MEMORY_MS;
    }
    const key = `${major}:${minor}`;
    const properties = known.get(key) ?? readUdevProperties(directory, major, minor);
    known.set(key, properties);
    return properties;
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
