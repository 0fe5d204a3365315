import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AlertmanagerPort } from '../engine/alertmanager/endpoint.ts';

/** 100,000 alerts in one request, as a restarted Prometheus may send them, take some 60 MB. */
const MOST_BODY_BYTES = 128 * 1024 * 1024;

/** Alertmanager's API v2: Prometheus sends its alerts here, amtool and dashboards ask. Writing needs the token. */
export function addAlertmanagerRoutes(app: FastifyInstance, alertmanager: AlertmanagerPort): void {
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/api/v2/*',
    bodyLimit: MOST_BODY_BYTES,
    handler: (request, reply) => ask(request, reply, alertmanager),
  });
}

function ask(request: FastifyRequest, reply: FastifyReply, alertmanager: AlertmanagerPort): FastifyReply {
  const method = request.method as 'GET' | 'POST' | 'DELETE';
  if (method !== 'GET' && !request.mayWrite) {
    reply.code(401).header('www-authenticate', 'Bearer realm="vedette"').type('application/json');
    return reply.send(JSON.stringify('Writing needs the token.'));
  }
  const path = (request.params as { '*': string })['*'];
  const { status, body } = alertmanager.ask({ method, path, params: paramsOf(request), body: request.body });
  reply.code(status);
  return body === '' ? reply.send() : reply.type('application/json').send(body);
}

function paramsOf(request: FastifyRequest): Readonly<Record<string, readonly string[]>> {
  const params: Record<string, string[]> = {};
  const question = request.url.indexOf('?');
  if (question < 0) return params;
  for (const [name, value] of new URLSearchParams(request.url.slice(question + 1))) (params[name] ??= []).push(value);
  return params;
}
