import type { Log } from '../log.ts';
import type { Clock } from './clock.ts';
import type { Gap } from './gap.ts';
import type { SlotLimits } from './slots.ts';

/**
 * Runs things at a fixed rate: each key at its own phase of its interval, aligned to the wall clock, driven by the
 * monotonic clock, never two runs of a key at once, never a burst after a gap.
 */
export interface Scheduler {
  /** Run `job.run` every `job.intervalMs` until the disposer is called, which also aborts a run under way. */
  every(job: Job): () => void;
  /** The machine is about to sleep: start nothing until {@link Scheduler.resume}, or until time proves it awake. */
  suspend(): void;
  /** The machine is awake: report the gap and go on at each key's phase. Without a suspend it looks for a gap now. */
  resume(): void;
  stats(): SchedulerStats;
  /** Abort what runs and leave no timer behind. */
  stop(): void;
}

export interface Job {
  /** Decides the phase; unique among the jobs of this scheduler. */
  readonly key: string;
  readonly intervalMs: number;
  /** After this the tick's signal aborts and its slot is free again, whether or not `run` has returned. */
  readonly timeoutMs?: number;
  /** Runs with the same host share `limits.perHost`; without it only the global limit counts. */
  readonly host?: string;
  /** Also run within the first second, so that a new target is seen at once and not one interval later. */
  readonly isEager?: boolean;
  run(tick: Tick): void | Promise<void>;
}

export interface Tick {
  /** Epoch milliseconds to store with the result: the ideal time, or the real one when that is too far from it. */
  readonly scheduledAt: number;
  /** How long after the ideal time it started, waiting for a slot included. */
  readonly lateMs: number;
  /** Aborts on the timeout (a `TimeoutError`), on disposal, and when the machine slept through the run ({@link isSleptThrough}). */
  readonly signal: AbortSignal;
}

export interface SchedulerStats {
  readonly jobs: number;
  readonly running: number;
  readonly waiting: number;
  readonly ticks: number;
  /** Ticks dropped because the run before had not ended. */
  readonly skipped: number;
  /** Ticks dropped because the machine slept, the clock jumped or the process was busy. */
  readonly missed: number;
  /** Runs that threw; each is logged. */
  readonly failed: number;
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
}

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: SlotLimits;
  readonly onGap: (gap: Gap) => void;
}

const SLEPT_THROUGH = 'SleptThrough';

export function sleptThrough(): Error {
  return new DOMException('the machine slept meanwhile', SLEPT_THROUGH);
}

/** Whether a run was aborted because the machine slept meanwhile: its result says nothing about the target. */
export function isSleptThrough(signal: AbortSignal): boolean {
  return signal.aborted && (signal.reason as { name?: string } | undefined)?.name === SLEPT_THROUGH;
}
