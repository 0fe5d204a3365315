import type { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import axios from 'axios';
import { createHttpClient } from '../http/http-client.ts';
import type { HttpClientPorts, PreparedRequest } from '../http/http-client.ts';
import { readBody } from '../http/read-body.ts';
import { withoutSecrets } from '../http/redirects.ts';
import { explainNetworkError } from '../network-problem.ts';
import { acceptHeader } from './accept-header.ts';
import { type BodyMemory, createBodyMemory } from './body-memory.ts';
import type { ScrapeTarget } from './build-targets.ts';
import { chooseFormat } from './content-type.ts';
import type { FormatChoice } from './content-type.ts';
import { translateJson } from './json-exposition.ts';
import type { ExpositionFormat } from './parse-exposition.ts';
import { connectPlainly } from './plain-connection.ts';
import { requestHead } from './request-head.ts';

export type FetchResult =
  | { readonly ok: true; readonly body: Buffer; readonly format: ExpositionFormat; readonly sizeBytes: number }
  /** `isTooLarge` when the body is over its limit. */
  | { readonly ok: false; readonly message: string; readonly isTooLarge?: boolean };

/** The kept-alive connections of one target. */
export interface TargetConnection {
  /** Ask once. Never rejects for what a target may do; `signal` bounds the whole of it, body included. */
  fetch(signal: AbortSignal): Promise<FetchResult>;
  /** The body of a result has been read and is not needed any more: its memory may serve the next one. */
  giveBack(body: Buffer): void;
  close(): void;
}

type Good = PreparedRequest & { readonly ok: true };

/** The parser of what a JSON answer is translated into. */
const AS_JSON = { ok: true, format: 'prometheus' } as const;
/** No body may grow beyond this, whatever the configuration says: it is read into memory. */
const LARGEST_BODY_BYTES = 256 * 1024 * 1024;
/** What deflate makes of the most repetitive text. */
const LARGEST_GZIP_RATIO = 1032;

/**
 * Plain HTTP is spoken directly, which takes a fifth of the time; what is more than that (TLS, a proxy, a redirect, a
 * compression that was not asked for) is left to axios.
 */
export function connectTarget(
  target: ScrapeTarget,
  ports: HttpClientPorts,
  memory: BodyMemory = createBodyMemory(),
): TargetConnection {
  const { config, url, scrapeTimeoutMs } = target;
  const { host, protocol } = new URL(url);
  const plain = protocol === 'http:' ? connectPlainly(new URL(url), memory) : null;
  const limitBytes = config.bodySizeLimitBytes;
  const mostBytes = limitBytes > 0 ? Math.min(limitBytes, LARGEST_BODY_BYTES) : LARGEST_BODY_BYTES;
  /** The last request; it is the same from scrape to scrape. */
  let asked: { readonly headers: Good['headers']; readonly text: string } | null = null;
  const client = createHttpClient(config, ports, 1);
  const ownHeaders = {
    Accept: acceptHeader(config),
    'Accept-Encoding': config.enableCompression ? 'gzip' : 'identity',
    'User-Agent': ports.userAgent,
    'X-Prometheus-Scrape-Timeout-Seconds': String(scrapeTimeoutMs / 1000),
  };

  /** Null when the answer is one for axios. */
  async function askPlainly(signal: AbortSignal, { headers, usesProxy }: Good): Promise<FetchResult | null> {
    if (plain === null || usesProxy) return null;
    // The same object while nothing about it changes.
    if (asked?.headers !== headers) asked = { headers, text: requestHead(new URL(url), { ...ownHeaders, ...headers }) };
    const answer = await plain.ask(asked.text, mostBytes, signal);
    const { status, statusText, body } = answer;
    const refuse = (message: string, isTooLarge = false): FetchResult => {
      memory.giveBack(body);
      return { ok: false, message, isTooLarge };
    };
    const isRedirect = status >= 300 && status < 400 && answer.headers.has('location');
    if (isRedirect && config.followRedirects) {
      memory.giveBack(body);
      return null;
    }
    if (status !== 200) return refuse(describeStatus(url, status, statusText));
    const choice = formatOf(answer.headers.get('content-type') ?? '');
    if (!choice.ok) return refuse(choice.message);
    if (body.length > mostBytes) return refuse(describeLimit(url, mostBytes), true);
    const coding = (answer.headers.get('content-encoding') ?? 'identity').toLowerCase();
    if (coding === 'identity') return finish(body, choice.format);
    const whole = coding === 'gzip' ? unzipped(body, mostBytes) : null;
    memory.giveBack(body);
    if (coding !== 'gzip') return null;
    return whole === null
      ? { ok: false, message: describeLimit(url, mostBytes), isTooLarge: true }
      : finish(whole, choice.format);
  }

  function formatOf(contentType: string): FormatChoice {
    return config.jsonMetrics === null ? chooseFormat(contentType, config.fallbackScrapeProtocol, url) : AS_JSON;
  }

  async function finish(body: Buffer, format: ExpositionFormat): Promise<FetchResult> {
    const sizeBytes = body.length;
    if (config.jsonMetrics === null) return { ok: true, body, format, sizeBytes };
    const translated = await translateJson(body, config.jsonMetrics);
    memory.giveBack(body);
    return translated.ok
      ? { ok: true, body: translated.body, format, sizeBytes }
      : { ok: false, message: `${url} ${translated.message}` };
  }

  async function ask(signal: AbortSignal, prepared: Good): Promise<FetchResult> {
    const response = await axios.request<Readable>({
      url,
      method: 'get',
      adapter: 'http',
      responseType: 'stream',
      validateStatus: null,
      proxy: false,
      ...withoutSecrets(config.followRedirects, prepared.confidential),
      signal,
      httpAgent: prepared.httpAgent,
      httpsAgent: prepared.httpsAgent,
      headers: { ...ownHeaders, ...prepared.headers },
    });
    const body = response.data;
    if (response.status !== 200) {
      body.destroy();
      return { ok: false, message: describeStatus(url, response.status, response.statusText) };
    }
    const choice = formatOf(String(response.headers['content-type'] ?? ''));
    if (!choice.ok) {
      body.destroy();
      return choice;
    }
    const read = await readBody(body, mostBytes, signal);
    if (!read.ok) return { ok: false, message: describeLimit(url, mostBytes), isTooLarge: true };
    return finish(read.body, choice.format);
  }

  return {
    async fetch(signal) {
      try {
        const prepared = await client.prepare(url, signal);
        if (!prepared.ok) return { ok: false, message: `${url} was not asked: ${prepared.message}` };
        const answer = await askPlainly(signal, prepared);
        if (answer !== null) return answer;
        try {
          return await ask(signal, prepared);
        } catch (error) {
          if (signal.aborted || !wasIdleConnectionLost(error)) throw error;
          return await ask(signal, prepared);
        }
      } catch (error) {
        if (signal.aborted) return { ok: false, message: describeTimeout(host, scrapeTimeoutMs) };
        return { ok: false, message: explainNetworkError(error, host).message };
      }
    },
    giveBack(body) {
      memory.giveBack(body);
    },
    close() {
      plain?.close();
      client.close();
    },
  };
}

/** Null when it becomes larger than that. */
function unzipped(body: Buffer, mostBytes: number): Buffer | null {
  // The last four bytes say how much comes out, so that one piece of memory is enough; a lie only costs more pieces.
  const announced = body.length < 4 ? 0 : body.readUInt32LE(body.length - 4);
  const chunkSize = Math.max(1024, Math.min(announced, mostBytes, body.length * LARGEST_GZIP_RATIO) + 64);
  try {
    return gunzipSync(body, { maxOutputLength: mostBytes, chunkSize });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') return null;
    throw error;
  }
}

function describeLimit(url: string, mostBytes: number): string {
  return `${url} answered more than ${String(mostBytes)} bytes, which is the limit (body_size_limit).`;
}

/**
 * A server may close an idle connection in the very moment in which we use it. That says nothing about its health, so
 * that one more attempt is due; Go's client does the same.
 */
function wasIdleConnectionLost(error: unknown): boolean {
  const { code, request } = error as {
    code?: string;
    request?: { reusedSocket?: boolean; _currentRequest?: { reusedSocket?: boolean } };
  };
  const isReused = request?.reusedSocket ?? request?._currentRequest?.reusedSocket ?? false;
  return isReused && (code === 'ECONNRESET' || code === 'EPIPE');
}

function describeTimeout(host: string, timeoutMs: number): string {
  return `${host} did not answer completely within ${String(timeoutMs / 1000)} s (scrape_timeout). Is it overloaded, or does a firewall drop the packets?`;
}

function describeStatus(url: string, status: number, text: string): string {
  const answer = `${url} answered ${String(status)}${text === '' ? '' : ` ${text}`}`;
  if (status === 401 || status === 403) return `${answer}. Does it need basic_auth or authorization?`;
  if (status === 404) return `${answer}. Is this the right metrics_path?`;
  if (status >= 300 && status < 400) return `${answer}, a redirect, and follow_redirects is off.`;
  return `${answer}.`;
}
