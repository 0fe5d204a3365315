import type { Request as PageRequest } from 'playwright-core';
import { assertNotReady } from './app.ts';
import { onCommand, record } from './recorder.ts';
import { strict } from './strict.ts';

type Handler = (request: Request) => Response | Promise<Response>;
const handlers = new Map<string, Handler>();

/**
 * Chromium loads no foreign scheme, so `app://host/` is shown to it as `http://host.localhost/`: a name that is a secure
 * context, so that origin, content security policy and navigation rules run for real.
 */
export const toBrowserUrl = (url: string): string => url.replace(/^app:\/\/([^/?#]+)/, 'http://$1.localhost');
export const fromBrowserUrl = (url: string): string =>
  url.replace(/^http:\/\/([^/?#]+)\.localhost(?=[/?#]|$)/, 'app://$1');

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes: unknown) {
    assertNotReady('protocol.registerSchemesAsPrivileged');
    record('schemes', schemes);
  },
  handle(scheme: string, handler: Handler) {
    if (handlers.has(scheme)) throw new Error(`electron double: a second handler for the scheme "${scheme}"`);
    handlers.set(scheme, handler);
  },
});

/** The application's own answer to a request of a page; null when no handler has its scheme. */
export async function answerRequest(request: PageRequest): Promise<Response | null> {
  const url = fromBrowserUrl(request.url());
  record('request', url);
  const handler = handlers.get(url.split(':', 1)[0] ?? '');
  if (handler === undefined) return null;
  const frame = request.isNavigationRequest() ? null : request.frame();
  const initiator = frame === null ? {} : { initiatorOrigin: fromBrowserUrl(new URL(frame.url()).origin) };
  return handler(Object.assign(new Request(url, { method: request.method() }), initiator));
}

/** Ask the handler directly, for URLs that a browser would tidy before sending. */
onCommand('fetch', async (argument) => {
  const { url, method, initiatorOrigin } = argument as { url: string; method?: string; initiatorOrigin?: string };
  const handler = handlers.get(url.split(':', 1)[0] ?? '');
  if (handler === undefined) throw new Error(`electron double: no handler for ${url}`);
  const initiator = initiatorOrigin === undefined ? {} : { initiatorOrigin };
  const response = await handler({ url, method: method ?? 'GET', ...initiator } as Request);
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
});
