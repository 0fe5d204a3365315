import type { SecretReading } from '../../config/index.ts';
import type { Secret } from '../../config/configuration.ts';
import type { Notification } from '../route/notification.ts';
import type { NotificationData } from '../template/notification-data.ts';
import { renderNotification, type TemplateSet } from '../template/notification-template.ts';
import { RenderFailure, type ChannelContext } from './channels/channel.ts';
import { common } from './webhook.ts';

/** What a notification gives to templates. */
export function templateData(notification: Notification): NotificationData {
  const { receiver, status, alerts, groupLabels, externalUrl } = notification;
  return {
    receiver,
    status,
    groupLabels,
    externalUrl,
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    routeLabels: {},
    alerts: alerts.map(({ status: one, labels, annotations, startsAt, endsAt, generatorUrl, fingerprint }) => ({
      status: one,
      labels,
      annotations,
      startsAt,
      endsAt,
      generatorUrl,
      fingerprint,
    })),
  };
}

export function channelContext(
  notification: Notification,
  templates: TemplateSet,
  secrets: ReadonlyMap<string, string>,
  nowMs: number,
): ChannelContext {
  const data = templateData(notification);
  const expand = (text: string, html: boolean): string => {
    const expanded = renderNotification(templates, text, data, { nowMs, html });
    if (!expanded.ok) throw new RenderFailure(`The message could not be written: ${expanded.problem.message}`);
    return expanded.text;
  };
  return {
    notification,
    data,
    nowMs,
    render: (text) => expand(text, false),
    renderHtml: (text) => expand(text, true),
    secret: (key) => secrets.get(key),
  };
}

/** Every secret of a channel, read now; the first that cannot be had says why. */
export async function revealAll(
  secrets: Readonly<Record<string, Secret>>,
  reveal: (secret: Secret) => Promise<SecretReading>,
): Promise<
  { readonly ok: true; readonly values: ReadonlyMap<string, string> } | { readonly ok: false; readonly message: string }
> {
  const values = new Map<string, string>();
  for (const [key, secret] of Object.entries(secrets)) {
    const reading = await reveal(secret);
    if (!reading.ok) return reading;
    values.set(key, reading.value.trim());
  }
  return { ok: true, values };
}
