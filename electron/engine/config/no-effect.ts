import { below, problemAt } from './problem.ts';
import type { Path, Place, Problem } from './problem.ts';
import type { PlainValue } from './yaml-source.ts';

/**
 * Keys of Prometheus that are read and checked but change nothing yet, with what happens instead. `[]` is every entry of
 * a list, `*` every key of a mapping; a last part may start with `*` (`*_sd_configs`).
 */
const TABLE: readonly (readonly [path: string, instead: string])[] = [
  ['alerting', 'Alerts are routed here, by the section "alertmanager"; they are not sent to another Alertmanager.'],
  ['remote_write[].write_relabel_configs', 'Every sample is sent, with its labels as they are.'],
  ['remote_write[].send_exemplars', 'Exemplars are not sent.'],
  ['remote_write[].send_native_histograms', 'Native histograms are not sent.'],
  ['remote_write[].round_robin_dns', 'The first address of a name is used.'],
  ['remote_write[].queue_config.capacity', 'The queue is on disk and keeps up to 1 GB.'],
  ['remote_write[].queue_config.max_shards', 'Samples are sent in order, one request at a time.'],
  ['remote_write[].queue_config.min_shards', 'Samples are sent in order, one request at a time.'],
  ['remote_write[].queue_config.batch_send_deadline', 'Samples are sent each second.'],
  ['remote_write[].queue_config.sample_age_limit', 'Samples are kept until they are sent.'],
  ['remote_write[].metadata_config', 'Metadata is not sent.'],
  ['remote_write[].sigv4', 'Requests are not signed.'],
  ['remote_write[].azuread', 'Give a token with "authorization".'],
  ['remote_write[].google_iam', 'Give a token with "authorization".'],
  ...servers('oauth2', 'Give a token with "authorization".'),
  ...servers('http_headers', 'Write them under "headers".'),
  ...servers('proxy_url', 'The server is reached directly.'),
  ...servers('proxy_from_environment', 'The server is reached directly.'),
  ...servers('tls_config.cert_file', 'No client certificate is shown.'),
  ...servers('tls_config.key_file', 'No client certificate is shown.'),
  ['remote_read', 'Queries read what is stored here alone.'],
  ['tracing', 'No traces are sent.'],
  ['otlp', 'OTLP is not received.'],
  ['runtime', 'The setting belongs to the Go runtime.'],
  ['storage.tsdb.out_of_order_time_window', 'Samples older than the newest one are refused.'],
  ['storage.tsdb.stale_series_compaction_threshold', 'The setting belongs to the storage of Prometheus.'],
  ['storage.tsdb.chunk_encoding', 'The storage has an encoding of its own.'],
  ['storage.tsdb.retention.percentage', 'Limit the storage by "time" or "size".'],
  ['storage.exemplars', 'Exemplars are not stored.'],
  ['global.query_log_file', 'No query log is written.'],
  ...both('scrape_failure_log_file', 'The reason of a failed scrape is shown with its target.'),
  ...both('scrape_protocols', 'Every text format is asked for.'),
  ...both('target_limit', 'The number of targets is not limited.'),
  ...both('keep_dropped_targets', 'Dropped targets are not kept.'),
  ...both(
    'metric_name_validation_scheme',
    'Scraped names are accepted as UTF-8; names in this file are checked by it.',
  ),
  ...both('metric_name_escaping_scheme', 'Names are asked for as UTF-8.'),
  ...both('scrape_native_histograms', 'Classic histograms are stored.'),
  ...both('always_scrape_classic_histograms', 'Classic histograms are always stored.'),
  ...both('convert_classic_histograms_to_nhcb', 'Classic histograms are stored as they are.'),
  ...both('extra_scrape_metrics', 'The extra series are not written.'),
  ['scrape_configs[].relabel_configs', 'Targets keep their labels.'],
  ['scrape_configs[].metric_relabel_configs', 'Samples keep their labels.'],
  ['scrape_configs[].*_sd_configs', 'Only static_configs gives targets.'],
  ['scrape_configs[].track_timestamps_staleness', 'Series with their own timestamps end by age.'],
  ['scrape_configs[].native_histogram_bucket_limit', 'Classic histograms are stored.'],
  ['scrape_configs[].native_histogram_min_bucket_factor', 'Classic histograms are stored.'],
  ['scrape_configs[].oauth2', 'The targets are asked without a token.'],
  ['scrape_configs[].enable_http2', 'HTTP/1.1 is spoken.'],
  ['scrape_configs[].proxy_url', 'Targets are reached directly.'],
  ['scrape_configs[].no_proxy', 'Targets are reached directly.'],
  ['scrape_configs[].proxy_from_environment', 'Targets are reached directly.'],
  ['scrape_configs[].proxy_connect_header', 'Targets are reached directly.'],
  ['scrape_configs[].http_headers.*.secrets', 'The header is sent without them.'],
  ['scrape_configs[].http_headers.*.files', 'The header is sent without them.'],
  ['scrape_configs[].basic_auth.username_file', 'Write the name as "username".'],
  ['scrape_configs[].basic_auth.username_ref', 'Write the name as "username".'],
  ['scrape_configs[].basic_auth.password_ref', 'Give "password" or "password_file".'],
  ['scrape_configs[].authorization.credentials_ref', 'Give "credentials" or "credentials_file".'],
  ['scrape_configs[].tls_config.ca', 'Give the file with "ca_file".'],
  ['scrape_configs[].tls_config.cert', 'No client certificate is shown.'],
  ['scrape_configs[].tls_config.key', 'No client certificate is shown.'],
  ['scrape_configs[].tls_config.cert_file', 'No client certificate is shown.'],
  ['scrape_configs[].tls_config.key_file', 'No client certificate is shown.'],
  ['scrape_configs[].tls_config.ca_ref', 'Give the file with "ca_file".'],
  ['scrape_configs[].tls_config.cert_ref', 'No client certificate is shown.'],
  ['scrape_configs[].tls_config.key_ref', 'No client certificate is shown.'],
  ['scrape_configs[].tls_config.min_version', 'TLS 1.2 and 1.3 are spoken.'],
  ['scrape_configs[].tls_config.max_version', 'TLS 1.2 and 1.3 are spoken.'],
];

function servers(key: string, instead: string): readonly (readonly [path: string, instead: string])[] {
  return [
    [`remote_write[].${key}`, instead],
    [`remote_query[].${key}`, instead],
  ];
}

function both(key: string, instead: string): readonly (readonly [path: string, instead: string])[] {
  return [
    [`global.${key}`, instead],
    [`scrape_configs[].${key}`, instead],
  ];
}

/** A warning for each key that is set and changes nothing. A switch that is set to off asks for nothing, so it is silent. */
export function warnNoEffect(value: PlainValue, root: Place): Problem[] {
  const warnings: Problem[] = [];
  for (const [pattern, instead] of TABLE) {
    for (const path of matchingPaths(value, pattern.split(/\.|(?=\[\])/))) {
      const key = String(path.at(-1));
      warnings.push(problemAt(below(root, ...path), `"${key}" has no effect yet.`, instead, 'key'));
    }
  }
  return warnings;
}

function* matchingPaths(value: unknown, pattern: readonly string[], path: Path = []): Generator<Path> {
  const [step, ...rest] = pattern;
  if (step === undefined) {
    if (value !== null && value !== 'false') yield path;
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== (step === '[]')) return;
  for (const [key, entry] of Object.entries(value)) {
    const isMatch = step === '[]' || (step.startsWith('*') ? key.endsWith(step.slice(1)) : key === step);
    if (isMatch) yield* matchingPaths(entry, rest, [...path, step === '[]' ? Number(key) : key]);
  }
}
