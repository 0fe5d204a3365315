import type { Notification, NotifiedAlert } from '../../../../electron/engine/alert/route/notification.ts';
import { fingerprint } from '../../../../electron/engine/alert/route/fingerprint.ts';
import type { LabelRecord } from '../../../../shared/model/labels.ts';

export const STARTED_AT = 1_700_000_000_000;

/** An alert in a message; with `endsAt` it is resolved. */
export function alertOf(labels: LabelRecord, changes: Partial<NotifiedAlert> = {}): NotifiedAlert {
  return {
    fingerprint: fingerprint(labels),
    status: changes.endsAt === undefined || changes.endsAt === null ? 'firing' : 'resolved',
    labels,
    annotations: { summary: `High CPU usage on ${labels['instance'] ?? '?'}` },
    startsAt: STARTED_AT,
    endsAt: null,
    generatorUrl: 'http://127.0.0.1:9777/graph?g0.expr=up&g0.tab=1',
    value: 93.4567,
    isNews: true,
    ...changes,
  };
}

export function notificationOf(alerts: readonly NotifiedAlert[], changes: Partial<Notification> = {}): Notification {
  return {
    receiver: 'desk',
    groupKey: '{}:{alertname="HighCPUUsage"}',
    groupLabels: { alertname: 'HighCPUUsage' },
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    alerts,
    externalUrl: 'http://127.0.0.1:9777',
    reason: 'first',
    ...changes,
  };
}
