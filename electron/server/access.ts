import { timingSafeEqual, createHash, randomBytes } from 'node:crypto';

/** What the access rules need of a request; header names in lower case. */
export interface RequestFacts {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface AccessOptions {
  /** The secret that gives every right. */
  readonly token: string;
  /** Whether reading needs no token: only ever true on a loopback address. */
  readonly openReading: boolean;
  /** Names that a request may be addressed to, without port; guards against DNS rebinding. */
  readonly allowedHosts: readonly string[];
}

export type Access =
  | { readonly ok: true; readonly mayWrite: boolean }
  | { readonly ok: false; readonly status: 401 | 403 | 421; readonly message: string };

export const SESSION_COOKIE = 'vedette_session';
export const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'] as const;

/**
 * Who asks, and what they may do. The order is fixed: the Host header, then the Origin, then the token.
 *
 * A page of another site can make a browser send requests here, so a foreign Origin is refused even for reading, and the
 * session cookie counts only together with an Origin or fetch metadata of our own.
 */
export function judgeAccess(request: RequestFacts, options: AccessOptions): Access {
  const host = header(request, 'host');
  if (!isAllowedHost(host, options.allowedHosts)) {
    return { ok: false, status: 421, message: `This server does not answer for the host "${host}".` };
  }
  const origin = header(request, 'origin');
  if (origin !== '' && !isSameOrigin(origin, host)) {
    return { ok: false, status: 403, message: `Requests from ${origin} are refused.` };
  }
  const site = header(request, 'sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') {
    return { ok: false, status: 403, message: 'Requests from other sites are refused.' };
  }
  const presented = bearerToken(request) ?? sessionCookie(request);
  if (presented !== null) {
    if (!isSameSecret(presented, options.token)) {
      // A stale cookie of an earlier installation must not lock a reader out.
      return options.openReading && bearerToken(request) === null
        ? { ok: true, mayWrite: false }
        : { ok: false, status: 401, message: 'The token is not the one of this installation.' };
    }
    return { ok: true, mayWrite: true };
  }
  if (options.openReading) return { ok: true, mayWrite: false };
  return { ok: false, status: 401, message: 'A token is needed: send it as "Authorization: Bearer …".' };
}

/** The links that let a browser in: each code works once and for ten minutes, and is exchanged for the cookie. */
export interface OneTimeCodes {
  issue(): string;
  redeem(code: string): boolean;
}

const CODE_LIFE_MS = 10 * 60_000;

export function oneTimeCodes(now: () => number): OneTimeCodes {
  const issued = new Map<string, number>();
  return {
    issue() {
      const code = randomBytes(24).toString('base64url');
      issued.set(code, now() + CODE_LIFE_MS);
      return code;
    },
    redeem(code) {
      const until = issued.get(code);
      issued.delete(code);
      return until !== undefined && now() <= until;
    },
  };
}

function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return allowed.includes(name);
}

function isSameOrigin(origin: string, host: string): boolean {
  const parsed = URL.parse(origin);
  return parsed !== null && (parsed.protocol === 'http:' || parsed.protocol === 'https:') && parsed.host === host;
}

function header(request: RequestFacts, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}

function bearerToken(request: RequestFacts): string | null {
  return /^Bearer (\S+)$/i.exec(header(request, 'authorization'))?.[1] ?? null;
}

function sessionCookie(request: RequestFacts): string | null {
  for (const part of header(request, 'cookie').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === SESSION_COOKIE && value !== undefined) return value;
  }
  return null;
}

/** Compared by digest, so that neither time nor length tells anything about the token. */
function isSameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
