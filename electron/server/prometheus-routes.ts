import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PrometheusEndpoint } from '../engine/prometheus-endpoint.ts';

/** Prometheus's HTTP API, so that its clients work unchanged: GET, and POST with a form. */
export function addPrometheusRoutes(app: FastifyInstance, prometheus: PrometheusEndpoint): void {
  void app.register((scope, _options, done) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, parsed) => {
      parsed(null, new URLSearchParams(body.toString()));
    });
    scope.route({
      method: ['GET', 'POST'],
      url: '/api/v1/*',
      handler: async (request, reply) => {
        const gone = new AbortController();
        reply.raw.once('close', () => {
          if (!reply.raw.writableEnded) gone.abort();
        });
        const endpoint = decodeURIComponent((request.params as { '*': string })['*']);
        const answer = await prometheus({ endpoint, params: paramsOf(request) }, gone.signal);
        return reply
          .code(answer.status)
          .type('application/json')
          .send(Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength));
      },
    });
    done();
  });
}

/** Query and form parameters together; repeated names keep every value. */
function paramsOf(request: FastifyRequest): Record<string, string[]> {
  const params: Record<string, string[]> = {};
  const form = request.body instanceof URLSearchParams ? [...request.body] : [];
  const query = [...new URLSearchParams(request.url.split('?', 2)[1] ?? '')];
  for (const [name, value] of [...form, ...query]) (params[name] ??= []).push(value);
  return params;
}
