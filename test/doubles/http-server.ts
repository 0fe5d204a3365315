import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificate.ts';

export interface LocalServer {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly url: string;
  /** Requests so far. */
  readonly requests: readonly IncomingMessage[];
  /** Settles when the next request has arrived. */
  nextRequest(): Promise<IncomingMessage>;
  close(): Promise<void>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on a free port of loopback; with a certificate it speaks TLS. */
export async function startServer(answer: Answer, certificate?: Certificate): Promise<LocalServer> {
  const requests: IncomingMessage[] = [];
  const waiting: ((request: IncomingMessage) => void)[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    for (const resolve of waiting.splice(0)) resolve(request);
    answer(request, response);
  };
  const server = certificate
    ? createSecureServer({ key: certificate.key, cert: certificate.chain }, listener)
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    address,
    url: `${certificate ? 'https' : 'http'}://${address}`,
    requests,
    nextRequest: () => new Promise((resolve) => void waiting.push(resolve)),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
