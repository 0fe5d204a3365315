/** Names of the CPU modes, in the order of /proc/stat and of {@link CpuTimes.seconds}. */
export const CPU_MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
export type CpuMode = (typeof CPU_MODES)[number];

/** Counters of one CPU since boot. */
export interface CpuTimes {
  /** The number of the CPU, as text: a label value. */
  readonly cpu: string;
  /** Seconds by {@link CPU_MODES}. */
  readonly seconds: readonly number[];
  /** Seconds in guests, part of `user` and `nice`; null where the system does not tell. */
  readonly guest: { readonly user: number; readonly nice: number } | null;
}

export interface MemoryUse {
  readonly totalBytes: number;
  /** What programs can still get without swapping. */
  readonly availableBytes: number;
  readonly swapTotalBytes: number;
  readonly swapFreeBytes: number;
}

export interface FilesystemUse {
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
  readonly isReadOnly: boolean;
  /** Null when the mount gave no answer. */
  readonly space: {
    readonly sizeBytes: number;
    readonly freeBytes: number;
    readonly availableBytes: number;
    readonly files: number;
    readonly filesFree: number;
  } | null;
}

/** Bytes since boot in both directions, over the real devices (no partitions, bridges or loopback). */
export interface NetworkBytes {
  readonly receivedBytes: number;
  readonly transmittedBytes: number;
}
export interface DiskBytes {
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/** Bytes per second, each null when not known. */
export interface TransferRates {
  readonly network: { readonly receivedBytesPerSecond: number; readonly transmittedBytesPerSecond: number } | null;
  readonly disk: { readonly readBytesPerSecond: number; readonly writtenBytesPerSecond: number } | null;
}

/** What one pass over the machine found, as counters and levels; null is "this system does not tell". */
export interface RawReading {
  readonly timestampMs: number;
  /** Monotonic time in milliseconds, for rates. */
  readonly monotonicMs: number;
  cpus: readonly CpuTimes[] | null;
  memory: MemoryUse | null;
  load: readonly [load1: number, load5: number, load15: number] | null;
  filesystems: readonly FilesystemUse[] | null;
  network: NetworkBytes | null;
  disk: DiskBytes | null;
  bootTimeMs: number | null;
  /** Rates that were measured elsewhere, at a pace of their own; they stand in for `network` and `disk`. */
  rates: TransferRates | null;
  /** The hottest sensor, from the slow groups. */
  temperatureMaxCelsius: number | null;
}

export function emptyReading(timestampMs: number, monotonicMs: number): RawReading {
  return {
    timestampMs,
    monotonicMs,
    cpus: null,
    memory: null,
    load: null,
    filesystems: null,
    network: null,
    disk: null,
    bootTimeMs: null,
    rates: null,
    temperatureMaxCelsius: null,
  };
}
