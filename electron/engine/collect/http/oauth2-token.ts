import axios from 'axios';
import type { OAuth2Config } from '../../config/http-client.ts';
import { explainNetworkError } from '../network-problem.ts';
import type { HttpClient, HttpClientPorts } from './http-client.ts';

export type TokenReading =
  { readonly ok: true; readonly value: string } | { readonly ok: false; readonly message: string };

/** The access token of a client, fetched when it is needed and kept until shortly before it runs out. */
export interface TokenSource {
  token(signal: AbortSignal): Promise<TokenReading>;
  close(): void;
}

/** A token is renewed this much before its end. Source: Go, oauth2, `defaultExpiryDelta`. */
const EARLY_MS = 10_000;
const PATIENCE_MS = 30_000;
const MOST_ANSWER_BYTES = 1024 * 1024;

/**
 * The client credentials flow of OAuth 2.0. The client shows its name and secret by basic authentication; a server that
 * refuses that is asked once more with both in the body, and the way that worked is kept.
 *
 * @param client reaches the token's server, by a way of its own; closed with the source
 * Source: RFC 6749, 4.4 and 2.3.1; Go, oauth2, `AuthStyleAutoDetect`.
 */
export function createTokenSource(config: OAuth2Config, client: HttpClient, ports: HttpClientPorts): TokenSource {
  const { clock, revealSecret, userAgent } = ports;
  const { host } = new URL(config.tokenUrl);
  let kept: { readonly token: string; readonly secret: string; readonly until: number } | null = null;
  let style: 'header' | 'body' | null = null;
  /** The request under way, for everybody who needs its token. */
  let asking: Promise<TokenReading> | null = null;

  async function ask(secret: string, how: 'header' | 'body', signal: AbortSignal): Promise<Answer> {
    const prepared = await client.prepare(config.tokenUrl, signal);
    if (!prepared.ok) return { status: 0, body: null, problem: prepared.message };
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (config.scopes.length > 0) form.set('scope', config.scopes.join(' '));
    for (const [name, value] of Object.entries(config.endpointParams)) form.set(name, value);
    const pair = `${encodeURIComponent(config.clientId)}:${encodeURIComponent(secret)}`;
    if (how === 'body') {
      form.set('client_id', config.clientId);
      if (secret !== '') form.set('client_secret', secret);
    }
    const response = await axios.request<unknown>({
      url: config.tokenUrl,
      method: 'post',
      data: form.toString(),
      adapter: 'http',
      responseType: 'json',
      maxContentLength: MOST_ANSWER_BYTES,
      maxRedirects: 0,
      validateStatus: null,
      proxy: false,
      signal,
      httpAgent: prepared.httpAgent,
      httpsAgent: prepared.httpsAgent,
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/x-www-form-urlencoded',
        'User-Agent': userAgent,
        ...(how === 'header' ? { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` } : {}),
      },
    });
    return { status: response.status, body: response.data, problem: null };
  }

  async function fetchToken(secret: string, signal: AbortSignal): Promise<TokenReading> {
    let last: Answer | null = null;
    for (const how of style === null ? (['header', 'body'] as const) : [style]) {
      last = await ask(secret, how, signal);
      const token = readToken(last);
      if (token === null) continue;
      style = how;
      // Without an end it is taken for good until the secret changes, as Go's client does.
      const until = token.lifeMs === null ? Infinity : clock.monotonic() + token.lifeMs - EARLY_MS;
      kept = { token: token.token, secret, until };
      return { ok: true, value: token.token };
    }
    return { ok: false, message: describeRefusal(config.tokenUrl, last) };
  }

  /** Bounded by itself: whoever asked first may give up before the others. */
  async function askWithin(secret: string): Promise<TokenReading> {
    const deadline = new AbortController();
    const cancel = clock.after(PATIENCE_MS, () => deadline.abort());
    try {
      return await fetchToken(secret, deadline.signal);
    } catch (error) {
      const late = `${host} did not answer within ${String(PATIENCE_MS / 1000)} s.`;
      const message = deadline.signal.aborted ? late : explainNetworkError(error, host).message;
      return { ok: false, message: `No token for it: ${message}` };
    } finally {
      cancel();
    }
  }

  return {
    async token(signal) {
      const secret = await revealSecret(config.clientSecret);
      if (!secret.ok) return secret;
      if (kept?.secret === secret.value && clock.monotonic() < kept.until) return { ok: true, value: kept.token };
      asking ??= askWithin(secret.value).finally(() => (asking = null));
      return unlessAborted(asking, signal);
    },
    close() {
      client.close();
    },
  };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Why nothing was asked. */
  readonly problem: string | null;
}

function readToken({ status, body }: Answer): { readonly token: string; readonly lifeMs: number | null } | null {
  if (status < 200 || status > 299 || typeof body !== 'object' || body === null) return null;
  const { access_token: token, expires_in: seconds } = body as Readonly<Record<string, unknown>>;
  if (typeof token !== 'string' || token === '') return null;
  const life = typeof seconds === 'number' || typeof seconds === 'string' ? Number(seconds) : NaN;
  return { token, lifeMs: Number.isFinite(life) && life > 0 ? life * 1000 : null };
}

function describeRefusal(url: string, answer: Answer | null): string {
  if (typeof answer?.problem === 'string') return `No token for it: ${answer.problem}`;
  const { error, error_description: text } = (answer?.body ?? {}) as Readonly<Record<string, unknown>>;
  const said = [error, text].filter((part) => typeof part === 'string').join(': ');
  const status = String(answer?.status ?? 0);
  return `${url} gave no token: it answered ${status}${said === '' ? '' : ` (${said})`}. Check client_id and client_secret (oauth2).`;
}
