import type { LogType, RetentionConfig } from '../../config/configuration.ts';
import { DAY_MS } from './day-files.ts';

export interface RetentionCandidate {
  readonly type: LogType;
  /** Days since 1970-01-01. */
  readonly day: number;
  /** Asked only where the day alone would be too old: it may mean opening a file. */
  readonly lastAppendMs: () => number;
  readonly sizeBytes: number;
}

/**
 * Which day files have to go: those older than their type allows, then the oldest until the rest fits. A day counts from
 * its end or, if later, from when something was last added to it: an old file that was read in yesterday is kept as long
 * as a new one. Today's files never go for their size, as the next line would make them again.
 */
export function planRetention<T extends RetentionCandidate>(
  files: readonly T[],
  retention: RetentionConfig['logs'],
  nowMs: number,
): T[] {
  const doomed = files.filter((file) => {
    const isTooOld = (sinceMs: number): boolean => sinceMs + retention[file.type] < nowMs;
    return isTooOld((file.day + 1) * DAY_MS) && isTooOld(file.lastAppendMs());
  });
  const kept = files.filter((file) => !doomed.includes(file));
  let sizeBytes = kept.reduce((sum, file) => sum + file.sizeBytes, 0);
  for (const file of kept.toSorted((a, b) => a.day - b.day || b.sizeBytes - a.sizeBytes)) {
    if (sizeBytes <= retention.sizeBytes || retention.sizeBytes <= 0) break;
    if (file.day >= Math.floor(nowMs / DAY_MS)) continue;
    doomed.push(file);
    sizeBytes -= file.sizeBytes;
  }
  return doomed;
}
