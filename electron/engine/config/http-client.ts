import type { Secret } from './configuration.ts';

/** How an HTTP server is reached: what scrape configurations, discoveries and remote servers have alike. */
export interface HttpClientConfig {
  readonly basicAuth: {
    readonly username: string;
    /** Absolute path of a file that holds the name instead. */
    readonly usernameFile: string | null;
    readonly password: Secret;
  } | null;
  readonly authorization: { readonly type: string; readonly credentials: Secret } | null;
  readonly oauth2: OAuth2Config | null;
  readonly tls: TlsConfig;
  readonly proxy: ProxyConfig;
  /** Headers of every request; one with several values is sent several times. */
  readonly httpHeaders: Readonly<Record<string, readonly Secret[]>>;
  readonly followRedirects: boolean;
}

/** Files are absolute paths; they are read at use, so that a renewed one counts without a reload. */
export interface TlsConfig {
  /** PEM. */
  readonly ca: string | null;
  readonly caFile: string | null;
  /** PEM. */
  readonly cert: string | null;
  readonly certFile: string | null;
  /** PEM. */
  readonly key: Secret | null;
  readonly serverName: string | null;
  readonly insecureSkipVerify: boolean;
  readonly minVersion: TlsVersion | null;
  readonly maxVersion: TlsVersion | null;
}

/** As Node names them. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export interface ProxyConfig {
  readonly url: Secret | null;
  /** Hosts that are reached directly, as in the environment variable NO_PROXY. */
  readonly noProxy: string;
  readonly isFromEnvironment: boolean;
  /** Headers of CONNECT requests. */
  readonly connectHeaders: Readonly<Record<string, readonly Secret[]>>;
}

/** The client credentials flow. Source: RFC 6749, 4.4. */
export interface OAuth2Config {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly scopes: readonly string[];
  readonly tokenUrl: string;
  readonly endpointParams: Readonly<Record<string, string>>;
  readonly tls: TlsConfig;
  readonly proxy: ProxyConfig;
}

export const DEFAULT_TLS: TlsConfig = {
  ca: null,
  caFile: null,
  cert: null,
  certFile: null,
  key: null,
  serverName: null,
  insecureSkipVerify: false,
  minVersion: null,
  maxVersion: null,
};

export const NO_PROXY: ProxyConfig = { url: null, noProxy: '', isFromEnvironment: false, connectHeaders: {} };

/** Nothing but the URL: no credentials, the system's authorities, no proxy. */
export const DEFAULT_HTTP_CLIENT: HttpClientConfig = {
  basicAuth: null,
  authorization: null,
  oauth2: null,
  tls: DEFAULT_TLS,
  proxy: NO_PROXY,
  httpHeaders: {},
  followRedirects: true,
};
