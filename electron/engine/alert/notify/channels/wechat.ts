import type { HttpChannel } from './channel.ts';
import { answerWords, bodyMember, judgeByCode, judgeStatus } from './judge-answer.ts';
import { shortenBytes } from './shorten.ts';

const API = 'https://qyapi.weixin.qq.com/cgi-bin/';
/** The token is unknown, not valid or too old. Source: WeCom, "Global error codes". */
const EXPIRED: readonly unknown[] = [40014, 41001, 42001];

/** An application of WeCom (企业微信): a token is had for the secret of the application, then the message is sent with it. */
export const wechat: HttpChannel<'wechat'> = {
  login(options, { secret, render }) {
    const params = new URLSearchParams({
      corpid: render(options.corp_id ?? ''),
      corpsecret: secret('api_secret') ?? '',
    });
    return {
      url: `${options.api_url ?? API}gettoken?${params.toString()}`,
      read(answer) {
        const byStatus = judgeStatus(answer);
        if (byStatus.kind !== 'delivered') return { ok: false, verdict: byStatus };
        const token = bodyMember(answer, 'access_token');
        if (typeof token === 'string' && token !== '') return { ok: true, token };
        return { ok: false, verdict: { kind: 'refused', words: answerWords(answer) } };
      },
      attach: (message, token) => ({ ...message, url: `${message.url}?${new URLSearchParams({ access_token: token }).toString()}` }), // prettier-ignore
      isExpired: (answer) => EXPIRED.includes(bodyMember(answer, 'errcode')),
    };
  },
  build(options, { render }) {
    const text = (value: string | undefined, byDefault: string): string => render(value ?? byDefault);
    const type = options.message_type === 'markdown' ? 'markdown' : 'text';
    const content = shortenBytes(text(options.message, '{{ template "wechat.default.message" . }}'), 2048);
    const body = {
      touser: text(options.to_user, '{{ template "wechat.default.to_user" . }}'),
      toparty: text(options.to_party, '{{ template "wechat.default.to_party" . }}'),
      totag: text(options.to_tag, '{{ template "wechat.default.to_tag" . }}'),
      agentid: text(options.agent_id, '{{ template "wechat.default.agent_id" . }}'),
      msgtype: type,
      [type]: { content },
      safe: '0',
    };
    return { url: `${options.api_url ?? API}message/send`, body: JSON.stringify(body) };
  },
  judge: judgeByCode('errcode', 0, [45009, 45033], 60_000),
};
