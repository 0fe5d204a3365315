import { z } from 'zod';
import { httpClientShape } from './http-client-schema.ts';
import { relabelConfigs } from './relabel-schema.ts';
import { anyMapping, boolean, count, duration, labelMap, strict, text, webUrl } from './values.ts';

/** Source: Prometheus manual, `<remote_write>`. */
export const remoteWriteEntry = strict({
  ...httpClientShape,
  url: text().min(1, 'The URL is empty').pipe(webUrl),
  name: text().optional(),
  remote_timeout: duration.optional(),
  headers: labelMap.optional(),
  write_relabel_configs: relabelConfigs.optional(),
  send_exemplars: boolean.optional(),
  send_native_histograms: boolean.optional(),
  round_robin_dns: boolean.optional(),
  protobuf_message: z.enum(['prometheus.WriteRequest', 'io.prometheus.write.v2.Request']).optional(),
  queue_config: strict({
    capacity: count.optional(),
    max_shards: count.optional(),
    min_shards: count.optional(),
    max_samples_per_send: count.optional(),
    batch_send_deadline: duration.optional(),
    min_backoff: duration.optional(),
    max_backoff: duration.optional(),
    retry_on_http_429: boolean.optional(),
    sample_age_limit: duration.optional(),
  }).optional(),
  metadata_config: anyMapping.optional(),
  sigv4: anyMapping.optional(),
  azuread: anyMapping.optional(),
  google_iam: anyMapping.optional(),
});

/** A server with Prometheus's query API whose answers are shown here. */
export const remoteQueryEntry = strict({
  ...httpClientShape,
  name: text().min(1, 'The name is empty'),
  url: webUrl,
  timeout: duration.optional(),
  headers: labelMap.optional(),
});
