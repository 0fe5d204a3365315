import type { HttpChannel } from './channel.ts';
import { judgeStatus } from './judge-answer.ts';
import { shortenBytes } from './shorten.ts';

/** Source: ntfy, "Publish as JSON". */
export const ntfy: HttpChannel<'ntfy'> = {
  build(options, { notification, render, secret }) {
    const isFiring = notification.status === 'firing';
    const priority = Number(render(options.priority ?? '{{ if eq .Status "firing" }}4{{ else }}3{{ end }}'));
    const click = render(options.click ?? '{{ .ExternalURL }}');
    const body = {
      topic: options.topic,
      title: render(options.title ?? '{{ template "vedette.chat.title" . }}'),
      message: shortenBytes(render(options.message ?? '{{ template "vedette.chat.text" . }}'), 4096),
      priority: Number.isInteger(priority) && priority >= 1 && priority <= 5 ? priority : 3,
      tags: options.tags ?? [isFiring ? 'red_circle' : 'green_circle'],
      ...(click === '' ? {} : { click }),
    };
    const token = secret('token');
    return {
      url: options.url ?? 'https://ntfy.sh',
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      body: JSON.stringify(body),
    };
  },
  judge: judgeStatus,
};
