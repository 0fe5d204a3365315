import type { AnyRouter } from '@orpc/server';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SECURITY_HEADERS } from '../../shared/security/content-security-policy.ts';
import type { Log } from '../engine/log.ts';
import type { AlertmanagerPort } from '../engine/alertmanager/endpoint.ts';
import type { PrometheusPort } from '../engine/prometheus/endpoint.ts';
import { type Access, judgeAccess, LOOPBACK_HOSTS, oneTimeCodes, SESSION_COOKIE } from './access.ts';
import { addAlertmanagerRoutes } from './alertmanager-routes.ts';
import { addContractRoutes } from './contract-routes.ts';
import { addProbeRoute } from './probe-route.ts';
import type { AskProbe } from './probe-route.ts';
import { addPrometheusRoutes } from './prometheus-routes.ts';
import { addPushRoutes, isPushPath, withoutToken, type TakePush } from './push-routes.ts';
import { queriesFirst } from './queries-first.ts';
import { addStaticFiles } from './static-files.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the caller may do; set before any handler runs. */
    mayWrite: boolean;
  }
}

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly token: string;
  /** Whether reading on loopback is open, as it is with Prometheus. Any other address needs the token for everything. */
  readonly openReading: boolean;
  /** Further names under which this server is reached, without port. */
  readonly allowedHosts: readonly string[];
  /** The contract, implemented; its context is a Caller. */
  readonly router: AnyRouter;
  readonly prometheus: PrometheusPort;
  readonly push: TakePush;
  /** `/probe`, as blackbox_exporter has it. */
  readonly probe: AskProbe;
  readonly alertmanager: AlertmanagerPort;
  /** The program's own metrics in Prometheus's text format. */
  readonly ownMetrics: () => Promise<string>;
  readonly isReady: () => boolean;
  /** Read the configuration again; the problems in words when it is refused. */
  readonly reload: () => Promise<{ readonly ok: true } | { readonly ok: false; readonly message: string }>;
  /** The built interface; null serves none. */
  readonly interfaceDirectory: string | null;
  readonly version: string;
  readonly now: () => number;
  readonly log: Log;
}

export interface HttpServer {
  /** `http://127.0.0.1:9777` */
  readonly url: string;
  /** A link that lets one browser in; works once, for ten minutes. */
  openLink(): string;
  close(): Promise<void>;
}

/** Connections outlast the pauses of a page that refreshes itself; a request has as long as any query may take. */
const CONNECTIONS = { keepAliveTimeout: 72_000, requestTimeout: 150_000 };
const SERVER_FAILED = { code: 'INTERNAL_SERVER_ERROR', message: 'The server failed; its log says why.' };

/** Serve the contract, the Prometheus-compatible API and the interface. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const codes = oneTimeCodes(options.now);
  const isLoopback = isLoopbackAddress(options.host);
  const access = {
    token: options.token,
    openReading: isLoopback && options.openReading,
    allowedHosts: [...(isLoopback ? LOOPBACK_HOSTS : [urlHost(options.host)]), ...options.allowedHosts],
  };
  const { prometheus, log } = options;
  const failureBody = (): string => JSON.stringify(SERVER_FAILED);
  const app = Fastify({
    serverFactory: (handler) =>
      createServer(CONNECTIONS, queriesFirst(handler, { access, prometheus, log, failureBody })),
    bodyLimit: 16 * 1024 * 1024,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 2_000 },
  });

  app.decorateRequest('mayWrite', false);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const judged = judgeAccess(request, access);
    if (!judged.ok && !(judged.status === 401 && needsNoToken(request))) return refuse(reply, judged);
    request.mayWrite = judged.ok && judged.mayWrite;
    return undefined;
  });

  app.get<{ Params: { code: string } }>('/open/:code', async (request, reply) => {
    if (!codes.redeem(request.params.code)) {
      return reply.code(403).type('text/plain').send('This link was used already or is too old. Ask for a new one.\n');
    }
    const attributes = 'Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000';
    return reply.header('set-cookie', `${SESSION_COOKIE}=${options.token}; ${attributes}`).redirect('/', 303);
  });
  addStatusRoutes(app, options);
  addPrometheusRoutes(app, prometheus, log);
  addPushRoutes(app, options.push);
  addProbeRoute(app, options.probe);
  addAlertmanagerRoutes(app, options.alertmanager);
  addContractRoutes(app, options.router, options.version, options.log);
  if (options.interfaceDirectory !== null) addStaticFiles(app, options.interfaceDirectory);

  app.setErrorHandler((error, request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status >= 500)
      options.log('error', `Answering ${request.method} ${withoutToken(request.url)} failed: ${String(error)}`);
    return reply
      .code(status)
      .send(status >= 500 ? SERVER_FAILED : { code: 'BAD_REQUEST', message: (error as Error).message });
  });

  await app.listen({ host: options.host, port: options.port });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://${urlHost(options.host)}:${String(port)}`;
  return {
    url,
    openLink: () => `${url}/open/${codes.issue()}`,
    close: () => app.close(),
  };
}

function addStatusRoutes(app: FastifyInstance, options: HttpServerOptions): void {
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await options.ownMetrics()),
  );
  app.get('/-/healthy', (_request, reply) => reply.type('text/plain').send('Vedette is healthy.\n'));
  app.get('/-/ready', (_request, reply) =>
    options.isReady()
      ? reply.type('text/plain').send('Vedette is ready.\n')
      : reply.code(503).type('text/plain').send('Vedette is starting.\n'),
  );
  app.route({ method: ['POST', 'PUT'], url: '/-/reload', handler: reload });

  async function reload(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (!request.mayWrite) return refuse(reply, { ok: false, status: 401, message: 'Reloading needs the token.' });
    const result = await options.reload();
    return result.ok ? reply.send('') : reply.code(500).type('text/plain').send(`${result.message}\n`);
  }
}

/** A health check and the one-time link carry no token by their nature; the report of a job carries one of its own. */
function needsNoToken(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0] ?? '';
  return path === '/-/healthy' || path === '/-/ready' || path.startsWith('/open/') || isPushPath(path);
}

function refuse(reply: FastifyReply, access: Extract<Access, { ok: false }>): FastifyReply {
  if (access.status === 401) reply.header('www-authenticate', 'Bearer realm="vedette"');
  const code = access.status === 401 ? 'UNAUTHORIZED' : 'FORBIDDEN';
  return reply.code(access.status).send({ code, message: access.message });
}

export function isLoopbackAddress(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
