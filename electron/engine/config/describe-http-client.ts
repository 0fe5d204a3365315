import type { Secret } from './configuration.ts';
import type { Described } from './described.ts';
import type { HttpClientConfig, OAuth2Config, ProxyConfig, TlsConfig, TlsVersion } from './http-client.ts';
import { describeSecret } from './secret.ts';
import { withoutPassword } from './show-url.ts';

/** The keys by which a server is reached: who asks, whom it trusts, and by what way. */
export function describeHttpClient(client: HttpClientConfig): Record<string, Described> {
  return {
    ...describeCredentials(client),
    tls_config: describeTls(client.tls),
    ...describeWay(client),
    follow_redirects: client.followRedirects,
  };
}

/** A token, a proxy, and headers with secrets. */
export function describeWay({
  oauth2,
  proxy,
  httpHeaders,
}: Pick<HttpClientConfig, 'oauth2' | 'proxy' | 'httpHeaders'>): Record<string, Described> {
  return {
    oauth2: oauth2 === null ? undefined : describeOAuth2(oauth2),
    ...describeProxy(proxy),
    // A header may carry a token, so that its name alone is shown, or where its value is.
    http_headers: Object.fromEntries(
      Object.entries(httpHeaders).map(([name, values]) => [name, { values: values.map(describeSecret) }]),
    ),
  };
}

/** Who asks, with secrets as references. */
export function describeCredentials({
  basicAuth,
  authorization,
}: Pick<HttpClientConfig, 'basicAuth' | 'authorization'>): Record<string, Described> {
  return {
    basic_auth:
      basicAuth === null
        ? undefined
        : {
            username: basicAuth.usernameFile === null ? basicAuth.username : undefined,
            username_file: basicAuth.usernameFile ?? undefined,
            ...describeAs('password', basicAuth.password),
          },
    authorization:
      authorization === null
        ? undefined
        : { type: authorization.type, ...describeAs('credentials', authorization.credentials) },
  };
}

function describeOAuth2(config: OAuth2Config): Described {
  return {
    client_id: config.clientId,
    ...describeAs('client_secret', config.clientSecret),
    scopes: config.scopes,
    token_url: config.tokenUrl,
    // An extra parameter may be a password.
    endpoint_params: Object.fromEntries(Object.keys(config.endpointParams).map((name) => [name, '<secret>'])),
    tls_config: describeTls(config.tls),
    ...describeProxy(config.proxy),
  };
}

const TLS_NAMES: Readonly<Record<TlsVersion, string>> = {
  TLSv1: 'TLS10',
  'TLSv1.1': 'TLS11',
  'TLSv1.2': 'TLS12',
  'TLSv1.3': 'TLS13',
};

function describeTls(tls: TlsConfig): Described {
  return {
    ca: tls.ca ?? undefined,
    ca_file: tls.caFile ?? undefined,
    cert: tls.cert ?? undefined,
    cert_file: tls.certFile ?? undefined,
    ...(tls.key === null ? {} : describeAs('key', tls.key)),
    server_name: tls.serverName ?? undefined,
    insecure_skip_verify: tls.insecureSkipVerify,
    min_version: tls.minVersion === null ? undefined : TLS_NAMES[tls.minVersion],
    max_version: tls.maxVersion === null ? undefined : TLS_NAMES[tls.maxVersion],
  };
}

function describeProxy({ url, noProxy, isFromEnvironment, connectHeaders }: ProxyConfig): Record<string, Described> {
  return {
    proxy_url: url === null ? undefined : url.kind === 'inline' ? withoutPassword(url.reveal()) : describeSecret(url),
    no_proxy: noProxy === '' ? undefined : noProxy,
    proxy_from_environment: isFromEnvironment ? true : undefined,
    proxy_connect_header: Object.fromEntries(
      Object.entries(connectHeaders).map(([name, values]) => [name, values.map(describeSecret)]),
    ),
  };
}

export function describeAs(key: string, secret: Secret): Record<string, Described> {
  return { [secret.kind === 'file' ? `${key}_file` : key]: describeSecret(secret) };
}
