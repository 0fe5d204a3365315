import type { ScrapeConfig, ScrapeProtocol } from '../../config/configuration.ts';

/** Source: Prometheus, config/config.go, `ScrapeProtocolsHeaders`. Null for what is not read here. */
const MEDIA_TYPES: Readonly<Record<ScrapeProtocol, string | null>> = {
  PrometheusProto: null,
  'OpenMetricsText0.0.1': 'application/openmetrics-text;version=0.0.1',
  'OpenMetricsText1.0.0': 'application/openmetrics-text;version=1.0.0',
  'PrometheusText0.0.4': 'text/plain;version=0.0.4',
  'PrometheusText1.0.0': 'text/plain;version=1.0.0',
};
const WITH_ESCAPING: readonly ScrapeProtocol[] = ['OpenMetricsText1.0.0', 'PrometheusText1.0.0'];

/** The formats that a target is asked for, each a little less than the one before. Source: Prometheus, `acceptHeader`. */
export function acceptHeader({
  scrapeProtocols,
  nameEscaping,
  jsonMetrics,
}: Pick<ScrapeConfig, 'scrapeProtocols' | 'nameEscaping' | 'jsonMetrics'>): string {
  if (jsonMetrics !== null) return 'application/json,*/*;q=0.1';
  let weight = Object.keys(MEDIA_TYPES).length + 1;
  const parts = scrapeProtocols.flatMap((protocol) => {
    const type = MEDIA_TYPES[protocol];
    if (type === null) return [];
    const escaping = WITH_ESCAPING.includes(protocol) ? `;escaping=${nameEscaping}` : '';
    return [`${type}${escaping};q=0.${String(weight--)}`];
  });
  return [...parts, `*/*;q=0.${String(weight)}`].join(',');
}
