import type { RouterClient } from '@orpc/server';
import { labelsFrom } from '../../../shared/model/labels.ts';
import type { SampleSink } from '../collect/sample-sink.ts';
import type { Scheduler } from '../schedule/index.ts';
import type { LogsCalls } from '../threads/logs-calls.ts';

export interface LogSeriesOptions {
  readonly sink: SampleSink;
  readonly scheduler: Scheduler;
  readonly logs: () => RouterClient<Pick<LogsCalls, 'counts'>>;
  /** The machine that the logs are of. */
  readonly instance: string;
}

const EVERY_MS = 15_000;
const JOB = 'logs';

/**
 * Turn the counters of log lines into series, so that rules about logs are PromQL as all others.
 *
 * @returns the disposer
 */
export function startLogSeries({ sink, scheduler, logs, instance }: LogSeriesOptions): () => void {
  let before = new Set<number>();
  return scheduler.every({
    key: 'log series',
    intervalMs: EVERY_MS,
    isEager: true,
    async run({ scheduledAt }) {
      const written = new Set<number>();
      for (const { labels, count } of await logs().counts()) {
        const ref = sink.ref(labelsFrom(Object.entries({ job: JOB, instance, ...labels })));
        sink.append(ref, scheduledAt, count);
        written.add(ref);
      }
      for (const ref of before) if (!written.has(ref)) sink.appendStale(ref, scheduledAt);
      before = written;
    },
  });
}
