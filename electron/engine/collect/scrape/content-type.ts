import type { ScrapeConfig } from '../../config/configuration.ts';
import type { ExpositionFormat } from './parse-exposition.ts';

export type FormatChoice =
  { readonly ok: true; readonly format: ExpositionFormat } | { readonly ok: false; readonly message: string };

/**
 * Which parser reads an answer. A type that is no exposition fails the scrape unless the configuration names a fallback:
 * reading a login page as metrics would hide the mistake.
 *
 * @param url shown in the message
 * Source: Prometheus 3, scrape configuration, `fallback_scrape_protocol`.
 */
export function chooseFormat(
  contentType: string,
  fallback: ScrapeConfig['fallbackScrapeProtocol'],
  url: string,
): FormatChoice {
  const mediaType = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (mediaType === 'text/plain') return { ok: true, format: 'prometheus' };
  if (mediaType === 'application/openmetrics-text') return { ok: true, format: 'openmetrics' };
  if (fallback !== null) return { ok: true, format: fallback.startsWith('OpenMetrics') ? 'openmetrics' : 'prometheus' };
  if (mediaType === 'text/html') {
    return {
      ok: false,
      message: `${url} answered a web page (HTML), not metrics. Is this the right path, and is no login needed?`,
    };
  }
  if (mediaType === '') {
    return {
      ok: false,
      message: `${url} does not say which format it answers in (no Content-Type). If these are metrics, set fallback_scrape_protocol: PrometheusText0.0.4.`,
    };
  }
  return {
    ok: false,
    message: `${url} answered ${mediaType}, which is no metrics format. Is this the right path? If these are metrics all the same, set fallback_scrape_protocol.`,
  };
}
