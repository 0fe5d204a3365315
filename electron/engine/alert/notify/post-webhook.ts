import type { Readable } from 'node:stream';
import { explainNetworkError } from '../../collect/network-problem.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { HttpAnswer } from './webhook.ts';

export type PostResult =
  { readonly ok: true; readonly answer: HttpAnswer } | { readonly ok: false; readonly words: string };

export interface PostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const MAX_ANSWER_BYTES = 4096;

/** POST JSON and give the answer, or why there was none. The URL may be a secret, so only its host is ever named. */
export async function postWebhook(options: PostOptions): Promise<PostResult> {
  if (!URL.canParse(options.url)) return { ok: false, words: 'The URL of the webhook is not a URL.' };
  const { protocol, host } = new URL(options.url);
  if (protocol !== 'http:' && protocol !== 'https:') return { ok: false, words: `The webhook's URL begins with "${protocol}", not http(s).` }; // prettier-ignore
  // Loaded with the first webhook: a client with all that it brings takes 10 MB.
  const { default: axios } = await import('axios');
  const deadline = new AbortController();
  const cancelTimer = options.clock.after(options.timeoutMs, () => {
    deadline.abort(new DOMException('timeout', 'TimeoutError'));
  });
  try {
    const response = await axios.post<Readable>(options.url, options.body, {
      headers: { 'Content-Type': 'application/json', ...options.headers },
      responseType: 'stream',
      validateStatus: () => true,
      proxy: false,
      signal: AbortSignal.any([options.signal, deadline.signal]),
    });
    const retryAfter: unknown = response.headers['retry-after'];
    const body = await beginningOf(response.data, AbortSignal.any([options.signal, deadline.signal]));
    const answer = { status: response.status, body, retryAfter: typeof retryAfter === 'string' ? retryAfter : null };
    return { ok: true, answer };
  } catch (error) {
    if (deadline.signal.aborted)
      return { ok: false, words: `${host} did not answer within ${String(options.timeoutMs / 1000)} s.` };
    return { ok: false, words: explainNetworkError(error, host).message };
  } finally {
    cancelTimer();
  }
}

/** The status already says what became of the message; a body that breaks off does not change that. */
async function beginningOf(stream: Readable, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const stop = (): void => {
    stream.destroy();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes >= MAX_ANSWER_BYTES) break;
    }
  } catch (error) {
    chunks.push(Buffer.from(` (the answer broke off: ${error instanceof Error ? error.message : String(error)})`));
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}
