import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PrometheusPort } from '../engine/prometheus/endpoint.ts';
import type { Log } from '../engine/log.ts';
import { readQuestion } from './read-question.ts';
import { sendAnswer } from './send-answer.ts';

/** Calls that also come as POST, with a form. Source: Prometheus, web/api/v1 `Register`. */
const ALSO_POSTED = /^api\/v1\/(?:query|query_range|query_exemplars|format_query|parse_query|series|labels)$/;
const API_METHODS = 'GET, POST, OPTIONS';

/** Prometheus's HTTP API, so that its clients work unchanged: GET, and POST with a form; also that of data sources. */
export function addPrometheusRoutes(app: FastifyInstance, prometheus: PrometheusPort, log: Log): void {
  void app.register((scope, _options, done) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, parsed) => {
      parsed(null, body);
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
      const question = readQuestion(path, prefixed, {
        url: request.url,
        form: typeof request.body === 'string' ? request.body : null,
        acceptEncoding: request.headers['accept-encoding'] ?? '',
      });
      const answer = await prometheus.ask(question, gone.signal);
      reply.hijack();
      await sendAnswer(request.raw, reply.raw, answer, log);
      return reply;
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

/** What stands behind the last slash of the route. The router has decoded it once; it must not be decoded again. */
function restOf(request: FastifyRequest): string {
  return (request.params as { '*': string })['*'];
}
