import { CPU_MODES } from './raw-reading.ts';
import type { CpuMode, CpuTimes, FilesystemUse, RawReading, TransferRates } from './raw-reading.ts';

/** The state of the machine in a few numbers, for the interface. Ratios are 0–1; null is "not known (yet)". */
export interface HostReading {
  readonly timestampMs: number;
  /** Share of all CPUs' time that did work since the reading before; null at the first. */
  readonly cpuRatio: number | null;
  /** The same time by mode; adds up to 1 over all modes. A mode that the system does not count is 0. */
  readonly cpuModeRatios: Readonly<Record<CpuMode, number>> | null;
  readonly cpuCount: number | null;
  readonly memory: {
    readonly usedRatio: number;
    readonly usedBytes: number;
    readonly totalBytes: number;
    readonly swapUsedBytes: number;
    readonly swapTotalBytes: number;
  } | null;
  /** The fullest writable file system on a disk. */
  readonly worstFilesystem: {
    readonly mountpoint: string;
    readonly usedRatio: number;
    readonly availableBytes: number;
    readonly sizeBytes: number;
  } | null;
  /** Mounts that gave no answer. */
  readonly failedMountpoints: readonly string[];
  readonly network: TransferRates['network'];
  readonly disk: TransferRates['disk'];
  readonly load: readonly [load1: number, load5: number, load15: number] | null;
  readonly uptimeMs: number | null;
  /** The hottest sensor of the machine, in °C. */
  readonly temperatureMaxCelsius: number | null;
}

/**
 * Sum up two consecutive passes over the machine.
 *
 * @param previous the pass before; null at the first, which has no rates
 * @param temperatureMaxCelsius sensors are read at their own, slower pace
 */
export function summariseReading(
  previous: RawReading | null,
  current: RawReading,
  temperatureMaxCelsius: number | null,
): HostReading {
  const modeRatios = cpuModeRatios(previous?.cpus ?? null, current.cpus);
  const filesystems = current.filesystems ?? [];
  return {
    timestampMs: current.timestampMs,
    cpuRatio: modeRatios === null ? null : clampRatio(1 - modeRatios.idle - modeRatios.iowait),
    cpuModeRatios: modeRatios,
    cpuCount: current.cpus?.length ?? null,
    memory: summariseMemory(current),
    worstFilesystem: findWorstFilesystem(filesystems),
    failedMountpoints: filesystems.filter((each) => each.space === null).map((each) => each.mountpoint),
    ...(current.rates ?? transferRates(previous, current)),
    load: current.load,
    uptimeMs: current.bootTimeMs === null ? null : Math.max(0, current.timestampMs - current.bootTimeMs),
    temperatureMaxCelsius,
  };
}

/** CPUs that are in one reading only (hotplug) do not count: their counters began elsewhere. */
function cpuModeRatios(
  previous: readonly CpuTimes[] | null,
  current: readonly CpuTimes[] | null,
): Record<CpuMode, number> | null {
  if (previous === null || current === null) return null;
  const before = new Map(previous.map((times) => [times.cpu, times.seconds]));
  const spent = CPU_MODES.map(() => 0);
  for (const { cpu, seconds } of current) {
    const start = before.get(cpu);
    if (start === undefined) continue;
    for (let mode = 0; mode < spent.length; mode++) {
      const delta = (seconds[mode] ?? 0) - (start[mode] ?? 0);
      if (delta > 0) spent[mode] = (spent[mode] ?? 0) + delta;
    }
  }
  const total = spent.reduce((sum, seconds) => sum + seconds, 0);
  if (total === 0) return null;
  return Object.fromEntries(CPU_MODES.map((mode, index) => [mode, (spent[index] ?? 0) / total])) as Record<
    CpuMode,
    number
  >;
}

function summariseMemory({ memory }: RawReading): HostReading['memory'] {
  if (memory === null || memory.totalBytes <= 0) return null;
  const usedBytes = Math.max(0, memory.totalBytes - memory.availableBytes);
  return {
    usedRatio: usedBytes / memory.totalBytes,
    usedBytes,
    totalBytes: memory.totalBytes,
    swapUsedBytes: memory.swapTotalBytes - memory.swapFreeBytes,
    swapTotalBytes: memory.swapTotalBytes,
  };
}

/** File systems in memory are no disk that fills up. */
const IN_MEMORY_TYPE = /^(tmpfs|ramfs|zram)$/;

function findWorstFilesystem(filesystems: readonly FilesystemUse[]): HostReading['worstFilesystem'] {
  let worst: HostReading['worstFilesystem'] = null;
  for (const { mountpoint, fstype, isReadOnly, space } of filesystems) {
    if (space === null || space.sizeBytes <= 0 || isReadOnly || IN_MEMORY_TYPE.test(fstype)) continue;
    const usedBytes = space.sizeBytes - space.freeBytes;
    // As df does: what is kept for root is neither used nor available.
    const usedRatio = usedBytes / Math.max(1, usedBytes + space.availableBytes);
    if (worst !== null && usedRatio <= worst.usedRatio) continue;
    worst = { mountpoint, usedRatio, availableBytes: space.availableBytes, sizeBytes: space.sizeBytes };
  }
  return worst;
}

/** What moved between two passes. Bytes that went missing are a device that was taken away: the rate is 0 then. */
export function transferRates(
  previous: Pick<RawReading, 'network' | 'disk' | 'monotonicMs'> | null,
  current: Pick<RawReading, 'network' | 'disk' | 'monotonicMs'>,
): TransferRates {
  if (previous === null || current.monotonicMs <= previous.monotonicMs) return { network: null, disk: null };
  const seconds = (current.monotonicMs - previous.monotonicMs) / 1000;
  const perSecond = (before: number, now: number) => Math.max(0, now - before) / seconds;
  const { network, disk } = current;
  return {
    network:
      network === null || previous.network === null
        ? null
        : {
            receivedBytesPerSecond: perSecond(previous.network.receivedBytes, network.receivedBytes),
            transmittedBytesPerSecond: perSecond(previous.network.transmittedBytes, network.transmittedBytes),
          },
    disk:
      disk === null || previous.disk === null
        ? null
        : {
            readBytesPerSecond: perSecond(previous.disk.readBytes, disk.readBytes),
            writtenBytesPerSecond: perSecond(previous.disk.writtenBytes, disk.writtenBytes),
          },
  };
}

function clampRatio(ratio: number): number {
  return Math.min(1, Math.max(0, ratio));
}
