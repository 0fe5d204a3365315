import type { RouterClient } from '@orpc/server';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { labelsFrom, METRIC_NAME } from '../../../shared/model/labels.ts';
import type { SampleSink } from '../collect/sample-sink.ts';
import { SELF_JOB } from '../config/index.ts';
import type { LiveConfiguration } from '../live-configuration.ts';
import type { LogsCalls } from '../threads/logs-calls.ts';
import type { MetricsCalls } from '../threads/metrics-calls.ts';
import type { Clock, Scheduler } from '../schedule/index.ts';
import { ownMetrics, type OwnMetric } from './self-metrics.ts';
import type { StateStore } from '../store/state/index.ts';

export interface SelfWatchOptions {
  readonly sink: SampleSink;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly version: string;
  readonly startedAt: number;
  readonly metrics: () => RouterClient<MetricsCalls>;
  readonly logs: () => RouterClient<LogsCalls>;
  readonly workerRestarts: () => Readonly<Record<'metrics' | 'logs', number>>;
  readonly configuration: LiveConfiguration;
  readonly deliveries: StateStore['deliveries'];
}

export interface SelfWatch {
  read(): Promise<readonly OwnMetric[]>;
  /** Share of one core since the last sample, and resident memory. */
  cost(): { readonly cpuRatio: number; readonly memoryBytes: number };
  stop(): void;
}

const EVERY_MS = 15_000;
const INSTANCE = 'self';
/** How often the main thread's punctuality is looked at. Each look wakes the process: at 10 ms they took 0.5 % of a core. */
const DELAY_EVERY_MS = 100;

/** The program watches itself: its own metrics are samples like any other, and the body of `/metrics`. */
export function startSelfWatch(options: SelfWatchOptions): SelfWatch {
  const { sink, scheduler, clock } = options;
  const delay = monitorEventLoopDelay({ resolution: DELAY_EVERY_MS });
  delay.enable();
  let before = { at: clock.monotonic(), cpu: process.cpuUsage() };
  let cpuRatio = 0;

  async function read(): Promise<readonly OwnMetric[]> {
    const [metrics, logs, groups] = await Promise.all([
      options.metrics().status(),
      options.logs().stats(),
      options.metrics().ruleGroups(),
    ]);
    const cpu = process.cpuUsage();
    const alerts = groups.flatMap(({ rules }) =>
      rules.flatMap((rule) => (rule.kind === 'alerting' ? rule.alerts : [])),
    );
    return ownMetrics(
      {
        cpuSeconds: (cpu.user + cpu.system) / 1e6,
        residentBytes: process.memoryUsage.rss(),
        heapUsedBytes: process.memoryUsage().heapUsed,
        startedAtSeconds: options.startedAt / 1000,
        eventLoopDelayP99Seconds: Math.max(0, delay.percentile(99) / 1e9 - DELAY_EVERY_MS / 1000),
      },
      {
        version: options.version,
        series: metrics.store.series,
        seriesLimit: metrics.store.seriesLimit,
        seriesUse: metrics.store.seriesUse,
        seriesRefused: metrics.store.seriesRefused,
        samplesRefused: {
          'out of order': metrics.store.outOfOrderRefused,
          duplicate: metrics.store.conflicting,
          'series limit': metrics.store.samplesOfRefused,
        },
        samplesAppended: metrics.flow.total,
        metricsBytes: metrics.store.sizeBytes,
        logEntries: logs.entries,
        logsBytes: logs.sizeBytes,
        scheduler: { main: scheduler.stats(), metrics: metrics.scheduler },
        workerRestarts: options.workerRestarts(),
        alertsFiring: alerts.filter(({ state }) => state === 'firing').length,
        notifications: options.deliveries.counts(),
        configReloadOk: options.configuration.problems().length === 0,
        configReloadSeconds: options.configuration.loadedAt() / 1000,
        remoteWriting: metrics.remoteWriting,
      },
    );
  }

  const endSamples = scheduler.every({
    key: 'own metrics',
    intervalMs: EVERY_MS,
    isEager: true,
    async run({ scheduledAt }) {
      const now = { at: clock.monotonic(), cpu: process.cpuUsage() };
      const busyMs = (now.cpu.user + now.cpu.system - before.cpu.user - before.cpu.system) / 1000;
      cpuRatio = busyMs / Math.max(1, now.at - before.at);
      before = now;
      for (const { name, values } of await read()) {
        for (const { labels, value } of values) {
          const all = { ...labels, job: SELF_JOB, instance: INSTANCE, [METRIC_NAME]: name };
          sink.append(sink.ref(labelsFrom(Object.entries(all))), scheduledAt, value);
        }
      }
      delay.reset();
    },
  });

  return {
    read,
    cost: () => ({ cpuRatio, memoryBytes: process.memoryUsage.rss() }),
    stop() {
      endSamples();
      delay.disable();
    },
  };
}
