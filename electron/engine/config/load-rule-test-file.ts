import type { LabelRecord } from '../../../shared/model/labels.ts';
import { noFindings, problemAt, below } from './problem.ts';
import type { Findings, Place, Problem } from './problem.ts';
import { ruleTestFile } from './schema/rule-test-schema.ts';
import type { RawRuleTest } from './schema/rule-test-schema.ts';
import { validate } from './validate.ts';
import { readYaml } from './yaml-source.ts';

/** A file of tests of rules, in the format of `promtool test rules`. */
export interface RuleTestFile {
  /** As written: paths or patterns, relative to the file. */
  readonly ruleFiles: readonly string[];
  readonly evaluationIntervalMs: number;
  readonly groupOrder: readonly string[];
  /** Numbers may differ by the least that a float can. */
  readonly isFuzzy: boolean;
  readonly tests: readonly RuleTest[];
}

export interface RuleTest {
  readonly name: string;
  readonly intervalMs: number;
  /** When the test begins; every time in it counts from then. Epoch milliseconds. */
  readonly startMs: number;
  readonly inputSeries: readonly { readonly series: string; readonly values: string }[];
  readonly alertTests: readonly AlertTest[];
  readonly expressionTests: readonly ExpressionTest[];
  readonly externalLabels: LabelRecord;
  readonly externalUrl: string;
}

export interface AlertTest {
  readonly atMs: number;
  readonly alertName: string;
  readonly expected: readonly { readonly labels: LabelRecord; readonly annotations: LabelRecord }[];
}

export interface ExpressionTest {
  readonly expr: string;
  readonly atMs: number;
  readonly expected: readonly ExpectedSample[];
}

export interface ExpectedSample {
  /** A metric with labels, as a query writes it. */
  readonly series: string;
  readonly value: number;
  /** The text of a native histogram that is expected instead of a number. */
  readonly histogram: string | null;
}

export type LoadedRuleTestFile =
  { readonly ok: true; readonly value: RuleTestFile } | { readonly ok: false; readonly problems: readonly Problem[] };

const DEFAULT_INTERVAL_MS = 60_000;

/** Read a file of tests of rules; unknown keys and values of a wrong kind are refused, each with its place. */
export function loadRuleTestFile(text: string, file: string): LoadedRuleTestFile {
  const reading = readYaml(text, file);
  if (!reading.ok) return reading;
  const findings = noFindings();
  const root: Place = { source: reading.source, path: [] };
  const raw = validate(ruleTestFile, reading.source.value ?? {}, root, findings);
  const intervalMs = positive(raw?.evaluation_interval);
  const tests = (raw?.tests ?? []).map((test, index) =>
    readTest(test, below(root, 'tests', index), intervalMs, findings),
  );
  const order = raw?.group_eval_order ?? [];
  const twice = order.find((name, index) => order.indexOf(name) < index);
  if (twice !== undefined) {
    const place = below(root, 'group_eval_order', order.lastIndexOf(twice));
    findings.problems.push(
      problemAt(place, `group name repeated in evaluation order: ${twice}.`, 'Name each group once.'),
    );
  }
  if (raw === undefined || findings.problems.length > 0) return { ok: false, problems: findings.problems };
  return {
    ok: true,
    value: {
      ruleFiles: raw.rule_files ?? [],
      evaluationIntervalMs: intervalMs,
      groupOrder: order,
      isFuzzy: raw.fuzzy_compare ?? false,
      tests,
    },
  };
}

function positive(intervalMs: number | undefined): number {
  return intervalMs === undefined || intervalMs <= 0 ? DEFAULT_INTERVAL_MS : intervalMs;
}

function readTest(raw: RawRuleTest, place: Place, evaluationIntervalMs: number, findings: Findings): RuleTest {
  const name = raw.name ?? '';
  const alertTests = (raw.alert_rule_test ?? []).map((test, index): AlertTest => {
    if ((test.alertname ?? '') === '') {
      findings.problems.push(
        problemAt(
          below(place, 'alert_rule_test', index),
          'an item under alert_rule_test misses required attribute alertname.',
          'Name the alert.',
        ),
      );
    }
    const expected = (test.exp_alerts ?? []).map(({ exp_labels, exp_annotations }) => ({
      labels: exp_labels ?? {},
      annotations: exp_annotations ?? {},
    }));
    return { atMs: test.eval_time ?? 0, alertName: test.alertname ?? '', expected };
  });
  const expressionTests = (raw.promql_expr_test ?? []).map((test, index): ExpressionTest => {
    const samples = below(place, 'promql_expr_test', index, 'exp_samples');
    const expected = (test.exp_samples ?? []).map((sample, at): ExpectedSample => {
      const value = readFloat(sample.value ?? '0', below(samples, at, 'value'), findings);
      return { series: sample.labels ?? '', value, histogram: sample.histogram ?? null };
    });
    return { expr: test.expr ?? '', atMs: test.eval_time ?? 0, expected };
  });
  return {
    name,
    intervalMs: raw.interval === undefined || raw.interval <= 0 ? evaluationIntervalMs : raw.interval,
    startMs: readStart(raw.start_timestamp ?? '0', below(place, 'start_timestamp'), findings),
    inputSeries: (raw.input_series ?? []).map(({ series, values }) => ({ series: series ?? '', values: values ?? '' })),
    alertTests,
    expressionTests,
    externalLabels: raw.external_labels ?? {},
    externalUrl: raw.external_url ?? '',
  };
}

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['.nan', NaN],
  ['inf', Infinity],
  ['+inf', Infinity],
  ['.inf', Infinity],
  ['+.inf', Infinity],
  ['-inf', -Infinity],
  ['-.inf', -Infinity],
]);

/** A number as Go's YAML reader takes it for a float. */
function readFloat(text: string, place: Place, findings: Findings): number {
  const special = SPECIAL.get(text.toLowerCase());
  if (special !== undefined) return special;
  const value = text.trim() === '' ? NaN : Number(text.replaceAll('_', ''));
  if (Number.isNaN(value)) {
    findings.problems.push(problemAt(place, `"${text}" is not a number.`, 'Write a number, NaN, +Inf or -Inf.'));
  }
  return value;
}

/** Unix seconds, or a time as RFC 3339 writes it. */
function readStart(text: string, place: Place, findings: Findings): number {
  const seconds = /^[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : NaN;
  const startMs = Number.isNaN(seconds) ? Date.parse(text) : Math.round(seconds * 1000);
  if (Number.isNaN(startMs)) {
    const remedy = 'Write Unix seconds, or a time such as 2024-01-01T00:00:00Z.';
    findings.problems.push(problemAt(place, `"${text}" is not a time.`, remedy));
    return 0;
  }
  return startMs;
}
