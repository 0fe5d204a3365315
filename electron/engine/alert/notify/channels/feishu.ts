import { createHmac } from 'node:crypto';
import type { HttpAnswer, Verdict } from '../webhook.ts';
import type { HttpChannel } from './channel.ts';
import { answerWords, bodyMember, judgeStatus } from './judge-answer.ts';
import { shortenBytes } from './shorten.ts';

/** A robot of a Feishu (飞书) or Lark group. Source: Feishu, "Custom bots". */
export const feishu: HttpChannel<'feishu'> = {
  build(options, { notification, nowMs, render, secret }) {
    const seconds = Math.floor(nowMs / 1000);
    const key = secret('secret');
    const signature = key === undefined ? {} : { timestamp: String(seconds), sign: feishuSignature(key, seconds) };
    const title = render(options.title ?? '{{ template "vedette.chat.title" . }}');
    const text = shortenBytes(render(options.text ?? '{{ template "vedette.chat.markdown" . }}'), 18_000);
    const card = {
      header: {
        title: { tag: 'plain_text', content: title },
        template: notification.status === 'firing' ? 'red' : 'green',
      },
      elements: [{ tag: 'div', text: { tag: 'lark_md', content: text } }],
    };
    return { url: secret('url') ?? '', body: JSON.stringify({ ...signature, msg_type: 'interactive', card }) };
  },
  judge,
};

/** Key and message are swapped against what other robots do. Source: Feishu, "Custom bots", signature verification. */
export function feishuSignature(key: string, timestampSeconds: number): string {
  return createHmac('sha256', `${String(timestampSeconds)}\n${key}`).digest('base64');
}

/** Newer robots answer with `code`, older ones with `StatusCode`; 0 is delivered. */
function judge(answer: HttpAnswer): Verdict {
  const byStatus = judgeStatus(answer);
  if (byStatus.kind !== 'delivered') return byStatus;
  const code = bodyMember(answer, 'code') ?? bodyMember(answer, 'StatusCode');
  const words = answerWords(answer);
  if (code === 0) return { kind: 'delivered', words };
  return code === 11232 ? { kind: 'retry', words, afterMs: 60_000 } : { kind: 'refused', words };
}
