import axios, { type AxiosResponse } from 'axios';
import type { Readable } from 'node:stream';
import { createHttpClient } from '../collect/http/http-client.ts';
import type { HttpClientPorts } from '../collect/http/http-client.ts';
import { withoutSecrets } from '../collect/http/redirects.ts';
import type { RemoteServer } from '../config/index.ts';

export interface ServerRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly signal: AbortSignal;
}

/** The kept-alive connections to one server. */
export interface ServerConnection {
  /**
   * Ask once. The body is as the server sent it, still compressed.
   *
   * @throws what `explainNetworkError` explains, or an error that says which secret or file is missing
   */
  ask(request: ServerRequest): Promise<AxiosResponse<Readable>>;
  close(): void;
}

export function connectServer(server: RemoteServer, mostSockets: number, ports: HttpClientPorts): ServerConnection {
  const client = createHttpClient(server, ports, mostSockets);
  return {
    async ask({ method, url, headers, body, signal }) {
      const prepared = await client.prepare(url, signal);
      if (!prepared.ok) throw new Error(prepared.message);
      return axios.request<Readable>({
        url,
        method,
        ...(body === undefined ? {} : { data: body }),
        adapter: 'http',
        responseType: 'stream',
        decompress: false,
        validateStatus: null,
        proxy: false,
        ...withoutSecrets(server.followRedirects, [...prepared.confidential, ...Object.keys(server.headers)]),
        signal,
        httpAgent: prepared.httpAgent,
        httpsAgent: prepared.httpsAgent,
        headers: { ...server.headers, 'User-Agent': ports.userAgent, ...headers, ...prepared.headers },
      });
    },
    close() {
      client.close();
    },
  };
}
