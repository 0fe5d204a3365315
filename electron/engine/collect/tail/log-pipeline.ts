import type { LogSourceConfig, LogType } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import { foldersOf } from './find-files.ts';
import { watchFoldersOnce } from './folder-watch.ts';
import type { LogSink } from './log-sink.ts';
import { Tailer } from './tailer.ts';

export interface LogPipelineOptions {
  readonly sources: readonly LogSourceConfig[];
  readonly store: LogSink;
  readonly clock: Clock;
  readonly log: Log;
}

export interface LogFileStatus {
  readonly source: string;
  readonly type: LogType;
  readonly path: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly lagBytes: number;
  /** Lines read since the program started. */
  readonly lines: number;
  /** Layout of most lines; null before the first. */
  readonly format: string | null;
  readonly lastError: string | null;
  /** Whether it was renamed or deleted and is only read to its end. */
  readonly isLeaving: boolean;
}

export interface LogPipeline {
  /** Follow other sources. */
  update(sources: readonly LogSourceConfig[]): void;
  /** Every file that is followed, and every source that can't be. */
  status(): LogFileStatus[];
  /** Look for files and read all there is now. */
  catchUp(): Promise<void>;
  /** Finish the step at hand and let go of all files. What was not finished is read again next time. */
  stop(): Promise<void>;
}

const ACTIVE_INTERVAL_MS = 250;
const IDLE_INTERVAL_MS = 2000;
/** How often files that had nothing new for a while are looked at while others have. */
const LOOK_AT_ALL_INTERVAL_MS = 1000;
/** Without news for this long, folders are watched and files looked at less often. */
const IDLE_AFTER_MS = 10_000;
const RETRY_INTERVAL_MS = 5000;
const SCAN_INTERVAL_MS = 5000;
const IDLE_SCAN_INTERVAL_MS = 10_000;
/** More than any call needs: each step reads up to 16 MiB. */
const MAX_CATCH_UP_STEPS = 10_000;

/** Follow log files into a store: find, read, cut into lines, recognise, join, append, commit. */
export function createLogPipeline({ sources, store, clock, log }: LogPipelineOptions): LogPipeline {
  const tailer = new Tailer({ sink: store, clock, log });
  let current = sources;
  let queue: Promise<void> = Promise.resolve();
  let isStopped = false;
  let lastNewsMs = clock.monotonic();
  let lastScanMs = Number.NEGATIVE_INFINITY;
  let lastLookMs = Number.NEGATIVE_INFINITY;
  let hasFailed = false;
  let cancelTimer: (() => void) | null = null;
  let unwatch: (() => void) | null = null;
  void enqueue(() => tailer.update(sources));
  wakeIn(0);

  return {
    update(next) {
      current = next;
      lastScanMs = Number.NEGATIVE_INFINITY;
      void enqueue(() => tailer.update(next));
      wakeIn(0);
    },
    status,
    catchUp: () =>
      enqueue(async () => {
        await tailer.scan();
        for (let step = 0; step < MAX_CATCH_UP_STEPS && (await tailer.pass()).isUnfinished; step++) await tailer.scan();
      }),
    async stop() {
      if (isStopped) return;
      isStopped = true;
      rest();
      tailer.interrupt();
      await enqueue(() => tailer.close());
    },
  };

  /** Steps run one after the other; a failed one is logged, and the next is tried all the same. */
  function enqueue(step: () => Promise<void>): Promise<void> {
    queue = queue.then(step).catch((error: unknown) => {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      hasFailed = true;
      log('error', 'Reading log files failed and will be tried again.', { reason });
    });
    return queue;
  }

  function rest(): void {
    cancelTimer?.();
    unwatch?.();
    cancelTimer = null;
    unwatch = null;
  }

  function wakeIn(delayMs: number): void {
    rest();
    if (isStopped) return;
    cancelTimer = clock.after(delayMs, () => {
      void enqueue(step).then(scheduleNext);
    });
  }

  async function step(): Promise<void> {
    if (isStopped) return;
    hasFailed = false;
    const nowMs = clock.monotonic();
    const isScanDue = nowMs - lastScanMs >= (isIdle() ? IDLE_SCAN_INTERVAL_MS : SCAN_INTERVAL_MS);
    if (isScanDue) {
      lastScanMs = nowMs;
      await tailer.scan();
    }
    const isLookDue = isScanDue || nowMs - lastLookMs >= LOOK_AT_ALL_INTERVAL_MS;
    if (isLookDue) lastLookMs = nowMs;
    const { hasRead, isUnfinished } = await tailer.pass(isLookDue ? 'all' : 'active');
    if (hasRead || isUnfinished) lastNewsMs = clock.monotonic();
    if (isUnfinished) lastScanMs = Number.NEGATIVE_INFINITY;
  }

  function isIdle(): boolean {
    return clock.monotonic() - lastNewsMs >= IDLE_AFTER_MS;
  }

  function scheduleNext(): void {
    if (isStopped) return;
    const isHurried = lastScanMs === Number.NEGATIVE_INFINITY;
    const usualMs = isIdle() ? IDLE_INTERVAL_MS : ACTIVE_INTERVAL_MS;
    wakeIn(hasFailed ? RETRY_INTERVAL_MS : isHurried ? 0 : usualMs);
    if (!isIdle()) return;
    unwatch = watchFoldersOnce(foldersOf(current.flatMap((source) => source.files)), () => {
      lastNewsMs = clock.monotonic();
      lastScanMs = Number.NEGATIVE_INFINITY;
      wakeIn(0);
    });
  }

  function status(): LogFileStatus[] {
    const problems = new Map(tailer.problems.map((problem) => [`${problem.source.name}\0${problem.path}`, problem]));
    const files = tailer.files.map((file): LogFileStatus => ({
      source: file.source.name,
      type: file.source.type,
      path: file.path,
      offsetBytes: file.offset,
      sizeBytes: file.sizeBytes,
      lagBytes: Math.max(0, file.sizeBytes - file.offset),
      lines: file.lines,
      format: file.lines === 0 ? null : file.format,
      lastError: problems.get(`${file.source.name}\0${file.path}`)?.message ?? null,
      isLeaving: file.leftAtMs !== null,
    }));
    for (const file of files) problems.delete(`${file.source}\0${file.path}`);
    const unreadable = [...problems.values()].map(({ source, path, message }): LogFileStatus => ({
      source: source.name,
      type: source.type,
      path,
      offsetBytes: 0,
      sizeBytes: 0,
      lagBytes: 0,
      lines: 0,
      format: null,
      lastError: message,
      isLeaving: false,
    }));
    return [...files, ...unreadable];
  }
}
