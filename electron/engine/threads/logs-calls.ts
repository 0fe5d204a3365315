import { os, type as typed } from '@orpc/server';
import type { LogEntry as WireEntry, LogFilter } from '../../../shared/contract/logs.ts';
import type { CountingSink, LogPipeline } from '../collect/tail/index.ts';
import type { LogSourceConfig, RetentionConfig } from '../config/index.ts';
import { createEventQueue, type EventQueue } from '../event-queue.ts';
import type { LogsEvent } from './logs-events.ts';
import type { LogEntry, LogSelection, LogStore, QueryProblem } from '../store/logs/index.ts';

export interface LogsCallsOptions {
  readonly store: LogStore;
  readonly pipeline: LogPipeline;
  readonly counting: Pick<CountingSink, 'configure' | 'counts'>;
  readonly events: EventQueue<LogsEvent>;
  readonly onClose: () => Promise<void>;
}

/** What the logs thread is told to do; a new one replaces the last. */
interface LogsConfiguration {
  readonly sources: readonly LogSourceConfig[];
  readonly retention: RetentionConfig['logs'];
}

/** Entries that a slow reader of the live tail may be behind; what comes above that is counted, not kept. */
const MAX_TAIL_BATCHES = 50;

/** The calls that the main thread makes to the logs thread. */
export function logsCalls({ store, pipeline, counting, events, onClose }: LogsCallsOptions) {
  return {
    configure: os.input(typed<LogsConfiguration>()).handler(({ input }) => {
      store.configure({ retention: input.retention });
      counting.configure(input.sources);
      pipeline.update(input.sources);
    }),
    events: os.handler(({ signal }) => events.read(signal)),
    search: os.input(typed<SearchQuestion>()).handler(async ({ input, signal }) => {
      const { direction, limit, cursor } = input;
      const query = { ...selectionOf(input), direction, limit, ...(cursor === undefined ? {} : { cursor }) };
      const answer = await store.search(query, signal === undefined ? {} : { signal });
      if (!answer.ok) return refused(answer.problem);
      return {
        ok: true as const,
        entries: answer.entries.map(wireEntry),
        nextCursor: answer.nextCursor,
        scanned: answer.scannedEntries,
        complete: answer.complete,
      };
    }),
    histogram: os.input(typed<LogFilter & { buckets: number }>()).handler(async ({ input, signal }) => {
      const options = { buckets: input.buckets, ...(signal === undefined ? {} : { signal }) };
      const answer = await store.histogram(selectionOf(input), options);
      if (!answer.ok) return refused(answer.problem);
      const { fromMs, bucketMs, counts, total, complete } = answer.histogram;
      const buckets = counts.info.length;
      return {
        ok: true as const,
        bucketMs,
        starts: Array.from({ length: buckets }, (_, i) => fromMs + i * bucketMs),
        counts: Object.fromEntries(Object.entries(counts).map(([level, list]) => [level, [...list]])) as Record<
          WireEntry['level'],
          number[]
        >,
        total,
        complete,
      };
    }),
    around: os.input(typed<{ id: string; before: number; after: number }>()).handler(async ({ input, signal }) => {
      const count = Math.max(input.before, input.after);
      const context = await store.around(input.id, count, signal === undefined ? {} : { signal });
      if (context === null) return null;
      const from = Math.max(0, context.index - input.before);
      return { entries: context.entries.slice(from, context.index + input.after + 1).map(wireEntry) };
    }),
    files: os.handler(() => pipeline.status()),
    tail: os.input(typed<Omit<LogFilter, 'from' | 'to'>>()).handler(({ input, signal }) => tail(input, signal)),
    stats: os.handler(() => store.stats()),
    counts: os.handler(() => counting.counts()),
    suspend: os.handler(() => undefined),
    close: os.handler(() => onClose()),
  };

  function tail(filter: Omit<LogFilter, 'from' | 'to'>, signal: AbortSignal | undefined) {
    const queue = createEventQueue<{ entries: WireEntry[]; dropped: number }>();
    let waiting = 0;
    let dropped = 0;
    const { fromMs: _from, toMs: _to, ...selection } = selectionOf({ ...filter, from: 0, to: 0 });
    const subscribed = store.subscribe(selection, (entries) => {
      if (waiting >= MAX_TAIL_BATCHES) {
        dropped += entries.length;
        return;
      }
      waiting += 1;
      queue.push({ entries: entries.map(wireEntry), dropped });
      dropped = 0;
    });
    if (!subscribed.ok) return refused(subscribed.problem);
    return (async function* () {
      try {
        for await (const batch of queue.read(signal)) {
          waiting -= 1;
          yield batch;
        }
      } finally {
        subscribed.stop();
      }
    })();
  }
}

export type LogsCalls = ReturnType<typeof logsCalls>;

type SearchQuestion = LogFilter & {
  readonly direction: 'backward' | 'forward';
  readonly limit: number;
  readonly cursor?: string | undefined;
};

function selectionOf(filter: LogFilter): LogSelection {
  return {
    fromMs: filter.from,
    toMs: filter.to,
    text: filter.text,
    ...(filter.levels === undefined ? {} : { levels: filter.levels }),
    ...(filter.sources === undefined ? {} : { sources: filter.sources }),
  };
}

function refused(problem: QueryProblem) {
  return { ok: false as const, problem: { message: problem.message, column: problem.position + 1 } };
}

function wireEntry(entry: LogEntry): WireEntry {
  return {
    id: entry.id,
    at: entry.timestampMs,
    level: entry.level,
    source: entry.source,
    type: entry.type,
    file: entry.file,
    text: entry.text,
    fields: { ...entry.fields },
  };
}
