import { below, problemAt } from './problem.ts';
import type { Path, Place, Problem } from './problem.ts';
import { OTHER_DISCOVERIES } from './schema/scrape-schema.ts';
import type { PlainValue } from './yaml-source.ts';

/** Where the keys of an HTTP client stand. */
const CLIENTS = [
  'scrape_configs[]',
  'scrape_configs[].http_sd_configs[]',
  'scrape_configs[].docker_sd_configs[]',
  'remote_write[]',
  'remote_query[]',
];

const CLIENT_KEYS: readonly (readonly [key: string, instead: string])[] = [
  ['basic_auth.username_ref', 'Give "username" or "username_file".'],
  ['basic_auth.password_ref', 'Give "password" or "password_file".'],
  ['authorization.credentials_ref', 'Give "credentials" or "credentials_file".'],
  ['oauth2.client_secret_ref', 'Give "client_secret" or "client_secret_file".'],
  ...[
    'grant_type',
    'client_certificate_key_id',
    'client_certificate_key',
    'client_certificate_key_file',
    'client_certificate_key_ref',
    'signature_algorithm',
    'iss',
    'audience',
    'claims',
  ].map((key) => [`oauth2.${key}`, 'Tokens are asked for by the client credentials flow.'] as const),
  ['tls_config.ca_ref', 'Give "ca" or "ca_file".'],
  ['tls_config.cert_ref', 'Give "cert" or "cert_file".'],
  ['tls_config.key_ref', 'Give "key" or "key_file".'],
];

/**
 * Keys of Prometheus that are read and checked but change nothing yet, with what happens instead. `[]` is every entry of
 * a list.
 */
const TABLE: readonly (readonly [path: string, instead: string])[] = [
  [
    'alerting.alertmanagers',
    'Alerts are routed here, by the section "alertmanager"; they are not sent to another one.',
  ],
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
  ...both('scrape_native_histograms', 'Classic histograms are stored.'),
  ...both('convert_classic_histograms_to_nhcb', 'Classic histograms are stored as they are.'),
  ['scrape_configs[].native_histogram_bucket_limit', 'Classic histograms are stored.'],
  ['scrape_configs[].native_histogram_min_bucket_factor', 'Classic histograms are stored.'],
  ...CLIENTS.flatMap((client) => CLIENT_KEYS.map(([key, instead]) => [`${client}.${key}`, instead] as const)),
  ...OTHER_DISCOVERIES.map(
    (kind) =>
      [`scrape_configs[].${kind}_sd_configs`, 'Static, file, HTTP, DNS and Docker discovery give targets.'] as const,
  ),
];

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
    if (step === '[]' || key === step) yield* matchingPaths(entry, rest, [...path, step === '[]' ? Number(key) : key]);
  }
}
