import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { AgentOptions as HttpAgentOptions, ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AgentOptions } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { connectThroughSocks } from './socks.ts';

/** A proxy and what it is told with CONNECT. */
export interface Tunnel {
  readonly proxy: URL;
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

type Connected = (error: Error | null, socket: Duplex) => void;

/** Connections to HTTPS servers through a proxy, by CONNECT or SOCKS 5; what is said is between us and the server. */
export function createTunnelAgent(tunnel: Tunnel, options: AgentOptions): HttpsAgent {
  return new TunnelAgent(tunnel, options);
}

/** Connections to HTTP servers through a SOCKS 5 proxy. */
export function createSocksAgent(proxy: URL, options: HttpAgentOptions): HttpAgent {
  return new SocksAgent(proxy, options);
}

/** Requests to HTTP servers handed to a proxy whole, which Node's agent does by itself. */
export function createForwardingAgent(proxy: URL, options: HttpAgentOptions): HttpAgent {
  const agent = new HttpAgent({ ...options, proxyEnv: { HTTP_PROXY: proxy.href, NO_PROXY: '' } });
  // Node has read it by now; axios would take it for the environment's and go around the proxy.
  const { options: seen } = agent as HttpAgent & { readonly options: HttpAgentOptions };
  Reflect.deleteProperty(seen, 'proxyEnv');
  return agent;
}

class TunnelAgent extends HttpsAgent {
  readonly #tunnel: Tunnel;

  constructor(tunnel: Tunnel, options: AgentOptions) {
    super(options);
    this.#tunnel = tunnel;
  }

  override createConnection(options: ClientRequestArgs, callback?: Connected): Duplex | null | undefined {
    const target = addressOf(options, 443);
    const done: Connected = callback ?? (() => undefined);
    openTunnel(this.#tunnel, target, (error, raw) => {
      if (error !== null) {
        done(error, raw);
        return;
      }
      const { path: _, ...secure } = options as ConnectionOptions & { readonly path?: unknown };
      const socket = connectTls({ ...secure, socket: raw, servername: secure.servername ?? target.host });
      socket.once('error', onError);
      function onError(fault: Error): void {
        done(fault, socket);
      }
      socket.once('secureConnect', () => {
        socket.off('error', onError);
        done(null, socket);
      });
    });
    return undefined;
  }
}

class SocksAgent extends HttpAgent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: HttpAgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: ClientRequestArgs, callback?: Connected): Duplex | null | undefined {
    openTunnel({ proxy: this.#proxy, headers: {} }, addressOf(options, 80), callback ?? (() => undefined));
    return undefined;
  }
}

interface Address {
  readonly host: string;
  readonly port: number;
}

function addressOf({ host, port }: ClientRequestArgs, defaultPort: number): Address {
  return { host: host ?? 'localhost', port: Number(port ?? defaultPort) };
}

/** How long a proxy may take to open a tunnel, where whoever asks does not give up before. */
const PATIENCE_MS = 30_000;

/** Open a way through a proxy, by CONNECT or SOCKS 5. */
export function openTunnel({ proxy, headers }: Tunnel, target: Address, done: Connected): void {
  if (proxy.protocol.startsWith('socks5')) {
    const socket = connect({ host: proxy.hostname, port: Number(proxy.port || 1080), timeout: PATIENCE_MS });
    connectThroughSocks(socket, proxy, target, done);
    return;
  }
  const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${String(target.port)}`;
  const isSecure = proxy.protocol === 'https:';
  const request = (isSecure ? httpsRequest : httpRequest)({
    method: 'CONNECT',
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: Number(proxy.port || (isSecure ? 443 : 80)),
    path: authority,
    agent: false,
    timeout: PATIENCE_MS,
    headers: { Host: authority, ...proxyAuthorization(proxy), ...mutable(headers) },
  });
  request.once('connect', (response, socket) => {
    if (response.statusCode === 200) {
      socket.setTimeout(0);
      done(null, socket);
      return;
    }
    socket.destroy();
    done(
      new ProxyRefusal(
        proxy.host,
        response.statusCode ?? null,
        `${String(response.statusCode)} ${response.statusMessage ?? ''}`.trim(),
      ),
      socket,
    );
  });
  request.once('timeout', () => request.destroy(new ProxyRefusal(proxy.host, null, 'nothing in time')));
  request.once('error', (error) => {
    // Typed as always there, but there is no connection when opening it failed.
    done(error instanceof ProxyRefusal ? error : new ProxyUnreachable(proxy.host, error), undefined as never);
  });
  request.end();
}

export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

function mutable(headers: Tunnel['headers']): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, [...values]]));
}

/** The proxy answered, but does not open the way. */
export class ProxyRefusal extends Error {
  /** Of its answer; null without one. */
  readonly status: number | null;
  constructor(proxy: string, status: number | null, answer: string) {
    super(`the proxy ${proxy} answered ${answer} to CONNECT`);
    this.status = status;
  }
}

/** The proxy itself cannot be reached. */
export class ProxyUnreachable extends Error {
  readonly proxy: string;
  /** Not `cause`: that would be taken for the fault of the server behind it. */
  readonly reason: Error;
  constructor(proxy: string, reason: Error) {
    super(`the proxy ${proxy} cannot be reached: ${reason.message}`);
    this.proxy = proxy;
    this.reason = reason;
  }
}
