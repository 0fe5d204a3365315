import type { AuditEntry, Delivery, Incident } from '../../store/state/index.ts';

/** One thing that happened in an incident. */
export interface TimelineEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: 'fired' | 'notified' | 'action' | 'resolved';
  /** Fingerprints. */
  readonly alerts: readonly string[];
  /** Names of the alerts, or the subject of an action. */
  readonly subject: string;
  /** Who did it, or which receiver was told. */
  readonly who: string;
  /** For a message its outcome, for an action its kind; '' otherwise. */
  readonly what: string;
  readonly detail: string;
}

/** What happened in an incident, in order: from its alerts, the delivery log and the audit log. */
export function incidentTimeline(
  incident: Incident,
  deliveries: readonly Delivery[],
  actions: readonly AuditEntry[],
): TimelineEntry[] {
  const ids = new Set(incident.members.map(({ fingerprint }) => fingerprint));
  const concerns = (alerts: readonly string[]): boolean => alerts.some((fingerprint) => ids.has(fingerprint));
  const entries: TimelineEntry[] = [];
  for (const { fingerprint, firedAt, resolvedAt, labels } of incident.members) {
    const about = { alerts: [fingerprint], subject: labels['alertname'] ?? '', who: '', what: '', detail: '' };
    entries.push({ at: firedAt, kind: 'fired', ...about });
    if (resolvedAt !== null) entries.push({ at: resolvedAt, kind: 'resolved', ...about });
  }
  for (const delivery of deliveries) {
    const alerts = [...delivery.firing, ...delivery.resolved];
    if (!concerns(alerts)) continue;
    const { at, receiver, channel, outcome, words, alerts: names } = delivery;
    const subject = names.join(', ');
    entries.push({
      at,
      kind: 'notified',
      alerts,
      subject,
      who: `${receiver}/${channel}`,
      what: outcome,
      detail: words ?? '',
    });
  }
  for (const { at, who, action, subject, alerts, detail } of actions) {
    if (concerns(alerts)) entries.push({ at, kind: 'action', alerts, subject, who, what: action, detail });
  }
  return entries.sort((a, b) => a.at - b.at || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

const ORDER: readonly TimelineEntry['kind'][] = ['fired', 'action', 'notified', 'resolved'];
