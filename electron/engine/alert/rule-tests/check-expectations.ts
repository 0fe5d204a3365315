import {
  labelsFromRecord,
  labelsKey,
  NO_LABELS,
  type LabelRecord,
  type Labels,
} from '../../../../shared/model/labels.ts';
import { formatDuration } from '../../config/duration.ts';
import type { AlertTest, ExpressionTest, RuleTest } from '../../config/load-rule-test-file.ts';
import { compareLabels } from '../../query/promql/index.ts';
import { quoteGo } from '../../query/promql/syntax/go-text.ts';
import { parseMetricLabels } from '../../query/promqltest/index.ts';
import type { RuleQuery } from '../rules/rule-query.ts';
import type { RunningRule } from '../rules/running-rule.ts';
import { formatNativeHistogram, parseNativeHistogram } from './native-histogram.ts';
import { formatAlerts, formatSamples, type ComparedAlert, type ComparedSample } from './format-results.ts';

/** What is wrong with the alerts that a test asks for in `[fromMs, toMs)`, which the rules now stand for. */
export function checkAlerts(test: RuleTest, rules: readonly RunningRule[], fromMs: number, toMs: number): string[] {
  return test.alertTests
    .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
    .toSorted((a, b) => a.atMs - b.atMs)
    .flatMap((wanted) => checkAlert(test.name, wanted, rules) ?? []);
}

function checkAlert(
  testName: string,
  { alertName, atMs, expected }: AlertTest,
  rules: readonly RunningRule[],
): string | null {
  const got = rules
    .map((rule) => rule.status())
    .flatMap((status) => (status.kind === 'alerting' && status.name === alertName ? status.alerts : []))
    .filter(({ state }) => state === 'firing')
    .map(({ labels, annotations }): ComparedAlert => ({ labels, annotations }))
    .toSorted(compareAlerts);
  const wanted = expected
    .map(({ labels, annotations }) => ({ labels: { ...labels, alertname: alertName }, annotations }))
    .toSorted(compareAlerts);
  if (got.length === wanted.length && got.every((alert, i) => isSameAlert(alert, wanted[i] as ComparedAlert)))
    return null;
  const name = testName === '' ? '' : `    name: ${testName},\n`;
  const at = formatDuration(atMs);
  return (
    `${name}    alertname: ${alertName}, time: ${at}, \n` +
    `        exp:${formatAlerts(wanted)}, \n        got:${formatAlerts(got)}`
  );
}

function compareAlerts(a: ComparedAlert, b: ComparedAlert): number {
  return compareRecords(a.labels, b.labels) || compareRecords(a.annotations, b.annotations);
}

function compareRecords(a: LabelRecord, b: LabelRecord): number {
  return compareLabels(labelsFromRecord(a), labelsFromRecord(b));
}

function isSameAlert(a: ComparedAlert, b: ComparedAlert): boolean {
  return compareAlerts(a, b) === 0;
}

/** What is wrong with the answer to an expression of a test; `null` when it is as expected. */
export function checkExpression(
  { expr, atMs, expected }: ExpressionTest,
  answer: Awaited<ReturnType<RuleQuery>>,
  histograms: readonly ComparedSample[],
  isFuzzy: boolean,
): string | null {
  const head = `    expr: ${quoteGo(expr)}, time: ${formatDuration(atMs)},`;
  if (!answer.ok) return `${head} err: ${answer.problem.message}`;
  const samples = samplesOf(answer.value);
  if (samples === null) return `${head} err: rule result is not a vector or scalar`;
  const got = [...samples, ...histograms].sort((a, b) => compareLabels(a.labels, b.labels));
  const wanted: ComparedSample[] = [];
  for (const { series, value, histogram } of expected) {
    const labels = series === '' ? { ok: true as const, value: NO_LABELS } : parseMetricLabels(series);
    if (!labels.ok) return `${head} err: labels ${quoteGo(series)}: ${labels.message}`;
    const native = histogram === null ? null : parseNativeHistogram(histogram);
    if (histogram !== null && native === null) return `${head} err: cannot read the histogram ${histogram}`;
    wanted.push({ labels: labels.value, value, histogram: native === null ? null : formatNativeHistogram(native) });
  }
  wanted.sort((a, b) => compareLabels(a.labels, b.labels));
  if (
    got.length === wanted.length &&
    got.every((sample, i) => isSameSample(sample, wanted[i] as ComparedSample, isFuzzy))
  )
    return null;
  return `${head}\n        exp: ${formatSamples(wanted)}\n        got: ${formatSamples(got)}`;
}

function samplesOf(value: Extract<Awaited<ReturnType<RuleQuery>>, { ok: true }>['value']): ComparedSample[] | null {
  switch (value.type) {
    case 'vector':
      return value.samples.map((sample): ComparedSample => ({ ...sample, histogram: null }));
    case 'scalar':
      return [{ labels: NO_LABELS, value: value.value, histogram: null }];
    default:
      return null;
  }
}

function isSameSample(got: ComparedSample, wanted: ComparedSample, isFuzzy: boolean): boolean {
  if (!isSameSeries(got.labels, wanted.labels)) return false;
  if (wanted.histogram !== null || got.histogram !== null) return got.histogram === wanted.histogram;
  // As in Go, NaN is not equal to itself.
  return got.value === wanted.value || (isFuzzy && isNeighbour(got.value, wanted.value));
}

function isSameSeries(a: Labels, b: Labels): boolean {
  return labelsKey(a) === labelsKey(b);
}

/** Whether no float lies between two numbers. */
function isNeighbour(a: number, b: number): boolean {
  if (!Number.isFinite(a) || !Number.isFinite(b) || Math.sign(a) * Math.sign(b) < 0) return false;
  const [first, second] = new BigInt64Array(Float64Array.of(Math.abs(a), Math.abs(b)).buffer);
  return first !== undefined && second !== undefined && (first - second === 1n || second - first === 1n);
}
