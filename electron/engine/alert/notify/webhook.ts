import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { Notification, NotifiedAlert } from '../route/notification.ts';

/** What a service made of a message. */
export type Verdict =
  | { readonly kind: 'delivered'; readonly words: string }
  /** Final: trying again would end the same. */
  | { readonly kind: 'refused'; readonly words: string }
  /** Worth another try, at the earliest after `afterMs`. */
  | { readonly kind: 'retry'; readonly words: string; readonly afterMs: number };

export interface HttpAnswer {
  readonly status: number;
  /** The beginning of the body. */
  readonly body: string;
  readonly retryAfter: string | null;
}

/**
 * The body of Alertmanager's webhook, version 4.
 *
 * @param maxAlerts most alerts in it; the rest is counted in `truncatedAlerts`; 0 is no limit
 * Source: Alertmanager, notify/webhook and template.Data.
 */
export function buildWebhookBody(notification: Notification, maxAlerts: number): string {
  const { receiver, groupKey, groupLabels, externalUrl } = notification;
  const count = maxAlerts > 0 ? Math.min(maxAlerts, notification.alerts.length) : notification.alerts.length;
  const alerts = notification.alerts.slice(0, count);
  return JSON.stringify({
    receiver,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    alerts: alerts.map(webhookAlert),
    groupLabels: sorted(groupLabels),
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL: externalUrl,
    version: '4',
    groupKey,
    truncatedAlerts: notification.alerts.length - count,
  });
}

/** 2xx is delivered; 429 and 5xx are worth another try; anything else is final. */
export function judgeWebhook(answer: HttpAnswer): Verdict {
  const { status } = answer;
  const said = answer.body.trim().slice(0, 300);
  const words = said === '' ? `HTTP ${String(status)}` : `HTTP ${String(status)}: ${said}`;
  if (status >= 200 && status < 300) return { kind: 'delivered', words };
  if (status < 500 && status !== 429) return { kind: 'refused', words };
  const seconds = Number(answer.retryAfter ?? 0);
  return { kind: 'retry', words, afterMs: Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : 0 };
}

function webhookAlert(alert: NotifiedAlert): object {
  return {
    status: alert.status,
    labels: sorted(alert.labels),
    annotations: sorted(alert.annotations),
    startsAt: timestamp(alert.startsAt),
    // Go's zero time stands for "has not ended".
    endsAt: alert.endsAt === null ? '0001-01-01T00:00:00Z' : timestamp(alert.endsAt),
    generatorURL: alert.generatorUrl,
    fingerprint: alert.fingerprint,
  };
}

/** RFC 3339 as Go writes it: without trailing zeros of the fraction. */
function timestamp(atMs: number): string {
  return new Date(atMs)
    .toISOString()
    .replace(/\.(\d*?)0*Z$/, (_all, digits: string) => (digits === '' ? 'Z' : `.${digits}Z`));
}

function sorted(record: LabelRecord): LabelRecord {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The pairs that all records share. */
export function common(records: readonly LabelRecord[]): LabelRecord {
  const [first = {}, ...others] = records;
  return sorted(Object.fromEntries(Object.entries(first).filter(([name, value]) => others.every((record) => record[name] === value)))); // prettier-ignore
}
