import type { Beat } from '../../../shared/contract/services.ts';

/**
 * Where the present trouble began.
 *
 * @param history  newest first
 * @returns the first bad look of the unbroken run that reaches to now, and the good one before it; null where the
 *          history does not reach back that far or nothing is wrong
 */
export function firstBadCheck(history: readonly Beat[]): { readonly good: Beat | null; readonly bad: Beat | null } {
  let bad: Beat | null = null;
  for (const beat of history) {
    if (beat.state === 'up') return { good: beat, bad };
    if (beat.state === 'down' || beat.state === 'degraded') bad = beat;
  }
  return { good: null, bad };
}
