import { labelsKey, METRIC_NAME, withLabels, type LabelRecord } from '../../../../shared/model/labels.ts';
import type { RecordingRuleConfig } from '../../config/configuration.ts';
import type { RuleSample, RuleSamples } from './rule-query.ts';

/**
 * The series that a recording rule writes for the samples of its expression.
 *
 * @param limit most series that the rule may give; 0 is no limit
 * Source: Prometheus, rules/recording.go.
 */
export function recordRule(
  samples: readonly RuleSample[],
  rule: RecordingRuleConfig,
  groupLabels: LabelRecord,
  limit: number,
): RuleSamples {
  const changes = { ...groupLabels, ...rule.labels, [METRIC_NAME]: rule.record };
  const recorded = samples.map(({ labels, value }) => ({ labels: withLabels(labels, changes), value }));
  if (new Set(recorded.map(({ labels }) => labelsKey(labels))).size < recorded.length) {
    return { ok: false, message: 'vector contains metrics with the same labelset after applying rule labels' };
  }
  if (limit > 0 && recorded.length > limit) {
    return { ok: false, message: `exceeded limit of ${String(limit)} with ${String(recorded.length)} series` };
  }
  return { ok: true, samples: recorded };
}
