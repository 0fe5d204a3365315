import { z } from 'zod';
import { below, problemAt } from '../problem.ts';
import { boolean, convert, labelMap, strict, text, texts, webUrl } from '../schema/values.ts';
import { hidden, withoutPassword } from '../show-url.ts';
import { validate } from '../validate.ts';
import type { ProbeKind } from './probe-kind.ts';

export interface HttpCheckConfig {
  readonly kind: 'http';
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Accepted answers: exact codes ("204"), classes ("2xx") or ranges ("200-299"). */
  readonly status: readonly string[];
  /** A text that the body must contain; null asks for none. */
  readonly keyword: string | null;
  /** Conditions over a JSON body, such as `$.status == "ok"`; a missing value fails. */
  readonly json: readonly string[];
  readonly followRedirects: boolean;
  readonly insecureSkipVerify: boolean;
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

const schema = strict({
  url: webUrl,
  method: method.optional(),
  headers: labelMap.optional(),
  body: text().optional(),
  status: z.array(status).min(1, 'The list is empty').optional(),
  keyword: text().optional(),
  json: texts.optional(),
  follow_redirects: boolean.optional(),
  insecure_skip_verify: boolean.optional(),
});

export const httpKind: ProbeKind<HttpCheckConfig> = {
  read(value, { place, findings, checkCondition }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    for (const [index, condition] of (raw.json ?? []).entries()) {
      const fault = checkCondition(condition);
      if (fault === null) continue;
      findings.problems.push(problemAt(below(place, 'json', index), fault.message, 'Write it like: $.status == "ok".'));
    }
    return {
      kind: 'http',
      url: raw.url,
      method: raw.method ?? 'GET',
      headers: raw.headers ?? {},
      body: raw.body ?? null,
      status: raw.status ?? ['2xx'],
      keyword: raw.keyword ?? null,
      json: raw.json ?? [],
      followRedirects: raw.follow_redirects ?? true,
      insecureSkipVerify: raw.insecure_skip_verify ?? false,
    };
  },
  describe: (http) => ({
    url: withoutPassword(http.url),
    method: http.method,
    headers: hidden(http.headers),
    body: http.body ?? undefined,
    status: http.status,
    keyword: http.keyword ?? undefined,
    json: http.json,
    follow_redirects: http.followRedirects,
    insecure_skip_verify: http.insecureSkipVerify,
  }),
  target({ url }) {
    const { hostname, href } = withoutUser(url);
    return { host: hostname, address: href };
  },
};

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
