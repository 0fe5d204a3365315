import { explainNetworkError } from '../collect/network-problem.ts';
import type { RevealSecret } from '../collect/reveal-secret.ts';
import type { RemoteQueryConfig } from '../config/index.ts';
import type { PrometheusReply, PrometheusRequest } from '../prometheus/endpoint.ts';
import { failure } from '../prometheus/reply.ts';
import type { Clock } from '../schedule/index.ts';
import type { ServerConnection, ServerRequest } from './ask-server.ts';
import { serverKey } from './server-key.ts';

export interface DataSources {
  /** Ask the data source that the request names; null when there is none. Questions only: nothing is written there. */
  ask(request: PrometheusRequest, signal: AbortSignal): Promise<PrometheusReply | null>;
  /** Names and where they are, without credentials. */
  list(): { readonly name: string; readonly host: string }[];
  configure(configs: readonly RemoteQueryConfig[]): void;
  close(): void;
}

export interface DataSourcesOptions {
  readonly revealSecret: RevealSecret;
  readonly userAgent: string;
  readonly clock: Clock;
}

interface Source {
  readonly config: RemoteQueryConfig;
  readonly connection: Promise<ServerConnection>;
}

/** What may be asked: the read side of Prometheus's API. */
const QUESTIONS =
  /^api\/v1\/(?:query|query_range|query_exemplars|series|labels|label\/[^/]+\/values|metadata|targets|targets\/metadata|rules|alerts|alertmanagers|format_query|parse_query|features|status\/(?:buildinfo|config|flags|runtimeinfo|tsdb))$/;
/** As forms, since their parameters may be longer than a URL can be. */
const POSTED = /^api\/v1\/(?:query|query_range|query_exemplars|series|labels)$/;
const MOST_SOCKETS = 20;

/** Other servers with Prometheus's query API, to which questions are passed on and whose answers come back unchanged. */
export function createDataSources(options: DataSourcesOptions): DataSources {
  const { clock } = options;
  let sources = new Map<string, Source>();

  /** Loaded with the first data source: an HTTP client with all that it brings takes 10 MB. */
  const connect = async (config: RemoteQueryConfig): Promise<ServerConnection> => {
    const { connectServer } = await import('./ask-server.ts');
    return connectServer(config, options.revealSecret, { mostSockets: MOST_SOCKETS, userAgent: options.userAgent });
  };
  const disconnect = async ({ connection }: Source): Promise<void> => (await connection).close();

  return {
    async ask({ path, params, dataSource, acceptsGzip }, signal) {
      const source = sources.get(dataSource ?? '');
      if (source === undefined) return null;
      if (!QUESTIONS.test(path)) return refused(404, 'not_found', `a data source is not asked for /${path}`);
      const { config, connection } = source;
      const deadline = new AbortController();
      const cancelTimer = clock.after(config.timeoutMs, () => deadline.abort());
      const { host } = new URL(config.url);
      try {
        const response = await (
          await connection
        ).ask({
          ...requestOf(config.url, path, params, acceptsGzip),
          signal: AbortSignal.any([signal, deadline.signal]),
        });
        const { 'content-type': type, 'content-encoding': encoding } = response.headers as Record<string, unknown>;
        return {
          status: response.status,
          contentType: typeof type === 'string' ? type : 'application/json',
          contentEncoding: typeof encoding === 'string' && encoding !== 'identity' ? encoding : null,
          body: response.data as AsyncIterable<Uint8Array>,
        };
      } catch (error) {
        if (signal.aborted) return refused(503, 'canceled', 'the client went away');
        if (deadline.signal.aborted) {
          return refused(503, 'timeout', `${host} did not answer within ${String(config.timeoutMs / 1000)} s`);
        }
        return refused(503, 'unavailable', explainNetworkError(error, host).message);
      } finally {
        cancelTimer();
      }
    },
    list: () => [...sources.values()].map(({ config }) => ({ name: config.name, host: new URL(config.url).host })),
    configure(configs) {
      const before = sources;
      sources = new Map(
        configs.map((config) => {
          const existing = before.get(config.name);
          const isSame = existing !== undefined && serverKey(existing.config) === serverKey(config);
          return [config.name, isSame ? existing : { config, connection: connect(config) }];
        }),
      );
      for (const [name, source] of before) if (sources.get(name) !== source) void disconnect(source);
    },
    close() {
      for (const source of sources.values()) void disconnect(source);
    },
  };
}

function requestOf(
  base: string,
  path: string,
  params: PrometheusRequest['params'],
  acceptsGzip: boolean,
): Pick<ServerRequest, 'method' | 'url' | 'headers' | 'body'> {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${encoded}`;
  const search = new URLSearchParams(
    Object.entries(params).flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
  );
  const headers = { 'Accept-Encoding': acceptsGzip ? 'gzip' : 'identity', Accept: 'application/json' };
  if (!POSTED.test(path)) {
    for (const [name, value] of search) url.searchParams.append(name, value);
    return { method: 'GET', url: url.href, headers };
  }
  const form = { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', url: url.href, headers: form, body: search.toString() };
}

function refused(status: number, errorType: Parameters<typeof failure>[0], message: string): PrometheusReply {
  const { contentType, pieces } = failure(errorType, message);
  return { status, contentType, contentEncoding: null, body: new TextEncoder().encode([...pieces].join('')) };
}
