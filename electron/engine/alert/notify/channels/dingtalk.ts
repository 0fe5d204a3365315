import { createHmac } from 'node:crypto';
import type { HttpChannel } from './channel.ts';
import { judgeByCode } from './judge-answer.ts';
import { shortenBytes } from './shorten.ts';

/** Over 20 messages a minute close the robot for ten. Source: DingTalk, "Custom robots". */
const CLOSED_MS = 600_000;

/** A robot of a DingTalk (钉钉) group. Where a secret is given the address is signed. */
export const dingtalk: HttpChannel<'dingtalk'> = {
  build(options, { nowMs, render, secret }) {
    const { at_mobiles: mobiles = [], at_user_ids: users = [], at_all: isAtAll = false } = options;
    const title = render(options.title ?? '{{ template "vedette.chat.title" . }}');
    // Somebody is only reached when the text names them as well.
    const mentions = [...mobiles, ...users].map((one) => `@${one}`).join(' ');
    const text = `${render(options.text ?? '{{ template "vedette.chat.markdown" . }}')}${mentions === '' ? '' : `\n${mentions}`}`;
    const body = {
      msgtype: 'markdown',
      markdown: { title, text: shortenBytes(text, 19_000) },
      at: { atMobiles: mobiles, atUserIds: users, isAtAll },
    };
    const key = secret('secret');
    const url = secret('url') ?? '';
    const signed = key === undefined ? '' : `&timestamp=${String(nowMs)}&sign=${encodeURIComponent(dingtalkSignature(key, nowMs))}`; // prettier-ignore
    return { url: `${url}${signed}`, body: JSON.stringify(body) };
  },
  judge: judgeByCode('errcode', 0, [130101, 410100], CLOSED_MS),
};

/** Source: DingTalk, "Security settings of custom robots". Before it is put into an address. */
export function dingtalkSignature(key: string, timestampMs: number): string {
  return createHmac('sha256', key)
    .update(`${String(timestampMs)}\n${key}`)
    .digest('base64');
}
