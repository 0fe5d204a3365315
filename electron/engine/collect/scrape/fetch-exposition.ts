import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import axios from 'axios';
import type { ScrapeConfig } from '../../config/configuration.ts';
import { lookUpHost } from '../look-up-host.ts';
import { explainNetworkError } from '../network-problem.ts';
import type { RevealSecret } from '../reveal-secret.ts';
import { type BodyMemory, createBodyMemory } from './body-memory.ts';
import type { ScrapeTarget } from './build-targets.ts';
import { ACCEPT_HEADER, chooseFormat } from './content-type.ts';
import type { ExpositionFormat } from './parse-exposition.ts';
import { connectPlainly } from './plain-connection.ts';
import { requestHead } from './request-head.ts';

export type FetchResult =
  | { readonly ok: true; readonly body: Buffer; readonly format: ExpositionFormat }
  | { readonly ok: false; readonly message: string };

/** The kept-alive connections of one target. */
export interface TargetConnection {
  /** Ask once. Never rejects for what a target may do; `signal` bounds the whole of it, body included. */
  fetch(signal: AbortSignal): Promise<FetchResult>;
  /** The body of a result has been read and is not needed any more: its memory may serve the next one. */
  giveBack(body: Buffer): void;
  close(): void;
}

/** No body may grow beyond this, whatever the configuration says: it is read into memory. */
const LARGEST_BODY_BYTES = 256 * 1024 * 1024;
/** What deflate makes of the most repetitive text. */
const LARGEST_GZIP_RATIO = 1032;
/** As Go's HTTP client, and so Prometheus. */
const MOST_REDIRECTS = 10;
const AGENT_OPTIONS = { keepAlive: true, maxSockets: 1, maxFreeSockets: 1, lookup: lookUpHost };

/**
 * Plain HTTP is spoken directly, which takes a fifth of the time; what is more than that (TLS, a redirect, a compression
 * that was not asked for) is left to axios.
 */
export function connectTarget(
  target: ScrapeTarget,
  revealSecret: RevealSecret,
  userAgent: string,
  memory: BodyMemory = createBodyMemory(),
): TargetConnection {
  const { config, url } = target;
  const { host, protocol } = new URL(url);
  const plain = protocol === 'http:' ? connectPlainly(new URL(url), memory) : null;
  const mostBytes =
    config.bodySizeLimitBytes > 0 ? Math.min(config.bodySizeLimitBytes, LARGEST_BODY_BYTES) : LARGEST_BODY_BYTES;
  const httpAgent = new HttpAgent(AGENT_OPTIONS);
  /** The last request; it is the same from scrape to scrape. */
  let asked: { readonly authorization: string | null; readonly text: string } | null = null;
  let secure: { readonly ca: string | null; readonly agent: HttpsAgent } | null = null;

  /** The authority file is read each time, as a renewed one must count without a restart; the agent stays while it is equal. */
  async function secureAgent(): Promise<HttpsAgent> {
    const { caFile, serverName, insecureSkipVerify } = config.tls;
    const ca = caFile === null ? null : await readFile(caFile, 'utf8');
    if (secure !== null && secure.ca === ca) return secure.agent;
    secure?.agent.destroy();
    const agent = new HttpsAgent({
      ...AGENT_OPTIONS,
      rejectUnauthorized: !insecureSkipVerify,
      ...(ca === null ? {} : { ca }),
      ...(serverName === null ? {} : { servername: serverName }),
    });
    secure = { ca, agent };
    return agent;
  }

  const headersWith = (authorization: string | null): Record<string, string> => ({
    Accept: ACCEPT_HEADER,
    'Accept-Encoding': config.enableCompression ? 'gzip' : 'identity',
    'User-Agent': userAgent,
    'X-Prometheus-Scrape-Timeout-Seconds': String(config.scrapeTimeoutMs / 1000),
    ...config.headers,
    ...(authorization === null ? {} : { Authorization: authorization }),
  });

  /** Null when the answer is one for axios. */
  async function askPlainly(signal: AbortSignal, authorization: string | null): Promise<FetchResult | null> {
    if (plain === null) return null;
    if (asked?.authorization !== authorization)
      asked = { authorization, text: requestHead(new URL(url), headersWith(authorization)) };
    const answer = await plain.ask(asked.text, mostBytes, signal);
    const { status, statusText, headers, body } = answer;
    const isRedirect = status >= 300 && status < 400 && headers.has('location');
    const refuse = (message: string): FetchResult => {
      memory.giveBack(body);
      return { ok: false, message };
    };
    if (isRedirect && config.followRedirects) {
      memory.giveBack(body);
      return null;
    }
    if (status !== 200) return refuse(describeStatus(url, status, statusText));
    const choice = chooseFormat(headers.get('content-type') ?? '', config.fallbackScrapeProtocol, url);
    if (!choice.ok) return refuse(choice.message);
    if (body.length > mostBytes) return refuse(`${url} ${describeLimit(mostBytes)}`);
    const coding = (headers.get('content-encoding') ?? 'identity').toLowerCase();
    if (coding === 'identity') return { ok: true, body, format: choice.format };
    const whole = coding === 'gzip' ? unzipped(body, mostBytes) : null;
    memory.giveBack(body);
    if (coding !== 'gzip') return null;
    return whole === null
      ? { ok: false, message: `${url} ${describeLimit(mostBytes)}` }
      : { ok: true, body: whole, format: choice.format };
  }

  async function ask(signal: AbortSignal, authorization: string | null): Promise<FetchResult> {
    const response = await axios.request<Readable>({
      url,
      method: 'get',
      adapter: 'http',
      responseType: 'stream',
      validateStatus: null,
      proxy: false,
      maxRedirects: config.followRedirects ? MOST_REDIRECTS : 0,
      signal,
      httpAgent,
      httpsAgent: await secureAgent(),
      headers: headersWith(authorization),
    });
    const body = response.data;
    if (response.status !== 200) {
      body.destroy();
      return { ok: false, message: describeStatus(url, response.status, response.statusText) };
    }
    const choice = chooseFormat(String(response.headers['content-type'] ?? ''), config.fallbackScrapeProtocol, url);
    if (!choice.ok) {
      body.destroy();
      return choice;
    }
    const read = await readBody(body, mostBytes, signal);
    return read.ok
      ? { ok: true, body: read.body, format: choice.format }
      : { ok: false, message: `${url} ${read.message}` };
  }

  return {
    async fetch(signal) {
      const authorization = await authorizationOf(config, revealSecret);
      if (!authorization.ok) return { ok: false, message: `${url} was not asked: ${authorization.message}` };
      try {
        const answer = await askPlainly(signal, authorization.value);
        if (answer !== null) return answer;
        try {
          return await ask(signal, authorization.value);
        } catch (error) {
          if (signal.aborted || !wasIdleConnectionLost(error)) throw error;
          return await ask(signal, authorization.value);
        }
      } catch (error) {
        if (signal.aborted) return { ok: false, message: describeTimeout(host, config.scrapeTimeoutMs) };
        return { ok: false, message: explainFetchError(error, host, config) };
      }
    },
    giveBack(body) {
      memory.giveBack(body);
    },
    close() {
      plain?.close();
      httpAgent.destroy();
      secure?.agent.destroy();
    },
  };
}

type Authorization =
  { readonly ok: true; readonly value: string | null } | { readonly ok: false; readonly message: string };

async function authorizationOf(config: ScrapeConfig, revealSecret: RevealSecret): Promise<Authorization> {
  const { basicAuth, authorization } = config;
  if (basicAuth) {
    const password = await revealSecret(basicAuth.password);
    if (!password.ok) return password;
    const pair = Buffer.from(`${basicAuth.username}:${password.value}`).toString('base64');
    return { ok: true, value: `Basic ${pair}` };
  }
  if (!authorization) return { ok: true, value: null };
  const credentials = await revealSecret(authorization.credentials);
  return credentials.ok ? { ok: true, value: `${authorization.type} ${credentials.value}` } : credentials;
}

type BodyResult = { readonly ok: true; readonly body: Buffer } | { readonly ok: false; readonly message: string };

/** Read to the end, or stop at the limit: the size is known only after decompression. */
async function readBody(stream: Readable, mostBytes: number, signal: AbortSignal): Promise<BodyResult> {
  const stop = (): void => {
    stream.destroy(signal.reason as Error);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > mostBytes) {
        return { ok: false, message: describeLimit(mostBytes) };
      }
      chunks.push(chunk);
    }
    signal.throwIfAborted();
    return { ok: true, body: Buffer.concat(chunks) };
  } finally {
    signal.removeEventListener('abort', stop);
  }
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

function describeLimit(mostBytes: number): string {
  return `answered more than ${String(mostBytes)} bytes, which is the limit (body_size_limit).`;
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

function explainFetchError(error: unknown, host: string, config: ScrapeConfig): string {
  if ((error as { code?: string } | undefined)?.code === 'ENOENT' && config.tls.caFile !== null) {
    return `The file of trusted authorities ${config.tls.caFile} does not exist (tls_config: ca_file).`;
  }
  return explainNetworkError(error, host).message;
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
