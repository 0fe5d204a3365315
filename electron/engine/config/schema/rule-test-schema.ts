import { z } from 'zod';
import { boolean, duration, labelMap, strict, text, texts } from './values.ts';

/** Source: Prometheus manual, "Unit testing for rules". Numbers of samples keep their text: NaN and +Inf are among them. */
const seriesEntry = strict({ series: text().optional(), values: text().optional() });
const alertEntry = strict({ exp_labels: labelMap.optional(), exp_annotations: labelMap.optional() });
const alertTest = strict({
  eval_time: duration.optional(),
  alertname: text().optional(),
  exp_alerts: z.array(alertEntry).optional(),
});
const sampleEntry = strict({ labels: text().optional(), value: text().optional(), histogram: text().optional() });
const expressionTest = strict({
  expr: text().optional(),
  eval_time: duration.optional(),
  exp_samples: z.array(sampleEntry).optional(),
});
const testGroup = strict({
  name: text().optional(),
  interval: duration.optional(),
  start_timestamp: text().optional(),
  input_series: z.array(seriesEntry).optional(),
  alert_rule_test: z.array(alertTest).optional(),
  promql_expr_test: z.array(expressionTest).optional(),
  external_labels: labelMap.optional(),
  external_url: text().optional(),
});

export const ruleTestFile = strict({
  rule_files: texts.optional(),
  evaluation_interval: duration.optional(),
  group_eval_order: texts.optional(),
  fuzzy_compare: boolean.optional(),
  tests: z.array(testGroup).optional(),
});
export type RawRuleTest = z.output<typeof testGroup>;
