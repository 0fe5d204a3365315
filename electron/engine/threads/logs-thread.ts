import { countEntries, createLogPipeline } from '../collect/tail/index.ts';
import type { RetentionConfig } from '../config/index.ts';
import { createEventQueue } from '../event-queue.ts';
import type { Log } from '../log.ts';
import { logsCalls } from './logs-calls.ts';
import type { LogsEvent } from './logs-events.ts';
import { systemClock } from '../schedule/index.ts';
import { openLogStore } from '../store/logs/index.ts';
import { serveWorker, startData } from './worker-link.ts';

/** What the logs thread is started with. */
export interface LogsStart {
  readonly directory: string;
  readonly retention: RetentionConfig['logs'];
}

const { directory, retention } = startData() as LogsStart;
const events = createEventQueue<LogsEvent>();
const log: Log = (level, message, fields = {}) => events.push({ kind: 'log', level, message, fields });
const store = openLogStore({ directory, retention, clock: systemClock, log });
const counting = countEntries(store, systemClock);
const pipeline = createLogPipeline({ sources: [], store: counting, clock: systemClock, log });
serveWorker(
  logsCalls({
    store,
    counting,
    pipeline,
    events,
    onClose: async () => {
      await pipeline.stop();
      store.close();
    },
  }),
);
