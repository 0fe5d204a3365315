import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { PrometheusPort, PrometheusReply } from '../engine/prometheus/endpoint.ts';
import { acceptsGzip, compressed } from './compress-answer.ts';

/** Calls that also come as POST, with a form. Source: Prometheus, web/api/v1 `Register`. */
const ALSO_POSTED = /^api\/v1\/(?:query|query_range|query_exemplars|format_query|parse_query|series|labels)$/;
const API_METHODS = 'GET, POST, OPTIONS';

/** Prometheus's HTTP API, so that its clients work unchanged: GET, and POST with a form; also that of data sources. */
export function addPrometheusRoutes(app: FastifyInstance, prometheus: PrometheusPort): void {
  void app.register((scope, _options, done) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, parsed) => {
      parsed(null, new URLSearchParams(body.toString()));
    });
    scope.addContentTypeParser('application/x-protobuf', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });

    const ask = async (
      request: FastifyRequest,
      reply: FastifyReply,
      path: string,
      prefixed: string | null,
    ): Promise<FastifyReply> => {
      if (request.method === 'POST' && !ALSO_POSTED.test(path)) {
        return reply.code(405).header('allow', 'GET, OPTIONS').type('text/plain').send('Method Not Allowed\n');
      }
      const gone = new AbortController();
      reply.raw.once('close', () => {
        if (!reply.raw.writableEnded) gone.abort();
      });
      const { datasource: named, ...params } = paramsOf(request);
      const dataSource = prefixed ?? named?.[0] ?? null;
      const question = {
        path,
        params,
        dataSource,
        acceptsGzip: acceptsGzip(request.headers['accept-encoding'] ?? ''),
      };
      return sendAnswer(request, reply, await prometheus.ask(question, gone.signal));
    };

    scope.post('/api/v1/write', (request, reply) => receiveSamples(request, reply, prometheus));
    scope.route({
      method: ['GET', 'POST'],
      url: '/api/v1/*',
      handler: (request, reply) => ask(request, reply, `api/v1/${restOf(request)}`, null),
    });
    scope.route({
      method: ['GET', 'POST'],
      url: '/datasources/:name/api/v1/*',
      handler: (request, reply) =>
        ask(request, reply, `api/v1/${restOf(request)}`, (request.params as { name: string }).name),
    });
    scope.get('/federate', (request, reply) => ask(request, reply, 'federate', null));
    // A page of another site was refused before, so there is no one to whom more would have to be allowed.
    scope.options('/api/v1/*', (_request, reply) => reply.code(204).header('allow', API_METHODS).send());
    done();
  });
}

async function receiveSamples(
  request: FastifyRequest,
  reply: FastifyReply,
  prometheus: PrometheusPort,
): Promise<FastifyReply> {
  if (!request.mayWrite) {
    return reply.code(401).header('www-authenticate', 'Bearer realm="vedette"').type('text/plain').send('Writing needs the token.\n'); // prettier-ignore
  }
  const { status, headers, message } = await prometheus.write({
    contentType: (request.headers['content-type'] ?? '').toLowerCase(),
    contentEncoding: (request.headers['content-encoding'] ?? '').toLowerCase(),
    body: request.body instanceof Uint8Array ? request.body : new Uint8Array(),
  });
  reply.code(status).headers(headers);
  return status === 204 ? reply.send() : reply.type('text/plain; charset=utf-8').send(`${message}\n`);
}

async function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: PrometheusReply,
): Promise<FastifyReply> {
  reply.code(answer.status).type(answer.contentType);
  if (answer.contentEncoding !== null) {
    reply.header('content-encoding', answer.contentEncoding);
    return reply.send(answer.body instanceof Uint8Array ? asBuffer(answer.body) : Readable.from(answer.body));
  }
  const { encoding, body } = await compressed(answer.body, request.headers['accept-encoding'] ?? '');
  reply.header('vary', 'Accept-Encoding');
  if (encoding !== null) reply.header('content-encoding', encoding);
  return reply.send(body instanceof Uint8Array ? asBuffer(body) : body);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What stands behind the last slash of the route. The router has decoded it once; it must not be decoded again. */
function restOf(request: FastifyRequest): string {
  return (request.params as { '*': string })['*'];
}

/** Query and form parameters together, the form first as in Go; repeated names keep every value. */
function paramsOf(request: FastifyRequest): Record<string, string[]> {
  const params = new Map<string, string[]>();
  const form = request.body instanceof URLSearchParams ? [...request.body] : [];
  const search = request.url.indexOf('?');
  const query = search < 0 ? [] : new URLSearchParams(request.url.slice(search));
  for (const [name, value] of [...form, ...query]) {
    const values = params.get(name);
    if (values === undefined) params.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries(params);
}
