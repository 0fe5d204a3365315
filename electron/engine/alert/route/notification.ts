import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { ChannelConfig } from '../../config/configuration.ts';
import type { StoredAlert } from '../../store/state/index.ts';
import type { NotificationReason } from './decide-notification.ts';

/** One alert inside a message. Times are epoch milliseconds. */
export interface NotifiedAlert {
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: LabelRecord;
  readonly annotations: LabelRecord;
  readonly startsAt: number;
  /** null while it fires. */
  readonly endsAt: number | null;
  readonly generatorUrl: string;
  readonly value: number | null;
  /** It was not in the last message of this channel, or not with this status. */
  readonly isNews: boolean;
}

/** What a channel is to tell about a group of alerts. */
export interface Notification {
  readonly receiver: string;
  readonly groupKey: string;
  readonly groupLabels: LabelRecord;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly NotifiedAlert[];
  readonly externalUrl: string;
  readonly reason: NotificationReason;
}

/** A message on its way to one channel. */
export interface NotificationRequest {
  readonly notification: Notification;
  readonly channel: ChannelConfig;
  /** The channel's name inside its receiver, such as `webhook[0]`. */
  readonly channelName: string;
  /** Fingerprints for the notification log: all of the group, also those that the message leaves out. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  /** How long the channel may go on trying. */
  readonly budgetMs: number;
  readonly signal: AbortSignal;
}

/** Send a message; whoever sends records it in the notification log, in one step with its outcome. */
export type SendNotification = (request: NotificationRequest) => Promise<{ readonly isTold: boolean }>;

export interface NotificationParts {
  readonly receiver: string;
  readonly groupKey: string;
  readonly groupLabels: LabelRecord;
  readonly externalUrl: string;
  readonly reason: NotificationReason;
  readonly alerts: readonly StoredAlert[];
  readonly resolved: readonly string[];
  readonly known: { readonly firing: readonly string[]; readonly resolved: readonly string[] } | null;
  readonly sendResolved: boolean;
}

/** The message for a group; a channel that does not want resolved alerts gets the firing ones only. */
export function buildNotification(parts: NotificationParts): Notification {
  const isEnded = new Set(parts.resolved);
  const knownFiring = new Set(parts.known?.firing);
  const knownResolved = new Set(parts.known?.resolved);
  const listed = parts.alerts.filter((alert) => parts.sendResolved || !isEnded.has(alert.fingerprint));
  const alerts = listed.map((alert): NotifiedAlert => {
    const { fingerprint, labels, annotations, startsAt, endsAt, generatorUrl, value } = alert;
    const hasEnded = isEnded.has(fingerprint);
    return {
      fingerprint,
      status: hasEnded ? 'resolved' : 'firing',
      labels,
      annotations,
      startsAt,
      endsAt: hasEnded ? endsAt : null,
      generatorUrl,
      value,
      isNews: !(hasEnded ? knownResolved : knownFiring).has(fingerprint),
    };
  });
  const { receiver, groupKey, groupLabels, externalUrl, reason } = parts;
  const status = alerts.some((alert) => alert.status === 'firing') ? 'firing' : 'resolved';
  return { receiver, groupKey, groupLabels, status, alerts, externalUrl, reason };
}
