import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The built interface. A path that is no file is a view of it, so it gets the page; a missing asset stays missing. */
export function addStaticFiles(app: FastifyInstance, directory: string): void {
  void app.register(fastifyStatic, {
    root: directory,
    index: 'index.html',
    setHeaders(reply, path) {
      // Built assets carry a hash of their content in their name.
      void reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const isView = request.method === 'GET' && !/\.[a-z0-9]+$/i.test(request.url.split('?', 1)[0] ?? '');
    const isCall = ['/api/', '/rpc/', '/-/', '/open/'].some((prefix) => request.url.startsWith(prefix));
    if (isView && !isCall) return reply.header('cache-control', 'no-cache').sendFile('index.html');
    return reply.code(404).send({ code: 'NOT_FOUND', message: 'There is nothing at this address.' });
  });
}
