import type { SentChannelConfig } from '../../config/configuration.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { ChannelContext, HttpChannel, HttpLogin, HttpMessage } from './channels/channel.ts';
import { HTTP_CHANNELS, type HttpKind } from './channels/http-channels.ts';
import { postWebhook } from './post-webhook.ts';
import type { HttpAnswer, Verdict } from './webhook.ts';

export type HttpChannelConfig = Extract<SentChannelConfig, { kind: HttpKind }>;

export interface HttpSenderOptions {
  readonly clock: Clock;
  readonly userAgent: string;
  readonly timeoutMs: number;
}

/** Sends messages to services over HTTP and keeps the tokens that some of them give. */
export interface HttpSender {
  /** @throws RenderFailure */
  send(channel: HttpChannelConfig, context: ChannelContext, extra: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Verdict>; // prettier-ignore
}

/** Services give tokens for two hours; half of it is on the safe side. */
const TOKEN_AGE_MS = 3_600_000;

export function createHttpSender({ clock, userAgent, timeoutMs }: HttpSenderOptions): HttpSender {
  const tokens = new Map<string, { readonly token: string; readonly at: number }>();

  return {
    send: (channel, context, extra, signal) => {
      // The kind ties the options to their channel; the type cannot follow it through the record.
      const service = HTTP_CHANNELS[channel.kind] as HttpChannel<HttpKind>;
      const options = channel.options;
      const message = service.build(options, context);
      const login = service.login?.(options, context);
      const post = (what: HttpMessage): Promise<HttpAnswer | Verdict> => postMessage(what, channel, extra, signal);
      return login === undefined ? judged(service, post(message)) : withToken(service, login, message, post, channel, signal); // prettier-ignore
    },
  };

  async function judged(service: HttpChannel<HttpKind>, sent: Promise<HttpAnswer | Verdict>): Promise<Verdict> {
    const answer = await sent;
    return 'kind' in answer ? answer : service.judge(answer);
  }

  async function withToken(
    service: HttpChannel<HttpKind>,
    login: HttpLogin,
    message: HttpMessage,
    post: (message: HttpMessage) => Promise<HttpAnswer | Verdict>,
    channel: HttpChannelConfig,
    signal: AbortSignal,
  ): Promise<Verdict> {
    for (const isLast of [false, true]) {
      const had = await tokenFor(login, channel, signal);
      if (typeof had !== 'string') return had;
      const answer = await post(login.attach(message, had));
      if ('kind' in answer) return answer;
      if (isLast || !login.isExpired(answer)) return service.judge(answer);
      tokens.delete(login.url);
    }
    throw new Error('A token was asked for more than twice.');
  }

  async function tokenFor(
    login: HttpLogin,
    channel: HttpChannelConfig,
    signal: AbortSignal,
  ): Promise<string | Verdict> {
    const kept = tokens.get(login.url);
    if (kept !== undefined && clock.monotonic() - kept.at < TOKEN_AGE_MS) return kept.token;
    const answer = await postMessage({ url: login.url, body: '{}' }, channel, {}, signal);
    if ('kind' in answer) return answer;
    const reading = login.read(answer);
    if (!reading.ok) return reading.verdict;
    tokens.set(login.url, { token: reading.token, at: clock.monotonic() });
    return reading.token;
  }

  async function postMessage(
    message: HttpMessage,
    channel: HttpChannelConfig,
    extra: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpAnswer | Verdict> {
    const result = await postWebhook({
      url: message.url,
      headers: { 'User-Agent': userAgent, ...message.headers, ...channel.headers, ...extra },
      body: message.body,
      timeoutMs: channel.timeoutMs ?? timeoutMs,
      clock,
      signal,
    });
    return result.ok ? result.answer : { kind: 'retry', words: result.words, afterMs: 0 };
  }
}
