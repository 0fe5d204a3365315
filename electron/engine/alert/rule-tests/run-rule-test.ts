import type { RuleGroupConfig } from '../../config/configuration.ts';
import { formatDuration } from '../../config/duration.ts';
import type { RuleTest } from '../../config/load-rule-test-file.ts';
import { queryInstant } from '../../query/promql/index.ts';
import type { PromqlFeature } from '../../query/promql/index.ts';
import { parseSeries } from '../../query/promqltest/index.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { RuleQuery } from '../rules/rule-query.ts';
import { createRunningRule, type RunningRule } from '../rules/running-rule.ts';
import { AppendedSource } from './appended-source.ts';
import { checkAlerts, checkExpression } from './check-expectations.ts';
import { createHistogramSamples, type HistogramSamples } from './histogram-samples.ts';
import { histogramOfPoint } from './native-histogram.ts';

export interface RuleTestOptions {
  /** In the order in which they are evaluated. */
  readonly groups: readonly RuleGroupConfig[];
  readonly evaluationIntervalMs: number;
  readonly isFuzzy: boolean;
  readonly features: ReadonlySet<PromqlFeature>;
  readonly clock: Clock;
}

/**
 * Run one test: evaluate the rules from its begin to its last moment, compare alerts on the way, then expressions.
 *
 * @returns what did not come out, in the words of promtool; nothing when all did
 * Source: Prometheus, cmd/promtool/unittest.go.
 */
export async function runRuleTest(test: RuleTest, options: RuleTestOptions): Promise<string[]> {
  const source = new AppendedSource();
  const histograms = createHistogramSamples();
  const unreadable = loadInput(source, histograms, test);
  if (unreadable !== null) return [unreadable];
  const { signal } = new AbortController();
  const query = ruleQuery(source, options);
  const rules = options.groups.flatMap((group) =>
    group.rules.map((rule, index): RunningRule => {
      return createRunningRule(`${group.file};${group.name};${String(index)}`, group, rule, {
        query,
        sink: source,
        // A test begins with nothing behind it.
        source: new AppendedSource(),
        clock: options.clock,
        log: () => undefined,
        externalLabels: test.externalLabels,
        externalUrl: test.externalUrl,
        onAlerts: () => undefined,
      });
    }),
  );
  const problems: string[] = [];
  const times = [...test.alertTests, ...test.expressionTests].map(({ atMs }) => atMs);
  const lastMs = Math.max(0, ...times);
  for (let atMs = 0; atMs <= lastMs; atMs += options.evaluationIntervalMs) {
    const nowMs = test.startMs + atMs;
    source.visibleUntilMs = nowMs;
    const failures: string[] = [];
    for (const rule of rules) {
      await rule.evaluate(nowMs, signal);
      const { name, lastError } = rule.status();
      if (lastError !== '') failures.push(`    rule: ${name}, time: ${formatDuration(atMs)}, err: ${lastError}`);
    }
    problems.push(...failures);
    if (failures.length > 0) return problems;
    problems.push(...checkAlerts(test, rules, atMs, atMs + options.evaluationIntervalMs));
  }
  source.visibleUntilMs = Infinity;
  for (const expression of test.expressionTests) {
    const timeMs = test.startMs + expression.atMs;
    const answer = await query(expression.expr, timeMs, signal);
    const native = histograms.select(expression.expr, timeMs);
    const problem = checkExpression(expression, answer, native, options.isFuzzy);
    if (problem !== null) problems.push(problem);
  }
  return problems;
}

/** Why the input of a test cannot be read, `null` when it was loaded. */
function loadInput(source: AppendedSource, histograms: HistogramSamples, test: RuleTest): string | null {
  for (const { series, values } of test.inputSeries) {
    const read = parseSeries(`${series} ${values}`);
    if (!read.ok) return `    input_series: ${series}: ${read.message}`;
    const { labels, points } = read.value;
    const ref = source.ref(labels);
    for (const [index, point] of points.entries()) {
      const timestampMs = test.startMs + index * test.intervalMs;
      if (point === null) continue;
      if (typeof point === 'object') {
        const histogram = histogramOfPoint(point);
        if (histogram === null) return `    input_series: ${series}: cannot read the histogram: ${point.histogram}`;
        histograms.append(labels, timestampMs, histogram);
        continue;
      }
      histograms.append(labels, timestampMs, null);
      if (point === 'stale') source.appendStale(ref, timestampMs);
      else source.append(ref, timestampMs, point);
    }
  }
  return null;
}

function ruleQuery(source: AppendedSource, { clock, evaluationIntervalMs, features }: RuleTestOptions): RuleQuery {
  return (expression, timeMs, signal) =>
    queryInstant(source, expression, { clock, timeMs, subqueryStepMs: evaluationIntervalMs, features, signal });
}
