import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { DEFAULT_HTTP_CLIENT } from '../../config/http-client.ts';
import type { HttpClientConfig, OAuth2Config } from '../../config/http-client.ts';
import { packSecrets } from '../../config/secret.ts';
import type { Clock } from '../../schedule/index.ts';
import { lookUpHost } from '../look-up-host.ts';
import type { RevealSecret } from '../reveal-secret.ts';
import { chooseProxy } from './choose-proxy.ts';
import type { Environment } from './choose-proxy.ts';
import { createTokenSource } from './oauth2-token.ts';
import type { TokenSource } from './oauth2-token.ts';
import { readTlsOptions } from './tls-options.ts';
import { createForwardingAgent, createSocksAgent, createTunnelAgent } from './tunnel-agent.ts';

/** What clients need of the outside. */
export interface HttpClientPorts {
  readonly revealSecret: RevealSecret;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly userAgent: string;
  /** Where several clients of one configuration have their token from; without it each has its own. */
  readonly tokenSources?: TokenSources;
}

/** Tokens that clients have in common: a job with a thousand targets asks for one token, not for a thousand. */
export interface TokenSources {
  /** The source for this configuration or an equal one, made at the first call. */
  of(config: OAuth2Config): TokenSource;
  /** Close the sources of all other configurations. */
  keepOnly(configs: readonly (OAuth2Config | null)[]): void;
}

export function createTokenSources(ports: HttpClientPorts): TokenSources {
  /** By the configuration with its secrets: it is read anew with each change of another part. */
  const sources = new Map<string, TokenSource>();
  const keyOf = (config: OAuth2Config): string => JSON.stringify(packSecrets(config));
  return {
    of(config) {
      const key = keyOf(config);
      const source = sources.get(key) ?? openTokenSource(config, ports);
      sources.set(key, source);
      return source;
    },
    keepOnly(configs) {
      const wanted = new Set(configs.map((config) => (config === null ? '' : keyOf(config))));
      for (const [key, source] of sources) {
        if (wanted.has(key)) continue;
        source.close();
        sources.delete(key);
      }
    },
  };
}

function openTokenSource(config: OAuth2Config, ports: HttpClientPorts): TokenSource {
  const client = createHttpClient({ ...DEFAULT_HTTP_CLIENT, tls: config.tls, proxy: config.proxy }, ports, 1);
  return createTokenSource(config, client, ports);
}

/** The connections to one server and what it has to be shown. */
export interface HttpClient {
  /**
   * What a request to `url` needs at this moment: secrets and files are read anew, a token is fetched when the one
   * before has run out.
   */
  prepare(url: string, signal: AbortSignal): Promise<PreparedRequest>;
  close(): void;
}

export type PreparedRequest =
  | {
      readonly ok: true;
      readonly headers: Readonly<Record<string, string | string[]>>;
      /** Of `headers`, those that another host must not see; for redirects. */
      readonly confidential: readonly string[];
      readonly httpAgent: HttpAgent;
      readonly httpsAgent: HttpsAgent;
      readonly usesProxy: boolean;
    }
  | { readonly ok: false; readonly message: string };

interface Agents {
  /** Equal while nothing about the way to the server has changed. */
  readonly key: string;
  readonly usesProxy: boolean;
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** @param mostSockets connections at once */
export function createHttpClient(config: HttpClientConfig, ports: HttpClientPorts, mostSockets: number): HttpClient {
  const { revealSecret, environment } = ports;
  const agentOptions = { keepAlive: true, maxSockets: mostSockets, maxFreeSockets: mostSockets, lookup: lookUpHost };
  const { oauth2 } = config;
  const own = oauth2 === null || ports.tokenSources !== undefined ? null : openTokenSource(oauth2, ports);
  const tokens = oauth2 === null ? null : (own ?? ports.tokenSources?.of(oauth2) ?? null);
  /** What every request needs where nothing is read anew: most targets are asked with nothing but their URL. */
  let plain: PreparedRequest | null = null;
  let agents: Agents | null = null;

  function closeAgents(): void {
    agents?.http.destroy();
    agents?.https.destroy();
    agents = null;
  }

  /** Connections are kept while nothing about the way to the server has changed. */
  async function openAgents(url: string): Promise<Agents> {
    const given = config.proxy.url === null ? null : unwrap(await revealSecret(config.proxy.url));
    const proxy = chooseProxy(new URL(url), config.proxy, given, environment);
    const connectHeaders = proxy === null ? {} : await revealHeaders(config.proxy.connectHeaders, revealSecret);
    const tls = await readTlsOptions(config.tls, revealSecret);
    if (!tls.ok) throw new NotReady(tls.message);
    const key = JSON.stringify([tls.key, proxy?.href, connectHeaders]);
    if (agents?.key === key) return agents;
    closeAgents();
    const secureOptions = { ...agentOptions, ...tls.options };
    const isSocks = proxy?.protocol.startsWith('socks5') ?? false;
    agents = {
      key,
      usesProxy: proxy !== null,
      https:
        proxy === null
          ? new HttpsAgent(secureOptions)
          : createTunnelAgent({ proxy, headers: connectHeaders }, secureOptions),
      http:
        proxy === null
          ? new HttpAgent(agentOptions)
          : isSocks
            ? createSocksAgent(proxy, agentOptions)
            : createForwardingAgent(proxy, agentOptions),
    };
    return agents;
  }

  async function authorization(signal: AbortSignal): Promise<string | null> {
    const { basicAuth } = config;
    if (basicAuth !== null) {
      const username =
        basicAuth.usernameFile === null
          ? basicAuth.username
          : unwrap(await revealSecret({ kind: 'file', path: basicAuth.usernameFile }));
      const password = unwrap(await revealSecret(basicAuth.password));
      return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    }
    if (tokens !== null) return `Bearer ${unwrap(await tokens.token(signal))}`;
    if (config.authorization === null) return null;
    return `${config.authorization.type} ${unwrap(await revealSecret(config.authorization.credentials))}`;
  }

  return {
    async prepare(url, signal) {
      if (plain !== null) return plain;
      try {
        const value = await authorization(signal);
        const headers = await revealHeaders(config.httpHeaders, revealSecret);
        const open = await openAgents(url);
        const prepared: PreparedRequest = {
          ok: true,
          headers: { ...headers, ...(value === null ? {} : { Authorization: value }) },
          confidential: Object.keys(headers),
          httpAgent: open.http,
          httpsAgent: open.https,
          usesProxy: open.usesProxy,
        };
        if (isLasting(config)) plain = prepared;
        return prepared;
      } catch (error) {
        if (error instanceof NotReady) return { ok: false, message: error.message };
        throw error;
      }
    },
    close() {
      closeAgents();
      own?.close();
    },
  };
}

/** Whether nothing that a request needs can change: no secret, no file, no environment. */
function isLasting({ basicAuth, authorization, oauth2, httpHeaders, tls, proxy }: HttpClientConfig): boolean {
  const hasSecret = basicAuth !== null || authorization !== null || oauth2 !== null || tls.key !== null;
  const hasFile = tls.caFile !== null || tls.certFile !== null;
  const hasProxy = proxy.url !== null || proxy.isFromEnvironment;
  return !hasSecret && !hasFile && !hasProxy && Object.keys(httpHeaders).length === 0;
}

/** A secret, a file or a token is missing; says which. */
class NotReady extends Error {}

type Reading = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly message: string };

function unwrap(reading: Reading): string {
  if (reading.ok) return reading.value;
  throw new NotReady(reading.message);
}

async function revealHeaders(
  headers: HttpClientConfig['httpHeaders'],
  revealSecret: RevealSecret,
): Promise<Record<string, string[]>> {
  const revealed: Record<string, string[]> = {};
  for (const [name, secrets] of Object.entries(headers)) {
    revealed[name] = await Promise.all(secrets.map(async (secret) => unwrap(await revealSecret(secret))));
  }
  return revealed;
}
