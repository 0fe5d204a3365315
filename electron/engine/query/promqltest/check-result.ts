import { formatLabels, labelsKey } from '../../../../shared/model/labels.ts';
import type { Labels } from '../../../../shared/model/labels.ts';
import { anchoredRegex } from '../promql/syntax/anchored-regex.ts';
import type { QueryOutcome, QueryResult } from '../promql/index.ts';
import type { Expectation, Steps, TextPattern } from './parse-script.ts';
import type { ScriptPoint } from './parse-series.ts';

/** Why an outcome is not what the script demands; `null` when it is. */
export function checkOutcome(outcome: QueryOutcome, expected: Expectation, steps: Steps | null): string | null {
  if (!outcome.ok) {
    if (expected.fail === null) return `query failed: ${outcome.problem.message}`;
    const bare = outcome.problem.message.replace(/^\d+:\d+: parse error: /, '');
    const { pattern } = expected.fail;
    if (matches(bare, pattern) || matches(outcome.problem.message, pattern)) return null;
    return `query failed with: ${outcome.problem.message}`;
  }
  if (expected.fail !== null) return 'query should have failed';
  return (
    checkRemarks('warning', outcome.warnings, expected.warn, expected.noWarn) ??
    checkRemarks('info', outcome.infos, expected.info, expected.noInfo) ??
    checkValue(outcome.value, expected, steps)
  );
}

function checkRemarks(
  kind: string,
  given: readonly string[],
  wanted: readonly TextPattern[],
  none: boolean,
): string | null {
  if (none && given.length > 0) return `unexpected ${kind}: ${given.join('; ')}`;
  const missing = wanted.find((pattern) => !given.some((text) => matches(text, pattern)));
  if (missing !== undefined) return `no ${kind} ${missing?.text ?? ''}; got: ${given.join('; ')}`;
  const extra =
    wanted.length === 0 ? undefined : given.find((text) => !wanted.some((pattern) => matches(text, pattern)));
  return extra === undefined ? null : `unexpected ${kind}: ${extra}`;
}

function matches(text: string, pattern: TextPattern): boolean {
  if (pattern === null) return true;
  if (pattern.kind === 'msg') return text === pattern.text;
  const regex = anchoredRegex(pattern.text);
  return regex.ok && regex.pattern.matcher(text).find();
}

function checkValue(value: QueryResult, expected: Expectation, steps: Steps | null): string | null {
  switch (value.type) {
    case 'string':
      return value.value === expected.string ? null : `got string ${JSON.stringify(value.value)}`;
    case 'scalar': {
      if (expected.scalar === null) return `got scalar ${String(value.value)}`;
      return isAlmost(value.value, expected.scalar) ? null : `got ${String(value.value)}`;
    }
    case 'vector':
      if (expected.scalar !== null) return 'got a vector, expected a scalar';
      return checkVector(value.samples, expected);
    case 'matrix':
      return checkMatrix(value.series, expected, expected.rangeVector ?? steps);
  }
}

function checkVector(
  samples: readonly { readonly labels: Labels; readonly value: number }[],
  { series, isOrdered }: Expectation,
): string | null {
  const wanted = new Map(series.map(({ labels, points }, at) => [labelsKey(labels), { point: points[0], at }]));
  for (const [at, { labels, value }] of samples.entries()) {
    const want = wanted.get(labelsKey(labels));
    const shown = `${formatLabels(labels)} ${String(value)}`;
    if (want === undefined) return `unexpected ${shown}`;
    if (!isPoint(value, want.point)) return `got ${shown}, expected ${JSON.stringify(want.point)}`;
    if (isOrdered && want.at !== at) return `${shown} is in place ${String(at + 1)}`;
  }
  const found = new Set(samples.map(({ labels }) => labelsKey(labels)));
  const missing = series.find(({ labels }) => !found.has(labelsKey(labels)));
  if (missing !== undefined) return `missing ${formatLabels(missing.labels)}`;
  return found.size === samples.length ? null : 'duplicate series in the result';
}

function checkMatrix(
  results: (QueryResult & { type: 'matrix' })['series'],
  { series, scalar }: Expectation,
  steps: Steps | null,
): string | null {
  if (steps === null) return 'got a matrix, expected none';
  const wanted = new Map(series.map(({ labels, points }) => [labelsKey(labels), points]));
  if (scalar !== null) wanted.set('', [scalar]);
  const seen = new Set<string>();
  for (const { labels, timestamps, values } of results) {
    const key = labelsKey(labels);
    const points = wanted.get(key);
    if (points === undefined) return `unexpected series ${formatLabels(labels)}`;
    seen.add(key);
    const byTime = new Map([...timestamps].map((timestampMs, i) => [timestampMs, values[i]]));
    for (let i = 0; steps.startMs + i * steps.stepMs <= steps.endMs; i++) {
      const timestampMs = steps.startMs + i * steps.stepMs;
      const [got, want] = [byTime.get(timestampMs), points[i] ?? null];
      byTime.delete(timestampMs);
      if (got === undefined ? want !== null : !isPoint(got, want)) {
        return `${formatLabels(labels)} at ${String(timestampMs / 1000)} s: got ${String(got)}, expected ${JSON.stringify(want)}`;
      }
    }
    if (byTime.size > 0) return `${formatLabels(labels)} has points between the steps`;
  }
  const missing = series.find(
    ({ labels, points }) => !seen.has(labelsKey(labels)) && points.some((point) => point !== null),
  );
  return missing === undefined ? null : `missing series ${formatLabels(missing.labels)}`;
}

function isPoint(value: number, wanted: ScriptPoint | undefined): boolean {
  return typeof wanted === 'number' && isAlmost(value, wanted);
}

const TOLERANCE = 1e-6;
const SMALLEST_NORMAL = 2 ** -1022;

/** Equal but for rounding. Source: Prometheus, util/almost. */
function isAlmost(a: number, b: number): boolean {
  if (a === b || (a !== a && b !== b)) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < TOLERANCE * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE;
}
