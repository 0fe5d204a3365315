import type { HttpCheckConfig, Secret } from '../../config/index.ts';
import { chooseProxy } from '../http/choose-proxy.ts';
import type { TokenSource } from '../http/oauth2-token.ts';
import type { Tunnel } from '../http/tunnel-agent.ts';
import { revealOrFail } from './connect.ts';
import type { ProbePorts } from './probe.ts';
import { ProbeFailure } from './run-probe.ts';

/** What a check needs beside its own request: headers with secrets, a token, a proxy. Kept between its runs. */
export interface HttpWay {
  /** Read anew for each run. @throws ProbeFailure (unknown) when a secret or a token cannot be had */
  prepare(signal: AbortSignal): Promise<PreparedWay>;
  close(): void;
}

export interface PreparedWay {
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The names of those headers; another origin must not see them. */
  readonly confidential: readonly string[];
  /** The proxy for a URL, which may be another one after a redirect; null where it is reached directly. */
  readonly tunnelFor: (url: URL) => Tunnel | null;
}

const STRAIGHT: PreparedWay = { headers: {}, confidential: [], tunnelFor: () => null };

/** Most checks need none of it, and have nothing loaded for it. */
export function openHttpWay(config: HttpCheckConfig, ports: ProbePorts): HttpWay {
  const { oauth2, proxy, httpHeaders } = config;
  const usesProxy = proxy.url !== null || proxy.isFromEnvironment;
  if (oauth2 === null && !usesProxy && Object.keys(httpHeaders).length === 0) {
    return { prepare: () => Promise.resolve(STRAIGHT), close: () => undefined };
  }
  let tokens: TokenSource | null = null;

  async function token(signal: AbortSignal): Promise<string | null> {
    if (oauth2 === null) return null;
    if (tokens === null) {
      // Loaded when the first check needs it.
      const { createHttpClient, createTokenSource } = await import('../http/index.ts');
      const clientPorts = { ...ports, environment: ports.environment ?? {} };
      const client = { basicAuth: null, authorization: null, oauth2: null, httpHeaders: {}, followRedirects: false };
      const way = createHttpClient({ ...client, tls: oauth2.tls, proxy: oauth2.proxy }, clientPorts, 1);
      tokens = createTokenSource(oauth2, way, clientPorts);
    }
    const reading = await tokens.token(signal);
    if (!reading.ok) throw new ProbeFailure('unknown', 'token', reading.message);
    return `Bearer ${reading.value}`;
  }

  async function revealAll(headers: Readonly<Record<string, readonly Secret[]>>): Promise<Record<string, string[]>> {
    const revealed: Record<string, string[]> = {};
    for (const [name, secrets] of Object.entries(headers)) {
      revealed[name] = await Promise.all(secrets.map((secret) => revealOrFail(secret, ports.revealSecret)));
    }
    return revealed;
  }

  return {
    async prepare(signal) {
      const bearer = await token(signal);
      const headers = await revealAll(httpHeaders);
      const given = proxy.url === null ? null : await revealOrFail(proxy.url, ports.revealSecret);
      const connectHeaders = usesProxy ? await revealAll(proxy.connectHeaders) : {};
      return {
        headers: { ...headers, ...(bearer === null ? {} : { Authorization: bearer }) },
        confidential: Object.keys(headers),
        tunnelFor(target) {
          const chosen = chooseProxy(target, proxy, given, ports.environment ?? {});
          return chosen === null ? null : { proxy: chosen, headers: connectHeaders };
        },
      };
    },
    close: () => tokens?.close(),
  };
}
