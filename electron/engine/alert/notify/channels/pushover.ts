import type { HttpAnswer, Verdict } from '../webhook.ts';
import type { HttpChannel } from './channel.ts';
import { answerWords, bodyMember, judgeStatus } from './judge-answer.ts';
import { shorten } from './shorten.ts';

/** Source: Pushover, "API". A priority of 2 is repeated until somebody acknowledges it, and must say how often. */
export const pushover: HttpChannel<'pushover'> = {
  build(options, { render, renderHtml, secret }) {
    const text = (value: string | undefined, byDefault = ''): string => render(value ?? byDefault);
    const message = options.message ?? '{{ template "pushover.default.message" . }}';
    const priority = text(options.priority, '{{ if eq .Status "firing" }}2{{ else }}0{{ end }}');
    const shown = shorten((options.html === true ? renderHtml(message) : render(message)).trim(), 1024);
    const form = {
      token: secret('token') ?? '',
      user: secret('user_key') ?? '',
      title: shorten(text(options.title, '{{ template "pushover.default.title" . }}'), 250),
      // Pushover refuses an empty message.
      message: shown === '' ? '(no details)' : shown,
      url: text(options.url, '{{ template "pushover.default.url" . }}').slice(0, 512),
      url_title: text(options.url_title).slice(0, 100),
      priority,
      retry: seconds(options.retry ?? 60_000),
      expire: seconds(options.expire ?? 3_600_000),
      ttl: options.ttl === undefined ? '' : seconds(options.ttl),
      device: text(options.device),
      sound: text(options.sound),
      html: options.html === true ? '1' : '',
      monospace: options.monospace === true ? '1' : '',
    };
    const given = Object.entries(form).filter(([, value]) => value !== '');
    return {
      url: 'https://api.pushover.net/1/messages.json',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(given).toString(),
    };
  },
  judge,
};

function seconds(ms: number): string {
  return String(Math.round(ms / 1000));
}

function judge(answer: HttpAnswer): Verdict {
  const byStatus = judgeStatus(answer);
  if (byStatus.kind !== 'delivered') return byStatus;
  return bodyMember(answer, 'status') === 1 ? byStatus : { kind: 'refused', words: answerWords(answer) };
}
