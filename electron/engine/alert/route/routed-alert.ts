import type { StoredAlert } from '../../store/state/index.ts';
import type { SentAlert } from '../rules/select-sendable.ts';
import { fingerprint } from './fingerprint.ts';

/** An alert as posted: rules always set an end, other senders need not. */
export type IncomingAlert = SentAlert;

export function isResolved(alert: StoredAlert, nowMs: number): boolean {
  return alert.endsAt <= nowMs;
}

/** An incoming alert as the router keeps it; without an end it is believed for `resolveTimeoutMs`. */
export function acceptAlert(incoming: IncomingAlert, nowMs: number, resolveTimeoutMs: number): StoredAlert {
  const { ruleId, annotations, value, generatorUrl } = incoming;
  const labels = Object.fromEntries(Object.entries(incoming.labels).filter(([, text]) => text !== ''));
  return {
    fingerprint: fingerprint(labels),
    ruleId,
    labels,
    annotations,
    value: Number.isNaN(value) ? null : value,
    generatorUrl,
    startsAt: Math.round(incoming.startsAt),
    endsAt: Math.round(incoming.endsAt ?? nowMs + resolveTimeoutMs),
    updatedAt: nowMs,
    hasGuessedEnd: incoming.endsAt === null,
  };
}

/**
 * Put a new post of an alert over the one before.
 *
 * The newer text wins, with the earliest beginning and the latest end that was set on purpose. Posts whose times do not
 * touch are different episodes, and the newer one stands alone.
 * Source: Alertmanager, provider/mem and types.Alert.Merge.
 */
export function mergeAlert(before: StoredAlert, after: StoredAlert, nowMs: number): StoredAlert {
  const overlaps =
    (after.endsAt > before.startsAt && after.endsAt < before.endsAt) ||
    (after.startsAt >= before.startsAt && after.startsAt < before.endsAt);
  if (!overlaps) return after;
  const startsAt = Math.min(before.startsAt, after.startsAt);
  if (isResolved(after, nowMs)) {
    const bothEnded = isResolved(before, nowMs) && before.endsAt > after.endsAt;
    return { ...after, startsAt, endsAt: bothEnded ? before.endsAt : after.endsAt };
  }
  const isLater = before.endsAt > after.endsAt && !before.hasGuessedEnd;
  return { ...after, startsAt, endsAt: isLater ? before.endsAt : after.endsAt };
}

/** Alerts in the order in which messages list them: by job, by instance, by labels. Source: Alertmanager, AlertSlice. */
export function sortAlerts(alerts: readonly StoredAlert[]): StoredAlert[] {
  const keyed = alerts.map((alert) => ({ alert, text: JSON.stringify(Object.entries(alert.labels).sort()) }));
  return keyed.sort(compareKeyed).map(({ alert }) => alert);
}

function compareKeyed(a: { alert: StoredAlert; text: string }, b: { alert: StoredAlert; text: string }): number {
  for (const name of ['job', 'instance']) {
    const [left, right] = [a.alert.labels[name], b.alert.labels[name]];
    if (left === right) continue;
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    return left < right ? -1 : 1;
  }
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}
