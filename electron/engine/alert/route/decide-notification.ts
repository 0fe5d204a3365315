import type { NotificationLogEntry } from '../../store/state/index.ts';

/** Why a message is sent, or null when nothing is to be said. */
export type NotificationReason = 'first' | 'more-firing' | 'all-resolved' | 'some-resolved' | 'repeat';

export interface NotificationCase {
  /** What the channel was told last; null when it was never told about the group. */
  readonly entry: Pick<NotificationLogEntry, 'at' | 'firing' | 'resolved'> | null;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly repeatIntervalMs: number;
  readonly sendResolved: boolean;
}

/**
 * Decide whether a channel is told about a group now.
 *
 * That all alerts are resolved counts even without `send_resolved`: the log must forget them, or the next firing would
 * go untold. Source: Alertmanager, notify, DedupStage.needsUpdate.
 */
export function decideNotification(given: NotificationCase, nowMs: number): NotificationReason | null {
  const { entry, firing, resolved } = given;
  if (entry === null) return firing.length > 0 ? 'first' : null;
  if (!isSubset(firing, entry.firing)) return 'more-firing';
  if (firing.length === 0) return entry.firing.length > 0 ? 'all-resolved' : null;
  if (given.sendResolved && !isSubset(resolved, entry.resolved)) return 'some-resolved';
  return entry.at < nowMs - given.repeatIntervalMs ? 'repeat' : null;
}

function isSubset(part: readonly string[], whole: readonly string[]): boolean {
  const known = new Set(whole);
  return part.every((item) => known.has(item));
}
