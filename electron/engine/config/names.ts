import { problemAt, below } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import type { LabelRecord } from '../../../shared/model/labels.ts';

/** Which names are legal: any non-empty text (Prometheus 3), or the classic alphabet. */
export type NameScheme = 'utf8' | 'legacy';

const LEGACY_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const LEGACY_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

export function isLabelName(name: string, scheme: NameScheme): boolean {
  return scheme === 'legacy' ? LEGACY_LABEL.test(name) : name !== '' && name.isWellFormed();
}

export function isMetricName(name: string, scheme: NameScheme): boolean {
  return scheme === 'legacy' ? LEGACY_METRIC.test(name) : name !== '' && name.isWellFormed();
}

/** Report each name of a label mapping that may not be a label. `__name__` is the metric's own. */
export function checkLabelNames(labels: LabelRecord, place: Place, scheme: NameScheme, findings: Findings): void {
  for (const name of Object.keys(labels)) {
    if (name !== '__name__' && isLabelName(name, scheme)) continue;
    const remedy =
      name === '__name__'
        ? 'Remove it: __name__ is the name of the metric.'
        : 'Use letters, digits and underscores, not starting with a digit.';
    findings.problems.push(problemAt(below(place, name), `invalid label name: "${name}".`, remedy, 'key'));
  }
}
