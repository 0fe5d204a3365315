import { SLACK_BOT_URL } from '../../../config/channel-credentials.ts';
import type { HttpAnswer, Verdict } from '../webhook.ts';
import type { HttpChannel } from './channel.ts';
import { answerWords, bodyMember, judgeStatus } from './judge-answer.ts';
import { shorten } from './shorten.ts';

/** Source: Slack, "Incoming webhooks" and `chat.postMessage`; Alertmanager, notify/slack, for the defaults. */
export const slack: HttpChannel<'slack'> = {
  build(options, { render, secret }) {
    const text = (value: string | undefined, byDefault = ''): string => render(value ?? byDefault);
    const attachment = {
      title: shorten(text(options.title, '{{ template "slack.default.title" . }}'), 1024),
      title_link: text(options.title_link, '{{ template "slack.default.titlelink" . }}'),
      pretext: text(options.pretext, '{{ template "slack.default.pretext" . }}'),
      text: text(options.text, '{{ template "slack.default.text" . }}'),
      fallback: text(options.fallback, '{{ template "slack.default.fallback" . }}'),
      callback_id: text(options.callback_id, '{{ template "slack.default.callbackid" . }}'),
      image_url: text(options.image_url),
      thumb_url: text(options.thumb_url),
      footer: text(options.footer, '{{ template "slack.default.footer" . }}'),
      color: text(options.color, '{{ template "slack.default.color" . }}'),
      mrkdwn_in: options.mrkdwn_in ?? ['fallback', 'pretext', 'text'],
      fields: options.fields?.map((field) => ({
        title: render(field.title),
        value: render(field.value),
        short: field.short ?? options.short_fields ?? false,
      })),
      actions: options.actions?.map((action) => ({
        type: render(action.type),
        text: render(action.text),
        url: text(action.url),
        style: text(action.style),
        name: text(action.name),
        value: text(action.value),
      })),
    };
    const body = {
      channel: text(options.channel),
      username: text(options.username, '{{ template "slack.default.username" . }}'),
      icon_emoji: text(options.icon_emoji, '{{ template "slack.default.iconemoji" . }}'),
      icon_url: text(options.icon_url, '{{ template "slack.default.iconurl" . }}'),
      link_names: options.link_names,
      text: text(options.message_text),
      attachments: [withoutEmpty(attachment)],
    };
    const token = secret('app_token');
    const hook = secret('api_url');
    return {
      url: token === undefined ? (hook ?? '') : (options.app_url ?? SLACK_BOT_URL),
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      body: JSON.stringify(withoutEmpty(body)),
    };
  },
  judge,
};

/** A hook answers with the word `ok`, a bot with `{"ok": true}`; both may refuse inside of a 200. */
function judge(answer: HttpAnswer): Verdict {
  const byStatus = judgeStatus(answer);
  if (byStatus.kind !== 'delivered') return byStatus;
  const words = answerWords(answer);
  if (answer.body.trim() === 'ok' || bodyMember(answer, 'ok') === true) return { kind: 'delivered', words };
  const isBusy = ['ratelimited', 'rate_limited', 'internal_error', 'service_unavailable'].includes(String(bodyMember(answer, 'error'))); // prettier-ignore
  return isBusy ? { kind: 'retry', words, afterMs: 1000 } : { kind: 'refused', words };
}

function withoutEmpty(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== '' && value !== undefined));
}
