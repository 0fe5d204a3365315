import type { HttpChannel } from './channel.ts';
import { judgeStatus } from './judge-answer.ts';
import { shorten } from './shorten.ts';

/** An SMS through Twilio, to one number. Source: Twilio, "Messages resource". */
export const twilio: HttpChannel<'twilio'> = {
  build(options, { render, secret }) {
    const sid = encodeURIComponent(options.account_sid);
    const form = new URLSearchParams({
      To: options.to,
      ...(options.from === undefined ? {} : { From: options.from }),
      ...(options.messaging_service_sid === undefined ? {} : { MessagingServiceSid: options.messaging_service_sid }),
      Body: shorten(render(options.text ?? '{{ template "vedette.chat.title" . }}'), 1600),
    });
    const credentials = Buffer.from(`${options.account_sid}:${secret('auth_token') ?? ''}`).toString('base64');
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${credentials}` };
    const api = (options.api_url ?? 'https://api.twilio.com').replace(/\/$/, '');
    return { url: `${api}/2010-04-01/Accounts/${sid}/Messages.json`, headers, body: form.toString() };
  },
  judge: judgeStatus,
};
