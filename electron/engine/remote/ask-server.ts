import axios, { type AxiosResponse } from 'axios';
import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { lookUpHost } from '../collect/look-up-host.ts';
import type { RevealSecret } from '../collect/reveal-secret.ts';
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

/** As Go's HTTP client, and so Prometheus. */
const MOST_REDIRECTS = 10;

export function connectServer(
  server: RemoteServer,
  revealSecret: RevealSecret,
  { mostSockets, userAgent }: { readonly mostSockets: number; readonly userAgent: string },
): ServerConnection {
  const agentOptions = { keepAlive: true, maxSockets: mostSockets, lookup: lookUpHost };
  const httpAgent = new HttpAgent(agentOptions);
  let secure: { readonly ca: string | null; readonly agent: HttpsAgent } | null = null;

  /** The authority file is read each time, as a renewed one must count without a restart. */
  async function secureAgent(): Promise<HttpsAgent> {
    const { caFile, serverName, insecureSkipVerify } = server.tls;
    const ca = caFile === null ? null : await readFile(caFile, 'utf8');
    if (secure !== null && secure.ca === ca) return secure.agent;
    secure?.agent.destroy();
    const agent = new HttpsAgent({
      ...agentOptions,
      rejectUnauthorized: !insecureSkipVerify,
      ...(ca === null ? {} : { ca }),
      ...(serverName === null ? {} : { servername: serverName }),
    });
    secure = { ca, agent };
    return agent;
  }

  return {
    async ask({ method, url, headers, body, signal }) {
      const authorization = await authorizationOf(server, revealSecret);
      return axios.request<Readable>({
        url,
        method,
        ...(body === undefined ? {} : { data: body }),
        adapter: 'http',
        responseType: 'stream',
        decompress: false,
        validateStatus: null,
        proxy: false,
        maxRedirects: server.followRedirects ? MOST_REDIRECTS : 0,
        signal,
        httpAgent,
        httpsAgent: await secureAgent(),
        headers: {
          ...server.headers,
          'User-Agent': userAgent,
          ...headers,
          ...(authorization === null ? {} : { Authorization: authorization }),
        },
      });
    },
    close() {
      httpAgent.destroy();
      secure?.agent.destroy();
    },
  };
}

async function authorizationOf(server: RemoteServer, revealSecret: RevealSecret): Promise<string | null> {
  const { basicAuth, authorization } = server;
  const secret = basicAuth?.password ?? authorization?.credentials;
  if (secret === undefined) return null;
  const reading = await revealSecret(secret);
  if (!reading.ok) throw new Error(reading.message);
  if (basicAuth === null) return `${authorization?.type ?? 'Bearer'} ${reading.value}`;
  return `Basic ${Buffer.from(`${basicAuth.username}:${reading.value}`).toString('base64')}`;
}
