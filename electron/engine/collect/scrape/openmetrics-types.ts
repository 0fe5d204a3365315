import { parseStrictNumber } from './openmetrics-line.ts';
import type { StrictSample } from './openmetrics-line.ts';

/** The types of OpenMetrics 1.0 and the names that their samples may have, after the name of the family. */
export const SUFFIXES = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  info: ['_info'],
  stateset: [''],
  summary: ['', '_count', '_sum', '_created'],
  unknown: [''],
} as const satisfies Record<string, readonly string[]>;

export type FamilyType = keyof typeof SUFFIXES;

export function isFamilyType(text: string): text is FamilyType {
  return Object.hasOwn(SUFFIXES, text);
}

const NEVER_NAN = ['_total', '_sum', '_count', '_bucket', '_gcount', '_gsum'];
const NEVER_NEGATIVE = ['_total', '_sum', '_count', '_bucket', '_gcount'];
const WHOLE = ['_bucket', '_count', '_gcount'];

/** What is wrong with a sample by the type of its family; null when nothing is. Source: OpenMetrics 1.0, "Metric Types". */
export function faultOfSample(sample: StrictSample, family: string, type: FamilyType): string | null {
  const suffix = sample.name.slice(family.length);
  const { value, labels } = sample;
  if (suffix === '_bucket' && !isBound(labels.get('le'))) return 'a bucket needs the label le, a number or "+Inf"';
  if (type === 'stateset' && !labels.has(family)) return `a state set needs the label "${family}"`;
  if (type === 'stateset' && value !== 0 && value !== 1) return 'a state is 0 or 1';
  if (type === 'info' && value !== 1) return 'the value of an info is 1';
  if (type === 'summary' && suffix === '') {
    const quantile = parseStrictNumber(labels.get('quantile') ?? '') ?? NaN;
    if (!(quantile >= 0 && quantile <= 1)) return 'a summary needs the label quantile, a number from 0 to 1';
    if (value < 0) return 'a quantile is never negative';
  }
  if (type !== 'unknown' && type !== 'gauge') {
    if (NEVER_NAN.includes(suffix) && Number.isNaN(value)) return `${sample.name} is never NaN`;
    if (NEVER_NEGATIVE.includes(suffix) && value < 0) return `${sample.name} is never negative`;
    if (WHOLE.includes(suffix) && !Number.isInteger(value)) return `${sample.name} is a whole number`;
  }
  const mayHaveExemplar = suffix === '_bucket' || (type === 'counter' && suffix === '_total');
  if (sample.hasExemplar && !mayHaveExemplar) return 'only the total of a counter and a bucket may have an exemplar';
  return null;
}

function isBound(text: string | undefined): boolean {
  const bound = parseStrictNumber(text ?? '');
  return bound !== null && !Number.isNaN(bound) && (bound !== Infinity || text === '+Inf');
}

/** The labels that tell one metric of a family from another, as a key: without those that tell its samples apart. */
export function groupKey(sample: StrictSample, family: string, type: FamilyType): string {
  if (type === 'info') return ''; // the labels of an info are its value, so that its groups cannot be told apart
  const own =
    type === 'stateset' ? family : sample.name === `${family}_bucket` ? 'le' : type === 'summary' ? 'quantile' : '';
  return JSON.stringify([...sample.labels].filter(([name]) => name !== own).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is wrong with the samples of one histogram at one time; null when nothing is. */
export function faultOfHistogram(samples: readonly StrictSample[], family: string): string | null {
  let bound = -Infinity;
  let inBucket = 0;
  let hasNegativeBound = false;
  const values = new Map<string, number>();
  for (const { name, labels, value } of samples) {
    const suffix = name.slice(family.length);
    values.set(suffix, value);
    if (suffix !== '_bucket') continue;
    const next = parseStrictNumber(labels.get('le') ?? '') ?? NaN;
    if (next < 0) hasNegativeBound = true;
    if (next <= bound) return 'the buckets are not in ascending order';
    if (value < inBucket) return 'a bucket holds less than the one before, but buckets are cumulative';
    bound = next;
    inBucket = value;
  }
  if (bound !== Infinity) return 'the bucket le="+Inf" is missing';
  const count = values.get('_count') ?? values.get('_gcount');
  const sum = values.get('_sum') ?? values.get('_gsum');
  if (count !== undefined && count !== inBucket) return 'the count differs from the bucket le="+Inf"';
  if ((sum === undefined) !== (count === undefined)) return 'the sum and the count must come together';
  if (hasNegativeBound && values.has('_sum')) return 'a histogram with negative buckets has no sum, as it may fall';
  if (!hasNegativeBound && (values.get('_gsum') ?? 0) < 0) return 'the sum is negative and no bucket is';
  return null;
}
