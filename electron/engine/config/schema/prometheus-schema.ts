import { z } from 'zod';
import { httpClientShape, tlsConfig } from './http-client-schema.ts';
import { relabelConfigs } from './relabel-schema.ts';
import { discoveryShape, scrapeDefaultsShape } from './scrape-schema.ts';
import {
  anyMapping,
  boolean,
  convert,
  count,
  decimal,
  duration,
  integer,
  knownKeys,
  labelMap,
  size,
  strict,
  text,
} from './values.ts';

/** Source for all of this file: Prometheus manual, "Configuration". */
export const globalSection = strict({
  ...scrapeDefaultsShape,
  evaluation_interval: duration.optional(),
  rule_query_offset: duration.optional(),
  external_labels: labelMap.optional(),
  query_log_file: text().optional(),
});
export type RawGlobal = z.output<typeof globalSection>;

const sigv4 = anyMapping;

const remoteRead = strict({
  ...httpClientShape,
  url: text().min(1, 'The URL is empty'),
  name: text().optional(),
  remote_timeout: duration.optional(),
  headers: labelMap.optional(),
  read_recent: boolean.optional(),
  required_matchers: labelMap.optional(),
  chunked_read_limit: count.optional(),
  filter_external_labels: boolean.optional(),
});

const alertmanager = strict({
  ...httpClientShape,
  ...discoveryShape,
  scheme: z.enum(['http', 'https']).optional(),
  path_prefix: text().optional(),
  timeout: duration.optional(),
  api_version: z.enum(['v1', 'v2']).optional(),
  relabel_configs: relabelConfigs.optional(),
  alert_relabel_configs: relabelConfigs.optional(),
  sigv4: sigv4.optional(),
});

export const alertingSection = strict({
  alert_relabel_configs: relabelConfigs.optional(),
  alertmanagers: z.array(alertmanager).optional(),
});

const percentage = convert(
  (value) => (value.trim() !== '' && Number(value) >= 0 && Number(value) <= 100 ? Number(value) : null),
  'is not a percentage',
  'Write a number from 0 to 100.',
);

export const storageSection = strict({
  tsdb: strict({
    out_of_order_time_window: duration.optional(),
    stale_series_compaction_threshold: decimal.optional(),
    retention: strict({
      time: duration.optional(),
      size: size.optional(),
      percentage: percentage.optional(),
    }).optional(),
    chunk_encoding: strict({ floats: z.enum(['xor', 'xor2']).optional() }).optional(),
  }).optional(),
  exemplars: strict({ max_exemplars: integer.optional() }).optional(),
  /** Not of Prometheus: the limits of the store of metrics. */
  metrics: strict({
    max_series: count.optional(),
    max_series_per_metric: count.optional(),
    max_series_per_target: count.optional(),
  }).optional(),
});
export type RawStorage = z.output<typeof storageSection>;

export const tracingSection = strict({
  endpoint: text(),
  client_type: z.enum(['grpc', 'http']).optional(),
  sampling_fraction: decimal.optional(),
  insecure: boolean.optional(),
  tls_config: tlsConfig.optional(),
  headers: labelMap.optional(),
  compression: z.enum(['gzip']).optional(),
  timeout: duration.optional(),
});

export const remoteReadSection = z.array(remoteRead);
export const runtimeSection = strict({ gogc: integer.optional() });
export const otlpSection = knownKeys(
  'promote_all_resource_attributes',
  'promote_resource_attributes',
  'ignore_resource_attributes',
  'translation_strategy',
  'keep_identifying_resource_attributes',
  'convert_histograms_to_nhcb',
  'promote_scope_metadata',
  'label_name_underscore_sanitization',
  'label_name_preserve_multiple_underscores',
);
