import type { AxiosRequestConfig } from 'axios';

/** As Go's HTTP client, and so Prometheus. */
const MOST_REDIRECTS = 10;

/**
 * How redirects are followed: what only the configured server may see is not shown to another host.
 *
 * @param confidential names of headers, beside those that every client keeps back (Authorization, Cookie)
 */
export function withoutSecrets(
  follows: boolean,
  confidential: readonly string[],
): Pick<AxiosRequestConfig, 'maxRedirects' | 'sensitiveHeaders'> {
  return {
    maxRedirects: follows ? MOST_REDIRECTS : 0,
    ...(confidential.length === 0 ? {} : { sensitiveHeaders: [...confidential] }),
  };
}
