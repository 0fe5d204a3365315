import type { SourceLook, SourceOptions, SourceStatus, TargetGroup, TargetSource } from './target-source.ts';

export interface Repetition extends SourceOptions {
  readonly kind: SourceStatus['kind'];
  readonly name: string;
  readonly intervalMs: number;
  /** Find the targets once. Never rejects for what the other side may do; `signal` ends with the interval. */
  readonly look: (signal: AbortSignal) => Promise<SourceLook>;
  /** Called when the source is stopped. */
  readonly onStop?: () => void;
}

export interface RepeatedLook extends TargetSource {
  /** Look at once, beside the rate. */
  lookNow(): void;
}

/** Look for targets now and then again each interval, counted from the end of a look. What was found stays until a look goes well. */
export function repeatLook(options: Repetition): RepeatedLook {
  const { clock, log, kind, name, intervalMs, jobName } = options;
  const stopped = new AbortController();
  let cancelTimer = (): void => undefined;
  let groups: readonly TargetGroup[] = [];
  let [lastError, lastSuccessAt]: [string, number | null] = ['', null];
  let isLooking = false;
  let isDue = false;

  /** A function, as it changes while others wait. */
  const isStopped = (): boolean => stopped.signal.aborted;

  async function look(): Promise<void> {
    const deadline = new AbortController();
    const cancel = clock.after(intervalMs, () => deadline.abort());
    try {
      take(await options.look(AbortSignal.any([stopped.signal, deadline.signal])));
    } catch (error) {
      if (!deadline.signal.aborted && !isStopped()) throw error;
      take({ ok: false, message: `${name} did not answer within ${String(intervalMs / 1000)} s (refresh_interval).` });
    } finally {
      cancel();
    }
  }

  function take(found: SourceLook): void {
    if (isStopped()) return;
    const message = found.ok ? '' : found.message;
    if (message !== lastError) {
      const who = `The ${kind} discovery of job "${jobName}"`;
      if (message === '') log('info', `${who} works again (${name}).`);
      else log('warn', `${who} failed, the targets that it knows stay: ${message}`);
    }
    lastError = message;
    // The first answer ends what was taken over from a discovery before, even when it is empty.
    const isFirst = found.ok && lastSuccessAt === null;
    if (found.ok) lastSuccessAt = clock.now();
    const next = found.groups ?? groups;
    const isSame = JSON.stringify(next) === JSON.stringify(groups);
    groups = next;
    if (!isSame || isFirst) options.onChange();
  }

  function run(): void {
    cancelTimer();
    if (isStopped()) return;
    if (isLooking) {
      isDue = true;
      return;
    }
    isLooking = true;
    isDue = false;
    look()
      .catch((error: unknown) => {
        log('error', `The ${kind} discovery of job "${jobName}" failed: ${stackOf(error)}`);
      })
      .finally(() => {
        isLooking = false;
        if (isStopped()) return;
        if (isDue) run();
        else cancelTimer = clock.after(intervalMs, run);
      });
  }

  run();
  return {
    groups: () => groups,
    status: () => ({
      kind,
      name,
      targets: groups.reduce((sum, { targets }) => sum + targets.length, 0),
      lastError,
      lastSuccessAt,
    }),
    lookNow: run,
    stop() {
      stopped.abort();
      cancelTimer();
      options.onStop?.();
    },
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
