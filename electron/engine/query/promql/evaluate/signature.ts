import { METRIC_NAME } from '../../../../../shared/model/labels.ts';
import type { Labels } from '../../../../../shared/model/labels.ts';
import type { Matching } from '../syntax/expr.ts';

const SEPARATOR = '\u0000';

/** A key that is equal for series that match: the labels of `on`, or all but the name and those of `ignoring`. */
export function signatureKey(labels: Labels, matching: Matching | null): string {
  if (matching?.on === true) return keyOf(labels, (name) => matching.labels.includes(name));
  const ignored = matching?.labels ?? [];
  return keyOf(labels, (name) => name !== METRIC_NAME && !ignored.includes(name));
}

/** A key that is equal for series of one group of an aggregation. */
export function groupKey(labels: Labels, grouping: readonly string[], without: boolean): string {
  if (!without && grouping.length === 0) return '';
  if (!without) return keyOf(labels, (name) => grouping.includes(name));
  return keyOf(labels, (name) => name !== METRIC_NAME && !grouping.includes(name));
}

function keyOf(labels: Labels, counts: (name: string) => boolean): string {
  let key = '';
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i] as string;
    if (counts(name)) key += name + SEPARATOR + (labels[i + 1] as string) + SEPARATOR;
  }
  return key;
}
