import { z } from 'zod';
import type { Secret } from '../configuration.ts';
import { describeCredentials, describeWay } from '../describe-http-client.ts';
import type { Described } from '../described.ts';
import { resolveBeside } from '../file-pattern.ts';
import { below, problemAt } from '../problem.ts';
import type { HttpClientConfig } from '../http-client.ts';
import { readHttpClient } from '../read-http-client.ts';
import { httpClientShape } from '../schema/http-client-schema.ts';
import {
  boolean,
  convert,
  duration,
  labelMap,
  pattern,
  size,
  strict,
  text,
  texts,
  isWebUrl,
  webUrl,
} from '../schema/values.ts';
import { describeSecret, fileSecret } from '../secret.ts';
import { hidden, withoutPassword } from '../show-url.ts';
import { validate } from '../validate.ts';
import { describeIp, describeLimit, describeTls, ipShape, readIp, readTls, tlsShape } from './network-settings.ts';
import type { IpPreference, TlsSetting } from './network-settings.ts';
import type { ProbeKind } from './probe-kind.ts';

export interface HttpCheckConfig {
  readonly kind: 'http';
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** A file whose content is the body; null for `body`. */
  readonly bodyFile: Secret | null;
  readonly basicAuth: HttpClientConfig['basicAuth'];
  readonly authorization: HttpClientConfig['authorization'];
  /** Asked of the server as Accept-Encoding, such as `gzip`; null asks for none. */
  readonly compression: string | null;
  /** Accepted answers: exact codes ("204"), classes ("2xx") or ranges ("200-299"). */
  readonly status: readonly string[];
  /** Accepted versions, such as `HTTP/1.1`; empty accepts each. */
  readonly httpVersions: readonly string[];
  /** A text that the body must contain, and one that it must not; null asks for none. */
  readonly keyword: string | null;
  readonly keywordAbsent: string | null;
  /** Regular expressions (RE2) that must all be found in the body, and those that must not. */
  readonly bodyMatches: readonly string[];
  readonly bodyMatchesNot: readonly string[];
  readonly headerMatches: readonly HeaderRule[];
  readonly headerMatchesNot: readonly HeaderRule[];
  /** Conditions over a JSON body, such as `$.status == "ok"`; a missing value fails. */
  readonly json: readonly string[];
  /** Whether a health document in the body decides, too. */
  readonly judgesHealth: boolean;
  readonly followRedirects: boolean;
  readonly insecureSkipVerify: boolean;
  readonly tls: TlsSetting;
  /** Whether the last URL must be, or must not be, secured; null for either. */
  readonly security: 'required' | 'forbidden' | null;
  /** A certificate that expires sooner is degraded; null for no limit. */
  readonly certificateExpiryMs: number | null;
  /** An answer that takes longer is degraded; null for no limit. */
  readonly maxLatencyMs: number | null;
  readonly ip: IpPreference | null;
  readonly oauth2: HttpClientConfig['oauth2'];
  readonly proxy: HttpClientConfig['proxy'];
  /** Headers whose values are secrets. */
  readonly httpHeaders: HttpClientConfig['httpHeaders'];
  /** A longer body, unpacked, is a failure; null reads as much as is looked at. */
  readonly bodyLimitBytes: number | null;
}

export interface HeaderRule {
  readonly header: string;
  readonly pattern: string;
  /** Whether an answer without the header is fine. */
  readonly allowMissing: boolean;
}

const status = convert(
  (value) => (isStatus(value) ? value : null),
  'is not a status',
  'Write a code (204), a class (2xx) or a range (200-299).',
);

const method = convert(
  (value) => (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value) ? value.toUpperCase() : null),
  'is not an HTTP method',
  'Write GET, HEAD, POST or another method.',
);

const headerRules = z
  .array(strict({ header: text().min(1, 'The header is empty'), regexp: pattern, allow_missing: boolean.optional() }))
  .optional();

/** Our own keys, and those of blackbox_exporter's manual, `<http_probe>`, so that its modules can be read. */
const schema = strict({
  url: webUrl,
  method: method.optional(),
  headers: labelMap.optional(),
  body: text().optional(),
  body_file: text().optional(),
  status: z.array(status).min(1, 'The list is empty').optional(),
  valid_status_codes: z.array(status).optional(),
  valid_http_versions: texts.optional(),
  keyword: text().optional(),
  keyword_absent: text().optional(),
  fail_if_body_not_matches_regexp: z.array(pattern).optional(),
  fail_if_body_matches_regexp: z.array(pattern).optional(),
  fail_if_header_not_matches: headerRules,
  fail_if_header_matches: headerRules,
  json: texts.optional(),
  health: boolean.optional(),
  no_follow_redirects: boolean.optional(),
  insecure_skip_verify: boolean.optional(),
  fail_if_ssl: boolean.optional(),
  fail_if_not_ssl: boolean.optional(),
  max_latency: duration.optional(),
  compression: text().optional(),
  body_size_limit: size.optional(),
  skip_resolve_phase_with_proxy: boolean.optional(),
  use_proxy_dns: boolean.optional(),
  ...httpClientShape,
  ...tlsShape,
  ...ipShape,
});

export const httpKind: ProbeKind<HttpCheckConfig> = {
  read(value, { place, directory, findings, checkCondition }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    for (const [index, condition] of (raw.json ?? []).entries()) {
      const fault = checkCondition(condition);
      if (fault === null) continue;
      findings.problems.push(problemAt(below(place, 'json', index), fault.message, 'Write it like: $.status == "ok".'));
    }
    const codes = raw.valid_status_codes ?? [];
    const bodyFile = raw.body_file;
    const { basicAuth, authorization, oauth2, proxy, httpHeaders } = readHttpClient(raw, place, directory, findings);
    return {
      kind: 'http',
      url: raw.url,
      method: raw.method ?? 'GET',
      headers: raw.headers ?? {},
      body: raw.body ?? null,
      bodyFile: bodyFile === undefined ? null : fileSecret(resolveBeside(directory, bodyFile)),
      basicAuth,
      authorization,
      compression: raw.compression ?? null,
      status: raw.status ?? (codes.length > 0 ? codes : ['2xx']),
      httpVersions: raw.valid_http_versions ?? [],
      keyword: raw.keyword ?? null,
      keywordAbsent: raw.keyword_absent ?? null,
      bodyMatches: raw.fail_if_body_not_matches_regexp ?? [],
      bodyMatchesNot: raw.fail_if_body_matches_regexp ?? [],
      headerMatches: readHeaderRules(raw.fail_if_header_not_matches),
      headerMatchesNot: readHeaderRules(raw.fail_if_header_matches),
      json: raw.json ?? [],
      judgesHealth: raw.health ?? true,
      followRedirects: raw.follow_redirects ?? !(raw.no_follow_redirects ?? false),
      insecureSkipVerify: raw.insecure_skip_verify ?? raw.tls_config?.insecure_skip_verify ?? false,
      tls: readTls(raw.tls_config, directory),
      security: raw.fail_if_not_ssl === true ? 'required' : raw.fail_if_ssl === true ? 'forbidden' : null,
      certificateExpiryMs: raw.certificate_expiry ?? null,
      maxLatencyMs: raw.max_latency ?? null,
      ip: readIp(raw),
      oauth2,
      proxy,
      httpHeaders,
      bodyLimitBytes: raw.body_size_limit ?? null,
    };
  },
  describe: (http) => ({
    url: withoutPassword(http.url),
    method: http.method,
    headers: hidden(http.headers),
    body: http.body ?? undefined,
    body_file: http.bodyFile === null ? undefined : describeSecret(http.bodyFile),
    ...describeCredentials(http),
    compression: http.compression ?? undefined,
    status: http.status,
    valid_http_versions: http.httpVersions,
    keyword: http.keyword ?? undefined,
    keyword_absent: http.keywordAbsent ?? undefined,
    fail_if_body_not_matches_regexp: http.bodyMatches,
    fail_if_body_matches_regexp: http.bodyMatchesNot,
    fail_if_header_not_matches: http.headerMatches.map(describeHeaderRule),
    fail_if_header_matches: http.headerMatchesNot.map(describeHeaderRule),
    json: http.json,
    health: http.judgesHealth ? undefined : false,
    follow_redirects: http.followRedirects,
    insecure_skip_verify: http.insecureSkipVerify,
    tls_config: describeTls({ ...http.tls, insecureSkipVerify: false }),
    fail_if_not_ssl: http.security === 'required' ? true : undefined,
    fail_if_ssl: http.security === 'forbidden' ? true : undefined,
    certificate_expiry: describeLimit(http.certificateExpiryMs),
    max_latency: describeLimit(http.maxLatencyMs),
    ...describeIp(http.ip),
    ...describeWay(http),
    body_size_limit: http.bodyLimitBytes === null ? undefined : `${String(http.bodyLimitBytes)}B`,
  }),
  retarget(config, target) {
    const url = /^https?:\/\//i.test(target) ? target : `http://${target}`;
    return isWebUrl(url) ? { ...config, url } : null;
  },
  target({ url }) {
    const { hostname, href } = withoutUser(url);
    return { host: hostname, address: href };
  },
};

function readHeaderRules(raw: z.output<typeof headerRules>): HeaderRule[] {
  return (raw ?? []).map(({ header, regexp, allow_missing: allowMissing }) => ({
    header,
    pattern: regexp,
    allowMissing: allowMissing ?? false,
  }));
}

function describeHeaderRule({ header, pattern: regexp, allowMissing }: HeaderRule): Described {
  return { header, regexp, allow_missing: allowMissing ? true : undefined };
}

function withoutUser(text: string): URL {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url;
}

function isStatus(value: string): boolean {
  if (/^[1-5](?:xx|XX|\d\d)$/.test(value)) return true;
  const [, low, high] = /^([1-5]\d\d)-([1-5]\d\d)$/.exec(value) ?? [];
  return low !== undefined && high !== undefined && low <= high;
}
