import type { JsonMetric } from './json-metric.ts';
import { checkLabelNames, isMetricName } from './names.ts';
import type { NameScheme } from './names.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import type { RawJsonMetric } from './schema/json-metric-schema.ts';

/** What is to be read from a JSON answer, with every default filled in. */
export function readJsonMetrics(
  raw: readonly RawJsonMetric[],
  place: Place,
  scheme: NameScheme,
  findings: Findings,
): JsonMetric[] {
  return raw.map((metric, index) => {
    const at = below(place, index);
    if (!isMetricName(metric.name, scheme)) {
      const message = `"${metric.name}" is no name for a metric.`;
      findings.problems.push(problemAt(below(at, 'name'), message, 'Use letters, digits and underscores.'));
    }
    checkLabelNames(metric.labels ?? {}, below(at, 'labels'), scheme, findings);
    if (metric.value === undefined && metric.each === undefined) {
      const message = `The metric "${metric.name}" says neither "value" nor "each".`;
      findings.problems.push(problemAt(at, message, 'Name the path of its value.'));
    }
    return {
      name: metric.name,
      type: metric.type ?? 'gauge',
      help: metric.help ?? '',
      unit: metric.unit ?? '',
      each: metric.each ?? '$',
      value: metric.value ?? '$',
      map: metric.map ?? {},
      scale: metric.scale ?? 1,
      labels: metric.labels ?? {},
      timestamp: metric.timestamp ?? null,
    };
  });
}
