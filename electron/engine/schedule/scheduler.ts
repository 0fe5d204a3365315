import { createDueHeap } from './due-heap.ts';
import { findGap, readClocks, uncountedMs } from './gap.ts';
import type { Gap } from './gap.ts';
import { sleptThrough } from './job.ts';
import type { Job, Scheduler, SchedulerOptions } from './job.ts';
import { createLateness } from './lateness.ts';
import { nextAlignedAt, phaseOffsetMs, snapTimestamp } from './phase.ts';
import { createSlots } from './slots.ts';

const HEARTBEAT_MS = 1000;
/** A suspend without a resume ends by itself: some builds of Electron lose the event, and silence would look like health. */
const SUSPEND_LIMIT_MS = 30_000;
/** Timers of Node may fire up to this much early; snapping hides it. */
const EARLY_MS = 1;

interface Entry {
  readonly job: Job;
  readonly offsetMs: number;
  idealAt: number;
  isDisposed: boolean;
  isBusy: boolean;
  hasWarned: boolean;
  /** Leave the queue for a slot; false when the run has started. */
  leave: (() => boolean) | null;
  abort: ((reason: Error) => void) | null;
}

interface Deadline {
  /** The run has ended: nothing is to be done, and nobody needs to wake for it. */
  isOver: boolean;
  readonly expire: () => void;
}

export function createScheduler({ clock, log, limits, onGap }: SchedulerOptions): Scheduler {
  const entries = new Set<Entry>();
  /** By scheduled time: monotonic time plus `offsetMs`, so that it equals the wall clock between jumps. */
  const ticks = createDueHeap<Entry>();
  /** By monotonic time. */
  const deadlines = createDueHeap<Deadline>();
  const slots = createSlots(limits);
  const lateness = createLateness();
  const counts = { ticks: 0, skipped: 0, missed: 0, failed: 0 };
  let last = readClocks(clock);
  let uncounted = uncountedMs(clock);
  let offsetMs = last.wallMs - last.monotonicMs;
  let suspended: { readonly fromMs: number; readonly atMonotonicMs: number } | null = null;
  let armed: { readonly at: number; readonly cancel: () => void } | null = null;
  let isWaking = false;
  let isStopped = false;

  const scheduledNow = (): number => clock.monotonic() + offsetMs;

  const sleptMs = (): number | null => {
    const now = uncountedMs(clock);
    return now === null || uncounted === null ? null : now - uncounted;
  };

  function arm(): void {
    if (isStopped || isWaking) return;
    deadlines.dropWhile(({ isOver }) => isOver);
    const tickAt = suspended ? Infinity : ticks.nextDueAt() - offsetMs;
    const at = Math.min(tickAt, deadlines.nextDueAt(), last.monotonicMs + HEARTBEAT_MS);
    if (armed && armed.at <= at) return;
    armed?.cancel();
    armed = { at, cancel: clock.after(Math.max(0, Math.round(at - clock.monotonic())), wake) };
  }

  function wake(): void {
    armed = null;
    isWaking = true;
    checkClocks();
    const monotonicMs = clock.monotonic() + EARLY_MS;
    for (let one = deadlines.takeDue(monotonicMs); one; one = deadlines.takeDue(monotonicMs)) {
      if (!one.isOver) one.expire();
    }
    if (!suspended) {
      const time = scheduledNow() + EARLY_MS;
      for (let entry = ticks.takeDue(time); entry; entry = ticks.takeDue(time)) tick(entry, time);
    }
    isWaking = false;
    arm();
  }

  function checkClocks(): void {
    const before = last;
    const reading = readClocks(clock);
    const elapsedMs = reading.monotonicMs - before.monotonicMs;
    const gap = findGap(before, reading, HEARTBEAT_MS, sleptMs);
    if (suspended) {
      if (gap || reading.monotonicMs - suspended.atMonotonicMs >= SUSPEND_LIMIT_MS) resume();
      else if (elapsedMs >= HEARTBEAT_MS - EARLY_MS) last = reading;
      return;
    }
    if (gap) {
      last = reading;
      leap(gap);
    } else if (elapsedMs >= HEARTBEAT_MS - EARLY_MS) {
      last = reading;
      // The wall clock counts whole milliseconds: a smaller drift is rounding, a larger one a slow correction.
      const driftMs = reading.wallMs - reading.monotonicMs - offsetMs;
      if (Math.abs(driftMs) > 1.5) offsetMs += driftMs;
    }
  }

  /** Go on after a gap: what ran is void, what was missed stays missed, and every key returns to its phase. */
  function leap(gap: Gap): void {
    offsetMs = last.wallMs - last.monotonicMs;
    uncounted = uncountedMs(clock);
    ticks.clear();
    for (const entry of entries) {
      if (gap.kind === 'sleep') cancel(entry, sleptThrough());
      const missed = Math.floor((gap.toMs - entry.idealAt) / entry.job.intervalMs) + 1;
      counts.missed += Math.max(0, missed);
      entry.idealAt = nextAlignedAt(scheduledNow(), entry.job.intervalMs, entry.offsetMs);
      ticks.push(entry.idealAt, entry);
    }
    log('warn', describeGap(gap), { kind: gap.kind, fromMs: gap.fromMs, toMs: gap.toMs });
    onGap(gap);
  }

  function tick(entry: Entry, time: number): void {
    if (entry.isDisposed) return;
    const { job } = entry;
    const idealAt = entry.idealAt;
    const isPhase = (idealAt - entry.offsetMs) % job.intervalMs === 0;
    const next = isPhase ? idealAt + job.intervalMs : nextAlignedAt(idealAt, job.intervalMs, entry.offsetMs);
    entry.idealAt = next > time ? next : nextAlignedAt(time, job.intervalMs, entry.offsetMs);
    counts.missed += Math.round((entry.idealAt - next) / job.intervalMs);
    ticks.push(entry.idealAt, entry);
    if (entry.isBusy) {
      counts.skipped++;
      if (!entry.hasWarned) log('warn', `${job.key} is still running, so its next run is left out.`);
      entry.hasWarned = true;
      return;
    }
    entry.isBusy = true;
    entry.hasWarned = false;
    entry.leave = slots.take(job.host ?? `of ${job.key}`, (release) => void runOnce(entry, idealAt, release));
  }

  /** Void the run of an entry, whether it waits for a slot or is under way. */
  function cancel(entry: Entry, reason: Error): void {
    if (entry.leave?.() === true) entry.isBusy = false;
    else entry.abort?.(reason);
  }

  async function runOnce(entry: Entry, idealAt: number, release: () => void): Promise<void> {
    const { job } = entry;
    const startedAt = scheduledNow();
    const lateMs = Math.max(0, startedAt - idealAt);
    const controller = new AbortController();
    let deadline: Deadline | null = null;
    entry.abort = (reason) => {
      controller.abort(reason);
    };
    counts.ticks++;
    lateness.add(lateMs);
    if (job.timeoutMs !== undefined) {
      deadline = {
        isOver: false,
        expire() {
          controller.abort(new DOMException(`${job.key} took longer than ${String(job.timeoutMs)} ms`, 'TimeoutError'));
          release();
        },
      };
      deadlines.push(clock.monotonic() + job.timeoutMs, deadline);
      arm();
    }
    try {
      const scheduledAt = snapTimestamp(startedAt, idealAt, job.intervalMs);
      await job.run({ scheduledAt, lateMs, signal: controller.signal });
    } catch (error) {
      counts.failed++;
      log('error', `${job.key} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    } finally {
      if (deadline !== null) deadline.isOver = true;
      entry.abort = null;
      entry.isBusy = false;
      release();
    }
  }

  function resume(): void {
    if (isStopped) return;
    const from = suspended;
    suspended = null;
    if (from) {
      last = readClocks(clock);
      const kind = last.wallMs < from.fromMs ? 'clock-back' : 'sleep';
      leap({ kind, fromMs: from.fromMs, toMs: last.wallMs });
    } else checkClocks();
    arm();
  }

  arm();
  return {
    every(job) {
      const phaseMs = phaseOffsetMs(job.key, job.intervalMs);
      const now = scheduledNow();
      let idealAt = nextAlignedAt(now, job.intervalMs, phaseMs);
      const eagerAt = Math.round(now) + phaseOffsetMs(job.key, Math.min(1000, job.intervalMs));
      if (job.isEager === true && eagerAt + Math.min(1000, job.intervalMs / 4) < idealAt) idealAt = eagerAt;
      const entry: Entry = {
        job,
        offsetMs: phaseMs,
        idealAt,
        isDisposed: false,
        isBusy: false,
        hasWarned: false,
        leave: null,
        abort: null,
      };
      entries.add(entry);
      ticks.push(idealAt, entry);
      arm();
      return () => {
        entry.isDisposed = true;
        entries.delete(entry);
        cancel(entry, new DOMException(`${job.key} was removed`, 'AbortError'));
      };
    },
    suspend() {
      suspended ??= { fromMs: clock.now(), atMonotonicMs: clock.monotonic() };
    },
    resume,
    stats: () => ({
      jobs: entries.size,
      running: slots.active(),
      waiting: slots.waiting(),
      ...counts,
      lateP50Ms: lateness.quantile(0.5),
      lateP99Ms: lateness.quantile(0.99),
    }),
    stop() {
      isStopped = true;
      armed?.cancel();
      armed = null;
      for (const entry of entries) {
        entry.isDisposed = true;
        cancel(entry, new DOMException('the scheduler stopped', 'AbortError'));
      }
      entries.clear();
      ticks.clear();
      deadlines.clear();
    },
  };
}

function describeGap(gap: Gap): string {
  const seconds = String(Math.round(Math.abs(gap.toMs - gap.fromMs) / 1000));
  switch (gap.kind) {
    case 'sleep':
      return `The machine slept, or this process was held, for ${seconds} s; nothing was collected meanwhile.`;
    case 'clock-forward':
      return `The wall clock was set forward by ${seconds} s.`;
    case 'clock-back':
      return `The wall clock was set back by ${seconds} s.`;
  }
}
