import { z } from 'zod';
import { PROMQL_FEATURE_NAMES } from '../promql-features.ts';
import { boolean, convert, duration, labelMap, pattern, size, strict, text, texts } from './values.ts';

export const LOG_TYPES = ['application', 'error', 'business', 'access'] as const;

const LOG_LEVEL_NAMES: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'unknown'];
/** A level, or a list of them. */
const levels = z.preprocess(
  (value) => (Array.isArray(value) ? value.join('|') : value),
  convert(
    (value) => (value.split('|').every((one) => LOG_LEVEL_NAMES.includes(one)) ? value.split('|') : null),
    'is not a level of logs',
    `Use ${LOG_LEVEL_NAMES.join(', ')}.`,
  ),
);

export const logEntry = strict({
  name: text().min(1, 'The name is empty'),
  type: z.enum(LOG_TYPES).optional(),
  files: texts.min(1, 'The list is empty'),
  labels: labelMap.optional(),
  metrics: z
    .array(
      strict({
        name: text().min(1, 'The name is empty'),
        pattern: pattern.optional(),
        level: levels.optional(),
        labels: labelMap.optional(),
      }),
    )
    .optional(),
});

export const hostSection = strict({
  enabled: boolean.optional(),
  interval: duration.optional(),
  processes: z.array(strict({ name: text().min(1, 'The name is empty'), pattern: pattern.optional() })).optional(),
});

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
