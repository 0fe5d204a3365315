import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { connect, isIP } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { TLSSocket, connect as connectSecurely } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '../../schedule/index.ts';
import { openTunnel, proxyAuthorization } from '../http/tunnel-agent.ts';
import type { Tunnel } from '../http/tunnel-agent.ts';
import { lookUpHost } from '../look-up-host.ts';
import { readCertificate } from './certificate-facts.ts';
import type { CertificateFacts, Phase } from './probe.ts';
import { shownUrl } from './redirect.ts';

export interface ExchangeRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | null;
  readonly insecureSkipVerify: boolean;
  /** Whom to trust, and how to show who asks; the name of the host is put in here. */
  readonly secure?: ConnectionOptions;
  /** How names are looked up; as the system does it where nothing is said. */
  readonly lookUp?: LookupFunction;
  /** Names of headers that only the origin of `url` may see. */
  readonly confidential?: readonly string[];
  /** The proxy for a URL; null, or nothing at all, where it is reached directly. */
  readonly tunnelFor?: (url: URL) => Tunnel | null;
  /** No more of a body is read; {@link LARGEST_BODY_BYTES} where nothing is said. */
  readonly mostBytes?: number | undefined;
}

/** One request and its answer, or how far it came. */
export interface Exchange {
  readonly phases: Record<Phase, number>;
  readonly remoteAddress: string | null;
  readonly certificate: CertificateFacts | null;
  readonly answer: Answer | null;
  /** What went wrong, as the system says it, and in which phase; null when there is a complete answer. */
  readonly failure: { readonly error: unknown; readonly phase: Phase } | null;
}

export interface Answer {
  readonly status: number;
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
  /** As sent, not decompressed; no more than was asked for. */
  readonly body: Buffer;
  readonly isCut: boolean;
}

/** More than this is not read: what a check looks for stands at the beginning, or it is a download. */
export const LARGEST_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Send one request over a connection of its own and time its parts. A connection that is kept alive would have no name
 * to look up and no handshake, so that each probe opens one.
 *
 * The certificate is read before it is judged, so that a bad one can be described; nothing is sent to a server whose
 * certificate is not trusted, unless the request says that this is wanted.
 */
export function exchange(request: ExchangeRequest, clock: Clock, signal: AbortSignal): Promise<Exchange> {
  const { url, method, headers, body, insecureSkipVerify } = request;
  const isSecure = url.protocol === 'https:';
  const phases: Record<Phase, number> = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
  const tunnel = request.tunnelFor?.(url) ?? null;
  const firstHost = (tunnel?.proxy ?? url).hostname.replace(/^\[|\]$/g, '');
  const looksUp = isIP(firstHost) === 0 && (tunnel === null || forwards(tunnel, url));
  let phase: Phase = looksUp ? 'resolve' : 'connect';
  let markedAt = clock.monotonic();
  let remoteAddress: string | null = null;
  let certificate: CertificateFacts | null = null;

  /** The phase that runs ends here, and the next begins. */
  const enter = (next: Phase): void => {
    const now = clock.monotonic();
    phases[phase] += now - markedAt;
    markedAt = now;
    phase = next;
  };

  // Timed here and not by the socket's event, which may come before anyone can listen to it.
  const lookup: LookupFunction = (hostname, options, callback) => {
    (request.lookUp ?? lookUpHost)(hostname, options, (error, address, family) => {
      if (!error) enter('connect');
      callback(error, address, family);
    });
  };

  return new Promise((resolve) => {
    const end = (answer: Answer | null, failure: Exchange['failure']): void => {
      resolve({ phases, remoteAddress, certificate, answer, failure });
    };
    const fail = (error: unknown): void => {
      const failedIn = phase;
      enter(phase);
      end(null, { error, phase: failedIn });
    };
    const opened = (socket: Socket): void => {
      remoteAddress = socket.remoteAddress ?? null;
      enter(isSecure ? 'tls' : 'processing');
    };
    const secured = (socket: TLSSocket): void => {
      certificate = readCertificate(socket);
      if (certificate.isTrusted || insecureSkipVerify) enter('processing');
      else socket.destroy(Object.assign(new Error('not trusted'), { code: String(socket.authorizationError) }));
    };
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
    const isForwarded = tunnel !== null && forwards(tunnel, url);
    const outgoing = httpRequest({
      host,
      port,
      defaultPort: isSecure ? 443 : 80,
      path: isForwarded ? shownUrl(url) : `${url.pathname}${url.search}`,
      method,
      headers: { ...(isForwarded ? proxyAuthorization(tunnel.proxy) : {}), ...headers } as OutgoingHttpHeaders,
      ...(url.username === '' && url.password === '' ? {} : { auth: credentialsOf(url) }),
      signal,
      // Made here and not by an agent, which would be another one for each request.
      createConnection(_, done) {
        const secure = {
          ...serverName(host),
          ...request.secure,
          rejectUnauthorized: false,
          ALPNProtocols: ['http/1.1'],
        };
        if (tunnel === null || isForwarded) {
          const way = tunnel === null ? { host, port, lookup } : addressOf(tunnel.proxy, lookup);
          const isWrapped = tunnel === null ? isSecure : tunnel.proxy.protocol === 'https:';
          if (!isWrapped) {
            const plain = connect(way);
            return plain.once('connect', () => opened(plain));
          }
          const socket = connectSecurely({ ...(tunnel === null ? secure : serverName(way.host)), ...way });
          if (tunnel !== null) return socket.once('secureConnect', () => opened(socket));
          return socket.once('connect', () => opened(socket)).once('secureConnect', () => secured(socket));
        }
        openTunnel(tunnel, { host, port }, (error, raw) => {
          if (error !== null) {
            fail(error);
            return;
          }
          if (signal.aborted) {
            raw.destroy();
            return;
          }
          opened(raw as Socket);
          const socket = isSecure ? connectSecurely({ ...secure, host, socket: raw }) : raw;
          if (socket instanceof TLSSocket) socket.once('secureConnect', () => secured(socket));
          done(null, socket);
        });
        // Nothing is there yet that an abort could end.
        signal.addEventListener('abort', () => fail(signal.reason), { once: true });
        return undefined;
      },
    });
    outgoing.on('error', fail);
    outgoing.once('response', (incoming) => {
      enter('transfer');
      readAnswer(incoming, request.mostBytes ?? LARGEST_BODY_BYTES, fail, (answer) => {
        enter('transfer');
        outgoing.destroy();
        end(answer, null);
      });
    });
    outgoing.end(body ?? undefined);
  });
}

/** A proxy of HTTP is handed requests to plain servers whole; to others, and through SOCKS, it opens a way. */
function forwards({ proxy }: Tunnel, url: URL): boolean {
  return url.protocol === 'http:' && !proxy.protocol.startsWith('socks5');
}

function addressOf(proxy: URL, lookup: LookupFunction): { host: string; port: number; lookup: LookupFunction } {
  const usual = proxy.protocol === 'https:' ? 443 : 80;
  return { host: proxy.hostname.replace(/^\[|\]$/g, ''), port: proxy.port === '' ? usual : Number(proxy.port), lookup };
}

function serverName(host: string): { servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

function credentialsOf({ username, password }: URL): string {
  return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}

function readAnswer(
  incoming: IncomingMessage,
  mostBytes: number,
  fail: (error: unknown) => void,
  done: (answer: Answer) => void,
): void {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const finish = (isCut: boolean): void => {
    const { statusCode: status = 0, httpVersion, headers } = incoming;
    done({ status, httpVersion, headers, body: Buffer.concat(chunks), isCut });
  };
  incoming.on('error', fail);
  incoming.on('end', () => {
    finish(false);
  });
  incoming.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= mostBytes) {
      chunks.push(chunk);
      return;
    }
    chunks.push(chunk.subarray(0, chunk.length - (sizeBytes - mostBytes)));
    incoming.removeAllListeners('data').removeAllListeners('end');
    finish(true);
  });
}
