import { statfs, statfsSync } from 'node:fs';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { SampleSink } from '../sample-sink.ts';
import type { StatFs } from './filesystem-gauge.ts';
import type { HostGroup, HostGroups } from './host-group.ts';
import { createHostSeries } from './host-series.ts';
import type { HostSeries } from './host-series.ts';
import { createLinuxGroups } from './linux/linux-groups.ts';
import { createPortableGroups } from './portable/portable-groups.ts';
import { loadSystemInformation } from './system-information.ts';
import type { SystemInformation } from './system-information.ts';
import { emptyReading } from './raw-reading.ts';
import type { RawReading } from './raw-reading.ts';
import { summariseReading } from './reading.ts';
import type { HostReading } from './reading.ts';
import type { GpuReading } from './gpu.ts';
import { createGpuWatch } from './nvidia-smi.ts';
import type { WatchedProcess } from './watched-process.ts';

export interface HostSamplerOptions {
  readonly sink: SampleSink;
  readonly clock: Clock;
  readonly log: Log;
  /** Labels of every series, such as `job` and `instance`. */
  readonly labels: LabelRecord;
  /** Where `proc`, `sys` and `etc` lie. */
  readonly root?: string;
  readonly platform?: NodeJS.Platform;
  /** Used on systems other than Linux. */
  readonly systemInformation?: () => Promise<SystemInformation>;
  readonly fs?: StatFs;
  /** Processes to keep the history of, on Linux. */
  readonly watches?: readonly WatchedProcess[];
  /** Longest wait for one mount, in milliseconds. */
  readonly statfsBoundMs?: number;
  /** Only these collectors, by node_exporter's names; all by default. */
  readonly collectors?: readonly string[];
}

export interface HostSampler {
  /**
   * Read CPU, memory, load, file systems, disks, network and the like, and write them with this time. While a call is
   * under way, another returns the same promise. Never rejects for a source that cannot be read: that collector's
   * `node_scrape_collector_success` is 0, and its series end.
   */
  sample(timestampMs: number): Promise<void>;
  /**
   * Read sensors, connections, batteries, containers and GPUs, and every {@link RARE_EVERY_MS} identity and settings;
   * meant for once in 30–60 s, independent of {@link sample}.
   */
  sampleSlow(timestampMs: number): Promise<void>;
  /** The latest summary; null before the first sample. Rates need two. */
  reading(): HostReading | null;
  /** NVIDIA's graphics processors as read last; null where there is no program that reads them. */
  gpus(): readonly GpuReading[] | null;
  /** Mark every series as ended, for a host that is no longer watched. Call after the last sample. */
  endSeries(timestampMs: number): void;
  close(): void;
}

/** Well below the 5 minutes for which a query takes a sample for the present. */
const RARE_EVERY_MS = 110_000;

/** Watch this machine under node_exporter's names. The one place that chooses by platform. */
export function createHostSampler(options: HostSamplerOptions): HostSampler {
  const { sink, clock, log, labels } = options;
  const groups = createPlatformGroups(options);
  const gpuWatch = createGpuWatch({ clock });
  const isWanted = ({ collector }: HostGroup) => options.collectors?.includes(collector) ?? true;
  const frequent = createGroupRuns(groups.frequent.filter(isWanted), sink, labels, log);
  const slow = createGroupRuns([...groups.slow, gpuWatch.group].filter(isWanted), sink, labels, log);
  const rare = createGroupRuns(groups.rare.filter(isWanted), sink, labels, log);
  let previous: RawReading | null = null;
  let latest: RawReading | null = null;
  let temperatureMaxCelsius: number | null = null;
  let sampling: Promise<void> | null = null;
  let samplingSlow: Promise<void> | null = null;
  let rareDueAt = -Infinity;

  async function runFrequent(timestampMs: number): Promise<void> {
    const reading = emptyReading(timestampMs, clock.monotonic());
    await runGroups(frequent, reading);
    previous = latest;
    latest = reading;
  }

  async function runSlow(timestampMs: number): Promise<void> {
    const reading = emptyReading(timestampMs, clock.monotonic());
    await runGroups(slow, reading);
    if (clock.monotonic() >= rareDueAt) {
      rareDueAt = clock.monotonic() + RARE_EVERY_MS;
      await runGroups(rare, reading);
    }
    temperatureMaxCelsius = reading.temperatureMaxCelsius;
  }

  return {
    sample(timestampMs) {
      sampling ??= runFrequent(timestampMs).finally(() => {
        sampling = null;
      });
      return sampling;
    },
    sampleSlow(timestampMs) {
      samplingSlow ??= runSlow(timestampMs).finally(() => {
        samplingSlow = null;
      });
      return samplingSlow;
    },
    reading: () => (latest === null ? null : summariseReading(previous, latest, temperatureMaxCelsius)),
    gpus: () => gpuWatch.latest(),
    endSeries(timestampMs) {
      for (const { series } of [...frequent, ...slow, ...rare]) {
        series.begin(timestampMs);
        series.end();
      }
    },
    close() {
      groups.close();
      gpuWatch.close();
    },
  };
}

const STATFS_BOUND_MS = 1000;

function createPlatformGroups(options: HostSamplerOptions): HostGroups {
  const platform = options.platform ?? process.platform;
  const root = options.root ?? '/';
  const shared = {
    clock: options.clock,
    fs: options.fs ?? { statfs, statfsSync },
    statfsBoundMs: options.statfsBoundMs ?? STATFS_BOUND_MS,
  };
  if (platform !== 'linux') {
    const systemInformation = options.systemInformation ?? loadSystemInformation;
    return createPortableGroups({ ...shared, platform, systemInformation });
  }
  return createLinuxGroups({ ...shared, root, watches: options.watches ?? [] });
}

interface GroupRun {
  readonly group: HostGroup;
  readonly series: HostSeries;
  readonly run: (reading: RawReading) => Promise<void> | undefined;
}

function createGroupRuns(
  groups: readonly HostGroup[],
  sink: SampleSink,
  labels: LabelRecord,
  log: Log,
): readonly GroupRun[] {
  return groups.map((group) => createGroupRun(group, createHostSeries(sink, labels), log));
}

function createGroupRun(group: HostGroup, series: HostSeries, log: Log): GroupRun {
  const successLabels = ['collector', group.collector];
  let hasFailed = false;

  function finish(failure: NodeJS.ErrnoException | null): void {
    const isExpected = group.mayBeMissing === true && failure?.code === 'ENOENT';
    if (failure !== null && !hasFailed && !isExpected) {
      log('warn', `Host statistics "${group.collector}" cannot be read: ${failure.message}`);
    }
    hasFailed = failure !== null;
    series.emit('node_scrape_collector_success', successLabels, hasFailed ? 0 : 1);
    series.end();
  }

  async function finishLater(pending: Promise<void>): Promise<void> {
    try {
      await pending;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      finish(error);
      return;
    }
    finish(null);
  }

  return {
    group,
    series,
    run(reading) {
      series.begin(reading.timestampMs);
      let pending: Promise<void> | undefined;
      try {
        pending = group.read(series.emit, reading);
      } catch (error) {
        // A source that is missing or refuses is a state of the machine; anything else is a bug.
        if (!isSystemError(error)) throw error;
        finish(error);
        return undefined;
      }
      if (pending !== undefined) return finishLater(pending);
      finish(null);
      return undefined;
    },
  };
}

async function runGroups(runs: readonly GroupRun[], reading: RawReading): Promise<void> {
  const pending: Promise<void>[] = [];
  for (const { run } of runs) {
    const running = run(reading);
    if (running !== undefined) pending.push(running);
  }
  await Promise.all(pending);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
