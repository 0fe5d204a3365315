import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { PrometheusPort } from '../engine/prometheus/endpoint.ts';
import type { Log } from '../engine/log.ts';
import { type AccessOptions, judgeAccess } from './access.ts';
import { readQuestion } from './read-question.ts';
import { sendAnswer } from './send-answer.ts';

/** Longer forms go the ordinary way, which has its limit for them. */
const MOST_FORM_BYTES = 256 * 1024;
const FORM = 'application/x-www-form-urlencoded';

export interface QueriesFirstOptions {
  readonly access: AccessOptions;
  readonly prometheus: PrometheusPort;
  readonly log: Log;
  /** The body of an answer to what failed. */
  readonly failureBody: () => string;
}

/**
 * Takes the queries out of the stream of requests before the framework sees them. A dashboard asks dozens at once, most of
 * them answered by the store in less time than the framework takes for a request. Whatever is unusual about one, or is to be
 * refused, goes on to `others`, which judges by the same rules.
 */
export function queriesFirst(
  others: RequestListener,
  { access, prometheus, log, failureBody }: QueriesFirstOptions,
): RequestListener {
  return (request, response) => {
    const path = queryPath(request.url ?? '');
    if (path === null || !isUsual(request) || !judgeAccess(facts(request), access).ok) {
      others(request, response);
      return;
    }
    if (request.method === 'GET') {
      void answer(path, null, request, response);
      return;
    }
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => {
      const form = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
      void answer(path, form.toString(), request, response);
    });
  };

  async function answer(
    path: string,
    form: string | null,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableEnded) gone.abort();
    });
    try {
      const acceptEncoding = request.headers['accept-encoding'] ?? '';
      const question = readQuestion(path, null, { url: request.url ?? '', form, acceptEncoding });
      await sendAnswer(request, response, await prometheus.ask(question, gone.signal), log);
    } catch (error) {
      if (gone.signal.aborted) return;
      log('error', `Answering ${String(request.method)} ${String(request.url)} failed: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'application/json' }).end(failureBody());
    }
  }
}

function facts({ method = '', headers }: IncomingMessage): Parameters<typeof judgeAccess>[0] {
  return { method, headers };
}

/** The path without its slash, of the two calls that are taken; null for any other. */
function queryPath(url: string): string | null {
  for (const path of ['api/v1/query', 'api/v1/query_range']) {
    const end = path.length + 1;
    if (url.startsWith(path, 1) && (url.length === end || url[end] === '?')) return path;
  }
  return null;
}

/** A GET without a body, or a POST of a form of moderate length that says how long it is. */
function isUsual({ method, headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return false;
  const length = headers['content-length'];
  if (method === 'GET') return length === undefined;
  if (method !== 'POST' || length === undefined || !(Number(length) <= MOST_FORM_BYTES)) return false;
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() === FORM;
}
