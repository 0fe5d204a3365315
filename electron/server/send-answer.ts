import type { IncomingMessage, ServerResponse } from 'node:http';
import { SECURITY_HEADERS } from '../../shared/security/content-security-policy.ts';
import type { PrometheusReply } from '../engine/prometheus/endpoint.ts';
import type { Log } from '../engine/log.ts';
import { acceptsGzip, compressed } from './compress-answer.ts';

/** Names and values in turn, as Node takes them without looking at each. */
const EVERYWHERE: readonly string[] = Object.entries(SECURITY_HEADERS).flat();

/**
 * Send an answer of Prometheus's API past the framework, which has its price for each: a short one goes out with its
 * headers in a single write, and the pieces of a long one from where they lie.
 */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: PrometheusReply,
  log: Log,
): Promise<void> {
  const { status, contentType, contentEncoding } = answer;
  const headers = [...EVERYWHERE, 'content-type', contentType];
  if (contentEncoding === null) headers.push('vary', 'Accept-Encoding');
  else headers.push('content-encoding', contentEncoding);
  const acceptEncoding = request.headers['accept-encoding'] ?? '';
  let { body } = answer;
  if (contentEncoding === null && acceptsGzip(acceptEncoding)) {
    const packed = await compressed(body, acceptEncoding);
    if (packed.encoding !== null) headers.push('content-encoding', packed.encoding);
    ({ body } = packed);
  }
  if (typeof body === 'string' || body instanceof Uint8Array) {
    headers.push('content-length', String(body.length));
    response.writeHead(status, headers).end(body, 'latin1');
    return;
  }
  response.writeHead(status, headers);
  try {
    await sendPieces(response, body);
  } catch (error) {
    // Whoever reads on must not take a part for the whole. A client that went away is nobody's fault.
    if (!response.destroyed) log('error', `Answering ${String(request.url)} broke off: ${String(error)}`);
    response.destroy();
  }
}

/** Send pieces one by one: the next is asked for when the one before has left, and its memory may be used again. */
async function sendPieces(response: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  let giveUp = (_error: Error): void => undefined;
  response.once('close', () => giveUp(new Error('The client went away.')));
  const left = (piece: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      giveUp = reject;
      response.write(piece, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(error);
      });
    });
  for await (const piece of body) {
    if (response.destroyed) break;
    if (piece.length > 0) await left(piece);
  }
  response.end();
}
