import type { HttpAnswer, Verdict } from '../webhook.ts';
import type { HttpChannel } from './channel.ts';
import { answerWords, bodyMember, judgeStatus } from './judge-answer.ts';
import { shorten } from './shorten.ts';

const RED = 0x992d22;
const GREEN = 0x2ecc71;

/** Source: Discord, "Execute webhook"; limits of embeds. */
export const discord: HttpChannel<'discord'> = {
  build(options, { notification, render, secret }) {
    const text = (value: string | undefined, byDefault = ''): string => render(value ?? byDefault);
    const embed = {
      title: shorten(text(options.title, '{{ template "discord.default.title" . }}'), 256),
      description: shorten(text(options.message, '{{ template "discord.default.message" . }}'), 4096),
      color: notification.status === 'firing' ? RED : GREEN,
    };
    const body = {
      content: shorten(text(options.content, '{{ template "discord.default.content" . }}'), 2000),
      embeds: [embed],
      username: text(options.username) || undefined,
      avatar_url: text(options.avatar_url) || undefined,
    };
    return { url: secret('webhook_url') ?? '', body: JSON.stringify(body) };
  },
  judge,
};

/** Too fast is 429, with the pause in seconds in the body. */
function judge(answer: HttpAnswer): Verdict {
  const pause = answer.status === 429 ? Number(bodyMember(answer, 'retry_after')) : NaN;
  return Number.isFinite(pause)
    ? { kind: 'retry', words: answerWords(answer), afterMs: pause * 1000 }
    : judgeStatus(answer);
}
