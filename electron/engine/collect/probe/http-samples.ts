import type { Clock } from '../../schedule/index.ts';
import type { HealthDocument } from './health-document.ts';
import { addressSamples } from './address-samples.ts';
import { certificateSamples } from './certificate-samples.ts';
import { PHASES } from './probe.ts';
import type { CertificateFacts, HttpFacts, Outcome, PhaseTimes, ProbeSample } from './probe.ts';

export interface Measured {
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly phases: PhaseTimes;
  readonly http: HttpFacts;
  readonly certificate: CertificateFacts | null;
  readonly health: HealthDocument | null;
  /** From the Content-Length header; -1 when it said nothing. */
  readonly contentLength: number;
  /** Null when no keyword was asked for. */
  readonly isKeywordMissing: boolean | null;
}

/**
 * The result as series: blackbox_exporter's names, so that its dashboards and rules go on working, then our own.
 * `probe_success` is absent when the outcome is unknown: a zero would blame the target for a fault on our side.
 */
export function httpSamples(measured: Measured): ProbeSample[] {
  const { outcome, durationMs, phases, http, certificate, health } = measured;
  const samples: ProbeSample[] = [];
  const add = (name: string, value: number, labels: ProbeSample['labels'] = {}): void => {
    samples.push({ name, labels, value });
  };
  if (outcome !== 'unknown') add('probe_success', outcome === 'down' ? 0 : 1);
  add('probe_duration_seconds', durationMs / 1000);
  add('probe_dns_lookup_time_seconds', phases.resolve / 1000);
  for (const phase of PHASES) add('probe_http_duration_seconds', phases[phase] / 1000, { phase });
  add('probe_http_redirects', http.redirects);
  add('probe_http_status_code', http.status ?? 0);
  add('probe_http_ssl', certificate ? 1 : 0);
  if (http.remoteAddress !== null) samples.push(...addressSamples(http.remoteAddress));
  if (http.httpVersion !== null) {
    add('probe_http_version', Number(http.httpVersion));
    add('probe_http_content_length', measured.contentLength);
    add('probe_http_uncompressed_body_length', http.bodyBytes ?? 0);
  }
  if (measured.isKeywordMissing !== null) add('probe_failed_due_to_regex', measured.isKeywordMissing ? 1 : 0);
  if (certificate) samples.push(...certificateSamples(certificate));
  for (const { name, state } of health?.components ?? []) {
    add('vedette_check_component_ok', state === 'ok' ? 1 : 0, { component: name });
  }
  for (const { component, measurement, unit, value } of health?.observations ?? []) {
    add('vedette_check_observed_value', value, { component, measurement, unit });
  }
  return samples;
}

/** A stopwatch in milliseconds. */
export function startWatch(clock: Clock): () => number {
  const startedAt = clock.monotonic();
  return () => clock.monotonic() - startedAt;
}
