import { RE2JS, RE2JSException } from 're2js';
import { z } from 'zod';
import { parseDuration } from '../duration.ts';
import { parseSize } from '../size.ts';

/**
 * Schemas of single values. Input is what `yaml-source.ts` gives: every scalar is a text, an empty one is null.
 * What does not fit is reported with a remedy in `params.remedy`.
 */
export const text = z.string;

/** A mapping with exactly these keys. A key without a value counts as absent, as it does for Go's YAML reader. */
export function strict<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodPreprocess<z.ZodObject<{ -readonly [Key in keyof Shape]: Shape[Key] }, z.core.$strict>> {
  const known = Object.keys(shape);
  return z.preprocess(
    (value) => dropEmpty(value, shape),
    z.strictObject(shape, {
      // The message carries the known keys to `validate.ts`, which names the nearest one.
      error: (issue) => (issue.code === 'unrecognized_keys' ? known.join(' ') : undefined),
    }),
  );
}

/** A mapping that is only looked at for unknown keys; the values may be anything. */
export function knownKeys(...keys: readonly string[]): z.ZodType<Readonly<Record<string, unknown>>> {
  return strict(Object.fromEntries(keys.map((key) => [key, z.unknown().optional()])));
}

function dropEmpty(value: unknown, shape: z.ZodRawShape): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key, entry]) => entry !== null || !(key in shape)));
}

export const anyMapping = z.record(z.string(), z.unknown());
export const labelMap = z.record(
  z.string(),
  z.preprocess((value) => value ?? '', z.string()),
);
export const texts = z.array(z.string());

export const duration = convert(parseDuration, 'is not a duration', 'Write it like 15s, 5m or 1h30m.');
/** Where Prometheus takes 0 as "not set". */
export const size = convert(parseSize, 'is not a size', 'Write a number with a unit, such as 15MB.');
export const boolean = convert(parseBoolean, 'is neither true nor false', 'Write true or false.');
export const integer = convert(
  (value) => (/^[+-]?\d+$/.test(value) ? Number(value) : null),
  'is not a whole number',
  'Write a whole number.',
);
export const count = convert(
  (value) => (/^\+?\d+$/.test(value) ? Number(value) : null),
  'is not a whole number of 0 or more',
  'Write 0 (no limit) or a larger whole number.',
);
export const decimal = convert(
  (value) => (value.trim() === '' || !Number.isFinite(Number(value)) ? null : Number(value)),
  'is not a number',
  'Write a number.',
);
/** How bad an alert is, the least first. */
export const severityLevel = z.enum(['info', 'warning', 'error', 'critical']);
export const pattern = convert(
  (value) => (isPattern(value) ? value : null),
  'is not a valid regular expression',
  'Correct the pattern (RE2 syntax).',
);
export const webUrl = convert(
  (value) => (isWebUrl(value) ? value : null),
  'is not a URL with http or https and a host',
  'Write it like https://host:port/path.',
);

/** A text that a function reads; null from it means that the text does not fit. */
export function convert<T>(
  read: (value: string) => T | null,
  complaint: string,
  remedy: string,
): z.ZodPipe<z.ZodString, z.ZodTransform<T, string>> {
  return z.string().transform((value, context) => {
    const result = read(value);
    if (result !== null) return result;
    context.issues.push({ code: 'custom', message: `"${value}" ${complaint}.`, input: value, params: { remedy } });
    return z.NEVER;
  });
}

export function isPattern(value: string): boolean {
  try {
    RE2JS.compile(value);
    return true;
  } catch (error) {
    if (error instanceof RE2JSException) return false;
    throw error;
  }
}

export function isWebUrl(value: string): boolean {
  // The URL parser forgives `http:/host` and `http:host`; nobody means those.
  if (!/^https?:\/\/[^/]/i.test(value)) return false;
  return URL.canParse(value) && new URL(value).hostname !== '';
}

/** The words that a YAML 1.1 reader, as Prometheus has, takes for a boolean. */
function parseBoolean(value: string): boolean | null {
  const word = value.toLowerCase();
  if (['true', 'yes', 'on', 'y'].includes(word)) return true;
  return ['false', 'no', 'off', 'n'].includes(word) ? false : null;
}
