import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { SECURITY_HEADERS } from '../../shared/security/content-security-policy.ts';
import type { PrometheusReply } from '../engine/prometheus/endpoint.ts';
import type { Log } from '../engine/log.ts';
import { compressed } from './compress-answer.ts';

/** Names and values in turn, as Node takes them without looking at each. */
const EVERYWHERE: readonly string[] = Object.entries(SECURITY_HEADERS).flat();

/**
 * Send an answer of Prometheus's API past the framework, which has its price for each: a short one goes out with its
 * headers in a single write.
 */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: PrometheusReply,
  log: Log,
): Promise<void> {
  const { encoding, body } =
    answer.contentEncoding === null
      ? await compressed(answer.body, request.headers['accept-encoding'] ?? '')
      : { encoding: answer.contentEncoding, body: answer.body };
  const headers = [...EVERYWHERE, 'content-type', answer.contentType];
  if (answer.contentEncoding === null) headers.push('vary', 'Accept-Encoding');
  if (encoding !== null) headers.push('content-encoding', encoding);
  if (typeof body === 'string' || body instanceof Uint8Array) {
    headers.push('content-length', String(body.length));
    response.writeHead(answer.status, headers).end(body, 'latin1');
    return;
  }
  response.writeHead(answer.status, headers);
  pipeline(body, response, (error) => {
    // A client that goes away is nobody's fault.
    if (error === null || error === undefined || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
    log('error', `Answering ${String(request.url)} broke off: ${String(error)}`);
  });
}
