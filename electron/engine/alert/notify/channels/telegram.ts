import type { HttpAnswer, Verdict } from '../webhook.ts';
import type { HttpChannel } from './channel.ts';
import { answerWords, bodyMember, judgeStatus } from './judge-answer.ts';
import { shorten } from './shorten.ts';

/** Source: Telegram, Bot API, `sendMessage`. HTML where no other mode is chosen, as with Alertmanager. */
export const telegram: HttpChannel<'telegram'> = {
  build(options, { render, renderHtml, secret }) {
    const mode = options.parse_mode ?? 'HTML';
    const message = options.message ?? '{{ template "telegram.default.message" . }}';
    const text = mode === 'HTML' ? renderHtml(message) : render(message);
    const chat = secret('chat_id') ?? '';
    const body = {
      chat_id: /^-?\d+$/.test(chat) ? Number(chat) : chat,
      message_thread_id: options.message_thread_id,
      text: shorten(text, 4096),
      disable_notification: options.disable_notifications ?? false,
      disable_web_page_preview: true,
      ...(mode === '' ? {} : { parse_mode: mode }),
    };
    const api = (options.api_url ?? 'https://api.telegram.org').replace(/\/$/, '');
    return { url: `${api}/bot${secret('bot_token') ?? ''}/sendMessage`, body: JSON.stringify(body) };
  },
  judge,
};

/** Delivered is `ok: true`; too fast is 429, with the pause among the parameters. */
function judge(answer: HttpAnswer): Verdict {
  const words = answerWords(answer);
  const pause = Number(bodyMember(answer, 'parameters', 'retry_after'));
  if (answer.status === 429 && Number.isFinite(pause)) return { kind: 'retry', words, afterMs: pause * 1000 };
  const byStatus = judgeStatus(answer);
  if (byStatus.kind !== 'delivered') return byStatus;
  return bodyMember(answer, 'ok') === true ? byStatus : { kind: 'refused', words };
}
