import type { RemoteQueryConfig, RemoteServer, RemoteWriteConfig } from './configuration.ts';
import { resolveBeside } from './file-pattern.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import { readCredentials } from './read-credentials.ts';
import type { RawHttpClient } from './schema/http-client-schema.ts';
import { remoteQueryEntry, remoteWriteEntry } from './schema/remote-schema.ts';
import { validate } from './validate.ts';
import type { PlainValue } from './yaml-source.ts';

/** Source: Prometheus manual, `<remote_write>` and `<queue_config>`. */
const WRITE_DEFAULTS = { timeoutMs: 30_000, maxSamplesPerSend: 2_000, minBackoffMs: 30, maxBackoffMs: 5_000 };
const QUERY_TIMEOUT_MS = 120_000;
/** Headers that belong to the protocol. Source: Prometheus, `unchangeableHeaders`. */
const RESERVED = /^(?:host|authorization|content-encoding|content-length|content-type|user-agent|connection|transfer-encoding|x-prometheus-remote-(?:read|write)-version)$/i; // prettier-ignore

/** One server that samples are sent to; null when it is wrong. */
export function readRemoteWrite(
  value: PlainValue,
  place: Place,
  directory: string,
  findings: Findings,
): RemoteWriteConfig | null {
  const raw = validate(remoteWriteEntry, value, place, findings);
  if (raw === undefined) return null;
  const queue = raw.queue_config ?? {};
  const minBackoffMs = positive(queue.min_backoff) ?? WRITE_DEFAULTS.minBackoffMs;
  return {
    // It is shown, and names the receiver on disk.
    name: raw.name ?? withoutCredentials(raw.url),
    ...readServer(raw, place, directory, findings),
    timeoutMs: positive(raw.remote_timeout) ?? WRITE_DEFAULTS.timeoutMs,
    protobufMessage: raw.protobuf_message ?? 'prometheus.WriteRequest',
    maxSamplesPerSend: positive(queue.max_samples_per_send) ?? WRITE_DEFAULTS.maxSamplesPerSend,
    minBackoffMs,
    maxBackoffMs: Math.max(minBackoffMs, positive(queue.max_backoff) ?? WRITE_DEFAULTS.maxBackoffMs),
  };
}

/** One server that queries can be passed on to; null when it is wrong. */
export function readRemoteQuery(
  value: PlainValue,
  place: Place,
  directory: string,
  findings: Findings,
): RemoteQueryConfig | null {
  const raw = validate(remoteQueryEntry, value, place, findings);
  if (raw === undefined) return null;
  return {
    name: raw.name,
    ...readServer(raw, place, directory, findings),
    timeoutMs: positive(raw.timeout) ?? QUERY_TIMEOUT_MS,
  };
}

type RawServer = RawHttpClient & {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

function readServer(raw: RawServer, place: Place, directory: string, findings: Findings): RemoteServer {
  for (const name of Object.keys(raw.headers ?? {})) {
    if (!RESERVED.test(name)) continue;
    findings.problems.push(
      problemAt(below(place, 'headers', name), `The header "${name}" cannot be set.`, 'Remove it.', 'key'),
    );
  }
  const caFile = raw.tls_config?.ca_file;
  return {
    url: raw.url,
    headers: raw.headers ?? {},
    followRedirects: raw.follow_redirects ?? true,
    tls: {
      caFile: caFile === undefined ? null : resolveBeside(directory, caFile),
      serverName: raw.tls_config?.server_name ?? null,
      insecureSkipVerify: raw.tls_config?.insecure_skip_verify ?? false,
    },
    ...readCredentials(raw, place, directory, findings),
  };
}

function withoutCredentials(text: string): string {
  const url = new URL(text);
  if (url.username === '' && url.password === '') return text;
  url.username = '';
  url.password = '';
  return url.href;
}

function positive(amount: number | undefined): number | undefined {
  return amount === 0 ? undefined : amount;
}
