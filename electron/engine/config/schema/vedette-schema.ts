import { z } from 'zod';
import { PROMQL_FEATURE_NAMES } from '../promql-features.ts';
import { boolean, convert, duration, labelMap, size, strict, text, texts, webUrl } from './values.ts';

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

export const checkEntry = strict({
  name: text().min(1, 'The name is empty'),
  interval: duration.optional(),
  timeout: duration.optional(),
  labels: labelMap.optional(),
  http: strict({
    url: webUrl,
    method: method.optional(),
    headers: labelMap.optional(),
    body: text().optional(),
    status: z.array(status).min(1, 'The list is empty').optional(),
    keyword: text().optional(),
    json: texts.optional(),
    follow_redirects: boolean.optional(),
    insecure_skip_verify: boolean.optional(),
  }),
});

export const LOG_TYPES = ['application', 'error', 'business', 'access'] as const;

export const logEntry = strict({
  name: text().min(1, 'The name is empty'),
  type: z.enum(LOG_TYPES).optional(),
  files: texts.min(1, 'The list is empty'),
  labels: labelMap.optional(),
});

export const hostSection = strict({ enabled: boolean.optional(), interval: duration.optional() });

export const retentionSection = strict({
  metrics: strict({
    raw: duration.optional(),
    '5m': duration.optional(),
    '1h': duration.optional(),
    size: size.optional(),
  }).optional(),
  logs: strict({
    application: duration.optional(),
    error: duration.optional(),
    business: duration.optional(),
    access: duration.optional(),
    size: size.optional(),
  }).optional(),
});
export type RawRetention = z.output<typeof retentionSection>;

export const promqlSection = strict({
  // On the command line and in the environment it is one text.
  enable_features: z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value),
      z.array(z.enum(PROMQL_FEATURE_NAMES)),
    )
    .optional(),
});

function isStatus(value: string): boolean {
  if (/^[1-5](?:xx|XX|\d\d)$/.test(value)) return true;
  const [, low, high] = /^([1-5]\d\d)-([1-5]\d\d)$/.exec(value) ?? [];
  return low !== undefined && high !== undefined && low <= high;
}
