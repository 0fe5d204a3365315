import { z } from 'zod';
import { httpClientShape } from './http-client-schema.ts';
import { jsonMetrics } from './json-metric-schema.ts';
import { relabelConfigs } from './relabel-schema.ts';
import {
  anyMapping,
  boolean,
  convert,
  count,
  decimal,
  duration,
  labelMap,
  size,
  strict,
  text,
  texts,
  webUrl,
} from './values.ts';

export const SCRAPE_PROTOCOLS = [
  'PrometheusProto',
  'OpenMetricsText0.0.1',
  'OpenMetricsText1.0.0',
  'PrometheusText0.0.4',
  'PrometheusText1.0.0',
] as const;

const protocol = z.enum(SCRAPE_PROTOCOLS);
export const validationScheme = z.enum(['utf8', 'legacy']);
export const escapingScheme = z.enum(['allow-utf-8', 'underscores', 'dots', 'values']);

/** What `global` and each scrape configuration have alike. */
export const scrapeDefaultsShape = {
  scrape_interval: duration.optional(),
  scrape_timeout: duration.optional(),
  scrape_protocols: z.array(protocol).optional(),
  body_size_limit: size.optional(),
  sample_limit: count.optional(),
  target_limit: count.optional(),
  label_limit: count.optional(),
  label_name_length_limit: count.optional(),
  label_value_length_limit: count.optional(),
  keep_dropped_targets: count.optional(),
  metric_name_validation_scheme: validationScheme.optional(),
  metric_name_escaping_scheme: escapingScheme.optional(),
  scrape_native_histograms: boolean.optional(),
  always_scrape_classic_histograms: boolean.optional(),
  convert_classic_histograms_to_nhcb: boolean.optional(),
  extra_scrape_metrics: boolean.optional(),
  scrape_failure_log_file: text().optional(),
};

export const staticConfig = strict({ targets: texts.optional(), labels: labelMap.optional() });

/** An interval of zero would ask without a pause. */
const refreshInterval = duration.refine((ms) => ms > 0, {
  message: 'The interval cannot be zero.',
  params: { remedy: 'Write a duration above 0.' },
});
const fileDiscovery = strict({
  files: texts.min(1, 'The list is empty'),
  refresh_interval: refreshInterval.optional(),
});
const httpDiscovery = strict({ url: webUrl, refresh_interval: refreshInterval.optional(), ...httpClientShape });
const dnsDiscovery = strict({
  names: texts.min(1, 'The list is empty'),
  type: z.enum(['A', 'AAAA', 'MX', 'NS', 'SRV', 'a', 'aaaa', 'mx', 'ns', 'srv']).optional(),
  port: count.optional(),
  refresh_interval: refreshInterval.optional(),
});
const dockerDiscovery = strict({
  host: convert(
    (value) => (/^(?:unix:\/\/\/|npipe:\/\/|(?:tcp|https?):\/\/[^/])./.test(value) ? value : null),
    'is not an address of Docker',
    'Write unix:///var/run/docker.sock, or tcp://host:2375.',
  ),
  port: count.optional(),
  host_networking_host: text().optional(),
  match_first_network: boolean.optional(),
  filters: z.array(strict({ name: text(), values: texts })).optional(),
  refresh_interval: refreshInterval.optional(),
  ...httpClientShape,
});
export interface RawDiscoveries {
  readonly file_sd_configs?: readonly z.output<typeof fileDiscovery>[] | undefined;
  readonly http_sd_configs?: readonly z.output<typeof httpDiscovery>[] | undefined;
  readonly dns_sd_configs?: readonly z.output<typeof dnsDiscovery>[] | undefined;
  readonly docker_sd_configs?: readonly z.output<typeof dockerDiscovery>[] | undefined;
}

/** Discovery of clouds and orchestrators: known by name, its inside not looked at. */
export const OTHER_DISCOVERIES = [
  'aws',
  'azure',
  'consul',
  'digitalocean',
  'dockerswarm',
  'ec2',
  'ecs',
  'elasticache',
  'eureka',
  'gce',
  'hetzner',
  'ionos',
  'kubernetes',
  'kuma',
  'lightsail',
  'linode',
  'marathon',
  'msk',
  'nerve',
  'nomad',
  'oci',
  'openstack',
  'outscale',
  'ovhcloud',
  'puppetdb',
  'rds',
  'scaleway',
  'serverset',
  'stackit',
  'triton',
  'uyuni',
  'vultr',
  'xds',
] as const;

const otherDiscoveries = Object.fromEntries(
  OTHER_DISCOVERIES.map((kind) => [`${kind}_sd_configs`, z.array(anyMapping).optional()]),
);

export const discoveryShape = {
  static_configs: z.array(staticConfig).optional(),
  file_sd_configs: z.array(fileDiscovery).optional(),
  http_sd_configs: z.array(httpDiscovery).optional(),
  dns_sd_configs: z.array(dnsDiscovery).optional(),
  docker_sd_configs: z.array(dockerDiscovery).optional(),
  ...otherDiscoveries,
};

/** Source: Prometheus manual, `<scrape_config>`. */
const scrapeShape = {
  job_name: text().min(1, 'The name is empty'),
  ...scrapeDefaultsShape,
  ...httpClientShape,
  ...discoveryShape,
  metrics_path: text().optional(),
  scheme: z.enum(['http', 'https', 'HTTP', 'HTTPS']).optional(),
  params: z.record(z.string(), texts).optional(),
  honor_labels: boolean.optional(),
  honor_timestamps: boolean.optional(),
  track_timestamps_staleness: boolean.optional(),
  enable_compression: boolean.optional(),
  fallback_scrape_protocol: protocol.optional(),
  native_histogram_bucket_limit: count.optional(),
  native_histogram_min_bucket_factor: decimal.optional(),
  relabel_configs: relabelConfigs.optional(),
  metric_relabel_configs: relabelConfigs.optional(),
  json_metrics: jsonMetrics.optional(),
};

export const scrapeConfig = strict(scrapeShape);
export type RawScrapeConfig = z.output<typeof scrapeConfig>;

/** A file that `scrape_config_files` names. */
export const scrapeConfigFile = strict({ scrape_configs: z.array(z.unknown()).optional() });
