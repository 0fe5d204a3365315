import { createHmac, randomUUID } from 'node:crypto';
import type { HttpChannel } from './channel.ts';
import { judgeByCode } from './judge-answer.ts';

/** SMS of Alibaba Cloud (阿里云短信): an approved template with its variables. Source: its manual, `SendSms`, signature version 1.0. */
export const aliyunSms: HttpChannel<'aliyun_sms'> = {
  build(options, { nowMs, render, secret }) {
    const variables = Object.entries(options.template_params ?? { name: '{{ template "vedette.chat.title" . }}' });
    const params: Record<string, string> = {
      AccessKeyId: options.access_key_id,
      Action: 'SendSms',
      Format: 'JSON',
      PhoneNumbers: options.phone_numbers.join(','),
      SignName: options.sign_name,
      SignatureMethod: 'HMAC-SHA1',
      SignatureNonce: randomUUID(),
      SignatureVersion: '1.0',
      TemplateCode: options.template_code,
      TemplateParam: JSON.stringify(Object.fromEntries(variables.map(([name, text]) => [name, render(text)]))),
      Timestamp: new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
      Version: '2017-05-25',
    };
    const signature = aliyunSignature(params, secret('access_key_secret') ?? '');
    const body = new URLSearchParams({ ...params, Signature: signature }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { url: options.api_url ?? 'https://dysmsapi.aliyuncs.com/', headers, body };
  },
  judge: judgeByCode('Code', 'OK', ['isv.BUSINESS_LIMIT_CONTROL', 'Throttling.User'], 60_000),
};

/** Over the sorted parameters, escaped by RFC 3986. */
export function aliyunSignature(params: Readonly<Record<string, string>>, key: string): string {
  const query = Object.keys(params)
    .sort()
    .map((name) => `${escape(name)}=${escape(params[name] ?? '')}`)
    .join('&');
  return createHmac('sha1', `${key}&`)
    .update(`POST&%2F&${escape(query)}`)
    .digest('base64');
}

function escape(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
