import type { LabelRecord } from '../../../shared/model/labels.ts';
import type { DiscoveryStatus } from '../collect/targets/index.ts';
import type { SenderStatus } from '../remote/remote-sender.ts';

/** One reading of the program's own metrics. Names follow Prometheus's client libraries where they have one. */
export interface OwnMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly values: readonly { readonly labels: LabelRecord; readonly value: number }[];
}

/** What the process tells about itself. */
export interface ProcessReading {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  readonly startedAtSeconds: number;
  readonly eventLoopDelayP99Seconds: number;
}

/** What the engine counts. */
export interface EngineReading {
  readonly version: string;
  readonly series: number;
  readonly seriesLimit: number;
  /** How near to its limits the store is: by limit, with the metric or target that has the most series. */
  readonly seriesUse: readonly { readonly limit: string; readonly worst: string; readonly ratio: number }[];
  /** How often a new series was refused, by the limit. */
  readonly seriesRefused: Readonly<Record<string, number>>;
  /** Samples that were not stored, by reason. */
  readonly samplesRefused: Readonly<Record<string, number>>;
  readonly samplesAppended: number;
  readonly metricsBytes: number;
  readonly logEntries: number;
  readonly logsBytes: number;
  readonly scheduler: Readonly<Record<'main' | 'metrics', SchedulerReading>>;
  readonly workerRestarts: Readonly<Record<'metrics' | 'logs', number>>;
  readonly alertsFiring: number;
  readonly notifications: Readonly<Record<string, number>>;
  readonly configReloadOk: boolean;
  readonly configReloadSeconds: number;
  /** One for each receiver of remote write. */
  readonly remoteWriting: readonly SenderStatus[];
  readonly discoveries: readonly Pick<DiscoveryStatus, 'jobName' | 'targets' | 'lastError'>[];
}

export interface SchedulerReading {
  readonly ticks: number;
  readonly skipped: number;
  readonly missed: number;
  readonly lateP99Ms: number;
}

const TOLD_FROM_RATIO = 0.5;

export function ownMetrics(process: ProcessReading, engine: EngineReading): OwnMetric[] {
  const one = (name: string, type: OwnMetric['type'], help: string, value: number): OwnMetric => ({
    name,
    type,
    help,
    values: [{ labels: {}, value }],
  });
  const per = (
    name: string,
    type: OwnMetric['type'],
    help: string,
    label: string,
    values: Readonly<Record<string, number>>,
  ): OwnMetric => ({
    name,
    type,
    help,
    values: Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value })),
  });
  const threads = (key: keyof SchedulerReading): Record<'main' | 'metrics', number> => ({
    main: engine.scheduler.main[key],
    metrics: engine.scheduler.metrics[key],
  });
  const late = threads('lateP99Ms');
  const receivers = (read: (status: SenderStatus) => number): Record<string, number> =>
    Object.fromEntries(engine.remoteWriting.map((status) => [status.name, read(status)]));
  const discoveries = Object.groupBy(engine.discoveries, ({ jobName }) => jobName);
  const jobs = (read: (all: EngineReading['discoveries']) => number): Record<string, number> =>
    Object.fromEntries(Object.entries(discoveries).map(([job, all]) => [job, read(all ?? [])]));
  return [
    {
      name: 'vedette_build_info',
      type: 'gauge',
      help: 'The version that runs; always 1.',
      values: [{ labels: { version: engine.version }, value: 1 }],
    },
    one('process_cpu_seconds_total', 'counter', 'CPU time of the whole process.', process.cpuSeconds),
    one('process_resident_memory_bytes', 'gauge', 'Resident memory of the whole process.', process.residentBytes),
    one('process_start_time_seconds', 'gauge', 'When the process started, Unix time.', process.startedAtSeconds),
    one('nodejs_heap_size_used_bytes', 'gauge', 'JavaScript heap of the main thread.', process.heapUsedBytes),
    one(
      'nodejs_eventloop_lag_p99_seconds',
      'gauge',
      'How long the main thread kept work waiting, 99th percentile since the last reading.',
      process.eventLoopDelayP99Seconds,
    ),
    one('vedette_series', 'gauge', 'Series in the metrics store.', engine.series),
    one('vedette_series_limit', 'gauge', 'The most series that the metrics store takes.', engine.seriesLimit),
    {
      name: 'vedette_series_limit_used_ratio',
      type: 'gauge',
      help: 'How much of a limit of series is used, and the metric or target that uses the most; 1 refuses new series.',
      values: engine.seriesUse.map(({ limit, worst, ratio }) => ({
        // Which one is ahead changes often while there is room, and each name is a series of its own.
        labels: ratio < TOLD_FROM_RATIO ? { limit } : { limit, worst },
        value: ratio,
      })),
    },
    per('vedette_series_refused_total', 'counter', 'New series refused, by limit.', 'limit', engine.seriesRefused),
    per('vedette_samples_refused_total', 'counter', 'Samples not stored, by reason.', 'reason', engine.samplesRefused),
    one('vedette_samples_appended_total', 'counter', 'Samples written to the metrics store.', engine.samplesAppended),
    one('vedette_metrics_store_bytes', 'gauge', 'Size of the metrics store on disk.', engine.metricsBytes),
    one('vedette_log_store_entries', 'gauge', 'Log entries that are kept.', engine.logEntries),
    one('vedette_logs_store_bytes', 'gauge', 'Size of the log store on disk.', engine.logsBytes),
    per('vedette_scheduler_ticks_total', 'counter', 'Runs of scheduled jobs.', 'thread', threads('ticks')),
    per(
      'vedette_scheduler_skipped_total',
      'counter',
      'Runs left out: the one before was busy.',
      'thread',
      threads('skipped'),
    ),
    per(
      'vedette_scheduler_missed_total',
      'counter',
      'Runs that a sleep or a jump swallowed.',
      'thread',
      threads('missed'),
    ),
    per('vedette_scheduler_late_p99_seconds', 'gauge', 'Lateness of jobs, 99th percentile.', 'thread', {
      main: late.main / 1000,
      metrics: late.metrics / 1000,
    }),
    per(
      'vedette_worker_restarts_total',
      'counter',
      'Workers started again after a death.',
      'worker',
      engine.workerRestarts,
    ),
    one('vedette_alerts_firing', 'gauge', 'Alerts that fire now.', engine.alertsFiring),
    per('vedette_notifications_total', 'counter', 'Notifications by outcome.', 'outcome', engine.notifications),
    one(
      'vedette_config_last_reload_successful',
      'gauge',
      'Whether the configuration on disk is the one that runs.',
      engine.configReloadOk ? 1 : 0,
    ),
    one(
      'vedette_config_last_reload_success_timestamp_seconds',
      'gauge',
      'When it was read.',
      engine.configReloadSeconds,
    ),
    per(
      'vedette_discovery_up',
      'gauge',
      'Whether every discovery of a job went well the last time.',
      'job',
      jobs((all) => (all.every(({ lastError }) => lastError === '') ? 1 : 0)),
    ),
    per(
      'vedette_discovered_targets',
      'gauge',
      'Targets that the discoveries of a job know, before relabelling.',
      'job',
      jobs((all) => all.reduce((sum, { targets }) => sum + targets, 0)),
    ),
    per(
      'vedette_remote_write_pending_samples',
      'gauge',
      'Samples that wait to be sent.',
      'receiver',
      receivers(({ pendingSamples }) => pendingSamples),
    ),
    per(
      'vedette_remote_write_sent_samples_total',
      'counter',
      'Samples that arrived.',
      'receiver',
      receivers(({ sentSamples }) => sentSamples),
    ),
    per(
      'vedette_remote_write_refused_series_total',
      'counter',
      'Series in requests that the receiver refused for good.',
      'receiver',
      receivers(({ refusedSeries }) => refusedSeries),
    ),
  ];
}

/** Prometheus's text format 0.0.4. */
export function formatOwnMetrics(metrics: readonly OwnMetric[]): string {
  return metrics
    .map(({ name, type, help, values }) =>
      [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        ...values.map(({ labels, value }) => `${name}${formatSet(labels)} ${value}`),
      ].join('\n'),
    )
    .join('\n')
    .concat('\n');
}

function formatSet(labels: LabelRecord): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}
