import { cpus, freemem, loadavg, totalmem, uptime } from 'node:os';
import type { CpuInfo } from 'node:os';
import type { Clock } from '../../../schedule/clock.ts';
import { createFilesystemGauge, emitFilesystems } from '../filesystem-gauge.ts';
import type { StatFs } from '../filesystem-gauge.ts';
import type { HostGroup, HostGroups } from '../host-group.ts';
import { NO_PAIRS } from '../host-series.ts';
import { emitCpuTimes } from '../linux/cpu-times.ts';
import { emitLoadAverage } from '../linux/kernel-counters.ts';
import type { CpuTimes } from '../raw-reading.ts';
import type { SystemInformation } from '../system-information.ts';
import { createPortableSlowGroups } from './portable-slow-groups.ts';
import type { HeldFacts } from './portable-slow-groups.ts';

/**
 * macOS and Windows: what Node itself tells at every sample (CPU, load, file systems, boot time), and what
 * systeminformation starts programs for at the slow pace (network, disks, mounts, memory, sensors, battery).
 */
export function createPortableGroups(options: {
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly fs: StatFs;
  readonly statfsBoundMs: number;
  readonly systemInformation: () => Promise<SystemInformation>;
}): HostGroups {
  const { platform } = options;
  const gauge = createFilesystemGauge({ fs: options.fs, clock: options.clock, boundMs: options.statfsBoundMs });
  const held: HeldFacts = { mounts: [], memory: null, rates: null };
  const frequent: HostGroup[] = [
    {
      collector: 'cpu',
      read(emit, reading) {
        reading.cpus = cpuTimesOf(cpus(), platform);
        emitCpuTimes(reading.cpus, emit);
      },
    },
    {
      collector: 'filesystem',
      async read(emit, reading) {
        reading.filesystems = await gauge.measure(held.mounts);
        emitFilesystems(reading.filesystems, emit);
      },
    },
    {
      collector: 'time',
      read(emit, reading) {
        // The start of the system by its uptime moves by a few ms at every reading; whole seconds hold still.
        const bootTimeSeconds = Math.round(reading.timestampMs / 1000 - uptime());
        reading.bootTimeMs = bootTimeSeconds * 1000;
        reading.memory = held.memory;
        reading.rates = held.rates;
        emit('node_time_seconds', NO_PAIRS, reading.timestampMs / 1000);
        emit('node_boot_time_seconds', NO_PAIRS, bootTimeSeconds);
      },
    },
  ];
  // Windows has no load average; Node gives zeros there.
  if (platform === 'win32') frequent.push(windowsMemoryGroup());
  else frequent.push(loadGroup());
  return {
    frequent,
    slow: createPortableSlowGroups({ ...options, held }),
    rare: [],
    close() {
      // Nothing is held open.
    },
  };
}

/**
 * `os.cpus()` counts milliseconds. Windows counts interrupts as part of `sys`, and has no `nice`; a mode that a system
 * does not count is NaN. Source: node:os manual; libuv, uv_cpu_info.
 */
export function cpuTimesOf(infos: readonly CpuInfo[], platform: NodeJS.Platform): CpuTimes[] {
  const isWindows = platform === 'win32';
  return infos.map(({ times }, index) => {
    const system = isWindows ? Math.max(0, times.sys - times.irq) : times.sys;
    const seconds = [times.user, isWindows ? NaN : times.nice, system, times.idle, NaN, isWindows ? times.irq : NaN];
    return { cpu: String(index), seconds: [...seconds, NaN, NaN].map((ms) => ms / 1000), guest: null };
  });
}

function loadGroup(): HostGroup {
  return {
    collector: 'loadavg',
    read(emit, reading) {
      const [load1 = 0, load5 = 0, load15 = 0] = loadavg();
      reading.load = [load1, load5, load15];
      emitLoadAverage(reading.load, emit);
    },
  };
}

/** Windows' "free" includes caches that programs can have, so it is what Linux calls available. */
function windowsMemoryGroup(): HostGroup {
  return {
    collector: 'meminfo',
    read(emit, reading) {
      const [totalBytes, availableBytes] = [totalmem(), freemem()];
      reading.memory = { swapTotalBytes: 0, swapFreeBytes: 0, ...reading.memory, totalBytes, availableBytes };
      emit('node_memory_MemTotal_bytes', NO_PAIRS, totalBytes);
      emit('node_memory_MemAvailable_bytes', NO_PAIRS, availableBytes);
    },
  };
}
