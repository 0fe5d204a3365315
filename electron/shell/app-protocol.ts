import { protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { confinePath } from '../../shared/security/confine-path.ts';
import { SECURITY_HEADERS } from '../../shared/security/content-security-policy.ts';
import { APP_ORIGIN, APP_SCHEME, isOurUrl } from '../../shared/security/our-url.ts';

/** Must run before `ready`: pages of the scheme count as secure and have an origin. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serve the built interface from `app://vedette/`, confined to its folder, with the one content security policy. */
export function serveInterface(directory: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405);
    if (!isOurUrl(request.url)) return answer(404);
    if (!isAskedByUs(request)) return answer(403);
    const path = confinePath(new URL(request.url).pathname);
    if (path === null) return answer(400);
    // A path without an extension is a view of the interface, not a file.
    const name = extname(path) === '' ? 'index.html' : path;
    const type = MEDIA_TYPES[extname(name)];
    if (type === undefined) return answer(404);
    const body = await readFile(join(directory, name)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    });
    if (body === null) return answer(404);
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(body), {
      headers: { ...SECURITY_HEADERS, 'content-type': type },
    });
  });
}

/**
 * Asked by a page of ours, or by the browser itself (a window that opens). Chromium names the origin, which a page cannot
 * choose as it can its referrer; Electron's types do not have the field yet.
 */
function isAskedByUs(request: Request & { readonly initiatorOrigin?: string }): boolean {
  return request.initiatorOrigin === undefined || request.initiatorOrigin === APP_ORIGIN;
}

/** What the interface is made of; nothing else is served. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

function answer(status: number): Response {
  return new Response(null, { status, headers: SECURITY_HEADERS });
}
