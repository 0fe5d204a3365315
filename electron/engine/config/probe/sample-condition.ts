import { convert } from '../schema/values.ts';
import { parseDuration } from '../duration.ts';
import { parseSize } from '../size.ts';

const OPERATORS = ['>=', '<=', '==', '!=', '>', '<'] as const;
export type ConditionOperator = (typeof OPERATORS)[number];

/** What must not be true of the samples of a probe: `redis_connected_clients > 500`. */
export interface SampleCondition {
  /** As it is written. */
  readonly text: string;
  readonly name: string;
  /** Labels that a sample must have. */
  readonly labels: Readonly<Record<string, string>>;
  readonly operator: ConditionOperator;
  readonly value: number;
}

const CONDITION = new RegExp(
  String.raw`^\s*([a-zA-Z_:][\w:]*)\s*(?:\{([^}]*)\})?\s*(${OPERATORS.join('|')})\s*(\S+)\s*$`,
);
const MATCHER = /^\s*([a-zA-Z_]\w*)\s*=\s*"([^"]*)"\s*$/;

/** Read `name{label="value"} > 10`; the number may be a duration (in seconds then), a size (bytes) or `90%` (0.9). */
export function parseSampleCondition(text: string): SampleCondition | null {
  const [, name = '', selector = '', operator = '', amount = ''] = CONDITION.exec(text) ?? [];
  const value = parseAmount(amount);
  if (name === '' || value === null) return null;
  const labels: Record<string, string> = {};
  for (const part of selector.split(',')) {
    if (part.trim() === '') continue;
    const [, label, wanted] = MATCHER.exec(part) ?? [];
    if (label === undefined || wanted === undefined) return null;
    labels[label] = wanted;
  }
  return { text: text.trim(), name, labels, operator: operator as ConditionOperator, value };
}

function parseAmount(text: string): number | null {
  if (text === '') return null;
  if (Number.isFinite(Number(text))) return Number(text);
  const percent = /^([\d.]+)%$/.exec(text)?.[1];
  if (percent !== undefined) return Number.isFinite(Number(percent)) ? Number(percent) / 100 : null;
  const durationMs = parseDuration(text);
  return durationMs === null ? parseSize(text) : durationMs / 1000;
}

export const sampleCondition = convert(
  parseSampleCondition,
  'is not a condition over a sample',
  'Write it like name > 10, or name{label="value"} >= 90%.',
);

/** Conditions of a probe, by what a fulfilled one makes of it. */
export interface Thresholds {
  readonly degraded: readonly SampleCondition[];
  readonly down: readonly SampleCondition[];
}
