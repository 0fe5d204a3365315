import type { Clock } from './clock.ts';

/** A time in which nothing was collected, or in which the wall clock lied. Epoch milliseconds. */
export interface Gap {
  readonly kind: 'sleep' | 'clock-forward' | 'clock-back';
  /** The wall clock before it. */
  readonly fromMs: number;
  /** The wall clock after it; less than `fromMs` when the clock was set back. */
  readonly toMs: number;
}

/** A difference between wall and monotonic time above this is a jump; below it, the slow correction of a time server. */
export const JUMP_MS = 2000;
/** A timer this late means that the process was held (sleep on macOS and Windows, SIGSTOP), not that it was busy. */
export const HELD_MS = 5000;

/** What the clocks showed at one moment. */
export interface ClockReading {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export function readClocks(clock: Clock): ClockReading {
  return { wallMs: clock.now(), monotonicMs: clock.monotonic() };
}

/** Uptime that monotonic time did not count, which is time asleep on Linux; null where uptime is not known. */
export function uncountedMs(clock: Clock): number | null {
  const uptimeMs = clock.uptimeMs?.();
  return uptimeMs === undefined ? null : uptimeMs - clock.monotonic();
}

/**
 * Compare two readings.
 *
 * On Linux monotonic time stands still while the machine sleeps, so a sleep looks like a wall clock set forward; the
 * uptime, which counts sleep, tells them apart. Where it is unknown, a jump forward counts as sleep: it is by far the
 * commoner, and the mistake is harmless (alerts wait a moment).
 *
 * @param expectedMs how much monotonic time should have passed at most
 * @param sleptMs    growth of {@link uncountedMs} since the reading before; asked only when it decides
 * Source: nodejs/node#47724 (performance.now and suspend); electron#42050 (no power events in some builds).
 */
export function findGap(
  before: ClockReading,
  after: ClockReading,
  expectedMs: number,
  sleptMs: () => number | null,
): Gap | null {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const driftMs = after.wallMs - before.wallMs - elapsedMs;
  const range = { fromMs: before.wallMs, toMs: after.wallMs };
  if (driftMs < -JUMP_MS) return { kind: 'clock-back', ...range };
  if (driftMs > JUMP_MS) return { kind: (sleptMs() ?? driftMs) > JUMP_MS / 2 ? 'sleep' : 'clock-forward', ...range };
  return elapsedMs - expectedMs > HELD_MS ? { kind: 'sleep', ...range } : null;
}
