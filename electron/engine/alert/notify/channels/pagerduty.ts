import { createHash } from 'node:crypto';
import type { HttpChannel } from './channel.ts';
import { judgeStatus } from './judge-answer.ts';
import { shorten } from './shorten.ts';

const DETAILS = {
  firing: '{{ template "pagerduty.default.instances" .Alerts.Firing }}',
  resolved: '{{ template "pagerduty.default.instances" .Alerts.Resolved }}',
  num_firing: '{{ .Alerts.Firing | len }}',
  num_resolved: '{{ .Alerts.Resolved | len }}',
} as const;

/** Source: PagerDuty, "Events API v2"; the key of the incident is that of Alertmanager, so that both name the same one. */
export const pagerduty: HttpChannel<'pagerduty'> = {
  build(options, { notification, render, secret }) {
    const text = (value: string | undefined, byDefault = ''): string => render(value ?? byDefault);
    const isFiring = notification.status === 'firing';
    const details = Object.entries({ ...DETAILS, ...options.details }).map(
      ([name, value]) => [name, render(value)] as const,
    );
    const body = {
      routing_key: secret('routing_key') ?? secret('service_key') ?? '',
      event_action: isFiring ? 'trigger' : 'resolve',
      dedup_key: createHash('sha256').update(notification.groupKey).digest('hex'),
      client: text(options.client, '{{ template "pagerduty.default.client" . }}'),
      client_url: text(options.client_url, '{{ template "pagerduty.default.clientURL" . }}'),
      images: options.images?.map((image) => ({ href: text(image.href), src: text(image.src), alt: text(image.alt) })),
      links: options.links?.map((link) => ({ href: text(link.href), text: text(link.text) })),
      payload: {
        summary: shorten(text(options.description, '{{ template "pagerduty.default.description" . }}'), 1024),
        source: text(options.source, '{{ template "pagerduty.default.client" . }}'),
        severity: text(options.severity, 'error'),
        class: text(options.class),
        component: text(options.component),
        group: text(options.group),
        custom_details: Object.fromEntries(details),
      },
    };
    return { url: options.url ?? 'https://events.pagerduty.com/v2/enqueue', body: JSON.stringify(body) };
  },
  judge: judgeStatus,
};
