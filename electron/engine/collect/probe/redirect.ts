import type { Answer, ExchangeRequest } from './exchange.ts';
import type { Reason } from './probe.ts';

/** As Go's HTTP client, and so blackbox_exporter. */
export const MOST_REDIRECTS = 10;

/** Headers that are meant for one origin. */
const OWN = ['authorization', 'cookie', 'host', 'proxy-authorization'];

/** The request that an answer sends us to; null when it sends us nowhere. Credentials stay with the origin they were meant for. */
export function redirectOf(request: ExchangeRequest, { status, headers }: Answer): ExchangeRequest | null {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return null;
  if (!URL.canParse(location, request.url.href)) return null;
  const url = new URL(location, request.url.href);
  const keepsMethod = status >= 307 || request.method === 'GET' || request.method === 'HEAD';
  const isSameOrigin = url.origin === request.url.origin;
  const kept = Object.entries(request.headers).filter(([name]) => {
    const lower = name.toLowerCase();
    if (!isSameOrigin && (OWN.includes(lower) || request.confidential?.includes(name))) return false;
    return keepsMethod || !lower.startsWith('content-');
  });
  return {
    ...withoutServerName(request, isSameOrigin),
    url,
    headers: Object.fromEntries(kept),
    method: keepsMethod ? request.method : 'GET',
    body: keepsMethod ? request.body : null,
  };
}

/** The name that was configured is that of the first host. */
function withoutServerName(request: ExchangeRequest, isSameOrigin: boolean): ExchangeRequest {
  if (isSameOrigin || request.secure === undefined) return request;
  const { servername: _, host: __, ...secure } = request.secure;
  return { ...request, secure };
}

/** Whether a redirect may be followed at all: `file:` and the like are none of our business. */
export function isWebUrl(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}

/** Why a redirect was not followed. */
export function badRedirect(url: URL): Reason {
  if (!isWebUrl(url)) return { code: 'redirects', message: `It redirects to ${url.protocol}, which is not asked.` };
  return {
    code: 'redirects',
    message: `It redirects more than ${String(MOST_REDIRECTS)} times, last to ${shownUrl(url)}.`,
  };
}

/** The URL without credentials. */
export function shownUrl(url: URL): string {
  const plain = new URL(url.href);
  plain.username = '';
  plain.password = '';
  return plain.href;
}
