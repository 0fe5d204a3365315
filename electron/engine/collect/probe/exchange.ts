import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '../../schedule/index.ts';
import { lookUpHost } from '../look-up-host.ts';
import { readCertificate } from './certificate-facts.ts';
import type { CertificateFacts, Phase } from './probe.ts';

export interface ExchangeRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly insecureSkipVerify: boolean;
  /** Whom to trust, and how to show who asks; the name of the host is put in here. */
  readonly secure?: ConnectionOptions;
  /** How names are looked up; as the system does it where nothing is said. */
  readonly lookUp?: LookupFunction;
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
  /** As sent, not decompressed; no more than {@link LARGEST_BODY_BYTES}. */
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
  let phase: Phase = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 ? 'resolve' : 'connect';
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
    const send = isSecure ? httpsRequest : httpRequest;
    const outgoing = send(url, {
      ...(isSecure ? request.secure : {}),
      method,
      headers,
      agent: false,
      signal,
      lookup,
      rejectUnauthorized: false,
    });
    outgoing.on('error', fail);
    outgoing.once('socket', (socket: Socket) => {
      socket.once('connect', () => {
        remoteAddress = socket.remoteAddress ?? null;
        enter(isSecure ? 'tls' : 'processing');
      });
      socket.once('secureConnect', () => {
        if (!(socket instanceof TLSSocket)) return;
        certificate = readCertificate(socket);
        if (certificate.isTrusted || insecureSkipVerify) enter('processing');
        else socket.destroy(Object.assign(new Error('not trusted'), { code: String(socket.authorizationError) }));
      });
    });
    outgoing.once('response', (incoming) => {
      enter('transfer');
      readAnswer(incoming, fail, (answer) => {
        enter('transfer');
        outgoing.destroy();
        end(answer, null);
      });
    });
    outgoing.end(body ?? undefined);
  });
}

function readAnswer(incoming: IncomingMessage, fail: (error: unknown) => void, done: (answer: Answer) => void): void {
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
    if (sizeBytes <= LARGEST_BODY_BYTES) {
      chunks.push(chunk);
      return;
    }
    chunks.push(chunk.subarray(0, chunk.length - (sizeBytes - LARGEST_BODY_BYTES)));
    incoming.removeAllListeners('data').removeAllListeners('end');
    finish(true);
  });
}
