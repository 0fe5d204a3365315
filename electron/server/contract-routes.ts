import type { OpenAPIHandler } from '@orpc/openapi/fastify';
import { type AnyRouter, onError, ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../engine/router/caller.ts';
import type { Log } from '../engine/log.ts';

const OPENAPI_PREFIX = '/api/vedette/v1';

/** The contract over HTTP: oRPC's own protocol for the interface, OpenAPI with its document for scripts. */
export function addContractRoutes(app: FastifyInstance, router: AnyRouter, version: string, log: Log): void {
  const faults = (error: unknown): void => {
    logOwnFault(error, log);
  };
  const rpc = new RPCHandler<Caller>(router, { interceptors: [onError(faults)] });
  let openApi: Promise<OpenAPIHandler<Caller>> | null = null;
  /** Only scripts speak it, so it is loaded when the first one does. */
  const loadOpenApi = async (): Promise<OpenAPIHandler<Caller>> => {
    const { OpenAPIHandler: Handler } = await import('@orpc/openapi/fastify');
    return new Handler<Caller>(router, { interceptors: [onError(faults)] });
  };

  void app.register((scope, _options, done) => {
    // oRPC reads the body itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => {
      parsed(null, undefined);
    });
    scope.all('/rpc/*', async (request, reply) => {
      const context = callerOf(request);
      const { matched } = await rpc.handle(request, reply, { prefix: '/rpc', context });
      if (!matched) return reply.code(404).send({ code: 'NOT_FOUND', message: 'There is no such call.' });
      return reply;
    });
    scope.all(`${OPENAPI_PREFIX}/*`, async (request, reply) => {
      const context = callerOf(request);
      openApi ??= loadOpenApi();
      const { matched } = await (await openApi).handle(request, reply, { prefix: OPENAPI_PREFIX, context });
      if (!matched) return reply.code(404).send({ code: 'NOT_FOUND', message: 'There is no such call.' });
      return reply;
    });
    done();
  });

  app.get(`${OPENAPI_PREFIX}/openapi.json`, async () => {
    // Asked for rarely, and the generator is large.
    const [{ OpenAPIGenerator }, { ZodToJsonSchemaConverter }] = await Promise.all([
      import('@orpc/openapi'),
      import('@orpc/zod/zod4'),
    ]);
    const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
    return generator.generate(router, {
      info: { title: 'Vedette', version },
      servers: [{ url: OPENAPI_PREFIX }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    });
  });
}

/** What asks says so itself: that is for the audit log alone and gives no right. */
function callerOf(request: FastifyRequest): Caller {
  const client = request.headers['x-vedette-client'];
  const isKnown = client === 'interface' || client === 'cli';
  return { mayWrite: request.mayWrite, carrier: 'http', client: isKnown ? client : 'api' };
}

/** An error that the contract names is an answer; anything else is a fault of ours and belongs in the log. */
function logOwnFault(error: unknown, log: Log): void {
  if (error instanceof ORPCError && error.code !== 'INTERNAL_SERVER_ERROR') return;
  const cause = error instanceof Error ? error : new Error(String(error));
  log('error', `A call failed: ${cause.message}`, { stack: cause.stack ?? '' });
}
