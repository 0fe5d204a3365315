export type RecognisedAddress =
  | {
      readonly kind: 'target';
      readonly name: string;
      readonly target: string;
      readonly path: string;
      readonly scheme: 'http' | 'https';
    }
  | { readonly kind: 'check'; readonly name: string; readonly url: string };

const PATIENCE_MS = 5_000;
const LOOK_BYTES = 256 * 1024;
/** A line that only an exposition has: a comment with TYPE or HELP, or a sample. */
const EXPOSITION_LINE = /^(# (TYPE|HELP|UNIT) \S+ |[a-zA-Z_:][\w:]*(\{[^}]*\})? [-+\d.NI])/m;

/**
 * What somebody pasted: a URL or `host:port`. What answers with metrics becomes a scrape target, everything else an HTTP
 * check. Only the given address is asked, and `/metrics` on it when no path was given.
 */
export async function recogniseAddress(
  text: string,
  signal: AbortSignal | undefined,
): Promise<
  { readonly ok: true; readonly value: RecognisedAddress } | { readonly ok: false; readonly message: string }
> {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    return {
      ok: false,
      message: `"${text}" is neither a URL (https://example.org/health) nor host:port (localhost:9100).`,
    };
  }
  if (url.username !== '' || url.password !== '') {
    return {
      ok: false,
      message: 'A password does not belong in an address; put it into the configuration as ${env:NAME}.',
    };
  }
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const metricsUrl = url.pathname === '/' ? new URL('/metrics', url) : url;
  if (await answersWithMetrics(metricsUrl.href, signal)) {
    const path = `${metricsUrl.pathname}${metricsUrl.search}`;
    const port = url.port === '' ? (scheme === 'https' ? '443' : '80') : url.port;
    return { ok: true, value: { kind: 'target', name: url.hostname, target: `${url.hostname}:${port}`, path, scheme } };
  }
  return { ok: true, value: { kind: 'check', name: url.host, url: url.href } };
}

async function answersWithMetrics(url: string, signal: AbortSignal | undefined): Promise<boolean> {
  // Asked for now and then only, and it is large.
  const { default: axios } = await import('axios');
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    const { data } = await axios.get<string>(url, {
      responseType: 'text',
      transformResponse: (body: string) => body,
      maxContentLength: LOOK_BYTES * 64,
      maxRedirects: 0,
      proxy: false,
      headers: { accept: 'text/plain;version=0.0.4' },
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    });
    return EXPOSITION_LINE.test(data.slice(0, LOOK_BYTES));
  } catch (error) {
    // No metrics there now, for whatever reason; the check that is added instead will tell why.
    if (axios.isAxiosError(error)) return false;
    throw error;
  }
}
