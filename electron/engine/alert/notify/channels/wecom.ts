import type { HttpChannel } from './channel.ts';
import { judgeByCode } from './judge-answer.ts';
import { shortenBytes } from './shorten.ts';

/**
 * A robot of a WeCom (企业微信) group. Markdown cannot mention people by their numbers, so that a message which is to
 * mention somebody goes as text. Source: WeCom, "Group robots".
 */
export const wecom: HttpChannel<'wecom'> = {
  build(options, { render, secret }) {
    const { mentioned_mobiles: mobiles = [], mentioned_users: users = [] } = options;
    const isText = mobiles.length + users.length > 0;
    const byDefault = isText ? '{{ template "vedette.chat.text" . }}' : '{{ template "vedette.chat.markdown" . }}';
    const content = shortenBytes(render(options.text ?? byDefault), isText ? 2048 : 4096);
    const body = isText
      ? { msgtype: 'text', text: { content, mentioned_list: users, mentioned_mobile_list: mobiles } }
      : { msgtype: 'markdown', markdown: { content } };
    return { url: secret('url') ?? '', body: JSON.stringify(body) };
  },
  judge: judgeByCode('errcode', 0, [45009], 60_000),
};
