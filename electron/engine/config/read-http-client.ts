import { resolveBeside } from './file-pattern.ts';
import type { HttpClientConfig, OAuth2Config, ProxyConfig, TlsConfig, TlsVersion } from './http-client.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import type { RawHttpClient, RawTls } from './schema/http-client-schema.ts';
import { isWebUrl } from './schema/values.ts';
import type { Secret } from './configuration.ts';
import { fileSecret, secretFrom } from './secret.ts';

/** How a server is reached, with every default filled in. */
export function readHttpClient(
  raw: RawHttpClient,
  place: Place,
  directory: string,
  findings: Findings,
): HttpClientConfig {
  checkHttpClient(raw, place, findings);
  const { basic_auth: basic, authorization, oauth2 } = raw;
  const token =
    secretOf(authorization?.credentials, authorization?.credentials_file, directory) ??
    secretOf(raw.bearer_token, raw.bearer_token_file, directory);
  return {
    basicAuth:
      basic === undefined
        ? null
        : {
            username: basic.username ?? '',
            usernameFile: besideOrNull(basic.username_file, directory),
            password: secretOf(basic.password, basic.password_file, directory) ?? secretFrom(''),
          },
    authorization: token === null ? null : { type: authorization?.type?.trim() ?? 'Bearer', credentials: token },
    oauth2: oauth2 === undefined ? null : readOAuth2(oauth2, directory),
    tls: readTls(raw.tls_config, directory),
    proxy: readProxy(raw),
    httpHeaders: Object.fromEntries(
      Object.entries(raw.http_headers ?? {}).map(([name, { values = [], secrets = [], files = [] }]) => [
        name,
        [
          ...[...values, ...secrets].map(secretFrom),
          ...files.map((file) => fileSecret(resolveBeside(directory, file))),
        ],
      ]),
    ),
    followRedirects: raw.follow_redirects ?? true,
  };
}

type RawOAuth2 = NonNullable<RawHttpClient['oauth2']>;

function readOAuth2(raw: RawOAuth2, directory: string): OAuth2Config {
  return {
    clientId: raw.client_id,
    clientSecret: secretOf(raw.client_secret, raw.client_secret_file, directory) ?? secretFrom(''),
    scopes: raw.scopes ?? [],
    tokenUrl: raw.token_url,
    endpointParams: raw.endpoint_params ?? {},
    tls: readTls(raw.tls_config, directory),
    proxy: readProxy(raw),
  };
}

const TLS_VERSIONS: Readonly<Record<NonNullable<RawTls['min_version']>, TlsVersion>> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
};

function readTls(raw: RawTls | undefined, directory: string): TlsConfig {
  return {
    ca: raw?.ca ?? null,
    caFile: besideOrNull(raw?.ca_file, directory),
    cert: raw?.cert ?? null,
    certFile: besideOrNull(raw?.cert_file, directory),
    key: secretOf(raw?.key, raw?.key_file, directory),
    serverName: raw?.server_name ?? null,
    insecureSkipVerify: raw?.insecure_skip_verify ?? false,
    minVersion: raw?.min_version === undefined ? null : TLS_VERSIONS[raw.min_version],
    maxVersion: raw?.max_version === undefined ? null : TLS_VERSIONS[raw.max_version],
  };
}

function readProxy(
  raw: Pick<RawHttpClient, 'proxy_url' | 'no_proxy' | 'proxy_from_environment' | 'proxy_connect_header'>,
): ProxyConfig {
  return {
    url: raw.proxy_url === undefined || raw.proxy_url === '' ? null : secretFrom(raw.proxy_url),
    noProxy: raw.no_proxy ?? '',
    isFromEnvironment: raw.proxy_from_environment ?? false,
    connectHeaders: Object.fromEntries(
      Object.entries(raw.proxy_connect_header ?? {}).map(([name, values]) => [name, values.map(secretFrom)]),
    ),
  };
}

function secretOf(text: string | undefined, file: string | undefined, directory: string): Secret | null {
  if (text !== undefined) return secretFrom(text);
  return file === undefined ? null : fileSecret(resolveBeside(directory, file));
}

function besideOrNull(path: string | undefined, directory: string): string | null {
  return path === undefined ? null : resolveBeside(directory, path);
}

/** Report ways to authenticate that exclude each other. Source: Prometheus, `HTTPClientConfig.Validate`. */
export function checkHttpClient(raw: RawHttpClient, place: Place, findings: Findings): void {
  const report = (key: string, message: string, remedy: string): void => {
    findings.problems.push(problemAt(below(place, ...key.split('.')), message, remedy, 'key'));
  };
  const ways = (['basic_auth', 'authorization', 'oauth2', 'bearer_token', 'bearer_token_file'] as const).filter(
    (key) => raw[key] !== undefined,
  );
  if (ways.length > 1) {
    report(ways[1] ?? '', `At most one of ${ways.join(' and ')} may be given.`, 'Remove the others.');
  }
  const { basic_auth: basic, authorization } = raw;
  if (basic?.password !== undefined && basic.password_file !== undefined) {
    report('basic_auth.password_file', 'At most one of password and password_file may be given.', 'Remove one.');
  }
  if (basic?.username !== undefined && basic.username_file !== undefined) {
    report('basic_auth.username_file', 'At most one of username and username_file may be given.', 'Remove one.');
  }
  if (authorization?.credentials !== undefined && authorization.credentials_file !== undefined) {
    report(
      'authorization.credentials_file',
      'At most one of credentials and credentials_file may be given.',
      'Remove one.',
    );
  }
  if (authorization?.type?.trim().toLowerCase() === 'basic') {
    report('authorization.type', 'The type cannot be "basic".', 'Use basic_auth instead.');
  }
  if (raw.oauth2 !== undefined) checkOAuth2(raw.oauth2, report);
  checkTls(raw.tls_config, 'tls_config', report);
  checkProxy(raw, '', report);
  for (const name of Object.keys(raw.http_headers ?? {})) {
    if (RESERVED_HEADER.test(name)) {
      report(`http_headers.${name}`, `The header "${name}" cannot be set here.`, 'Remove it.');
    }
  }
}

/** Source: Prometheus, common/config, `ReservedHeaders`. */
const RESERVED_HEADER = /^(?:authorization|host|content-encoding|content-length|content-type|user-agent|connection|keep-alive|proxy-authenticate|proxy-authorization|www-authenticate|accept-encoding|x-prometheus-remote-write-version|x-prometheus-remote-read-version|x-prometheus-scrape-timeout-seconds|x-amz-date|x-amz-security-token|x-amz-content-sha256)$/i; // prettier-ignore

type Report = (key: string, message: string, remedy: string) => void;

function checkOAuth2(raw: RawOAuth2, report: Report): void {
  if (raw.client_secret !== undefined && raw.client_secret_file !== undefined) {
    const message = 'At most one of client_secret and client_secret_file may be given.';
    report('oauth2.client_secret_file', message, 'Remove one.');
  }
  if (raw.client_id === '') report('oauth2.client_id', 'The client_id is empty.', 'Write the name of the client.');
  checkTls(raw.tls_config, 'oauth2.tls_config', report);
  checkProxy(raw, 'oauth2.', report);
}

/** Source: Prometheus, common/config, `TLSConfig.Validate`. */
function checkTls(raw: RawTls | undefined, at: string, report: Report): void {
  if (raw === undefined) return;
  for (const key of ['ca', 'cert', 'key'] as const) {
    if (raw[key] === undefined || raw[`${key}_file`] === undefined) continue;
    report(`${at}.${key}_file`, `At most one of ${key} and ${key}_file may be given.`, 'Remove one.');
  }
  const hasCert = (raw.cert ?? raw.cert_file ?? raw.cert_ref) !== undefined;
  const hasKey = (raw.key ?? raw.key_file ?? raw.key_ref) !== undefined;
  if (hasCert !== hasKey) {
    const [given, missing] = hasCert ? ['certificate', 'key'] : ['key', 'certificate'];
    report(at, `A client ${given} is given without its ${missing}.`, 'Give both, or none.');
  }
}

function checkProxy(raw: Parameters<typeof readProxy>[0], prefix: string, report: Report): void {
  const { proxy_url: url, no_proxy: noProxy, proxy_from_environment: isFromEnvironment } = raw;
  const hasUrl = url !== undefined && url !== '';
  if (hasUrl && isFromEnvironment === true) {
    const message = 'At most one of proxy_url and proxy_from_environment may be given.';
    report(`${prefix}proxy_from_environment`, message, 'Remove one.');
  }
  if (!hasUrl && noProxy !== undefined && noProxy !== '') {
    report(`${prefix}no_proxy`, 'no_proxy needs proxy_url.', 'Give the proxy, or remove no_proxy.');
  }
  if (hasUrl && !url.startsWith('${') && !isWebUrl(url) && !/^socks5h?:\/\/[^/]/.test(url)) {
    report(`${prefix}proxy_url`, 'The proxy is no URL with http, https or socks5.', 'Write it like http://proxy:3128.');
  }
}
