import { METRIC_NAME, onlyLabels, withoutLabels } from '../../../../../shared/model/labels.ts';
import type { Labels } from '../../../../../shared/model/labels.ts';
import type { Fill, Matching } from '../syntax/expr.ts';
import { newColumn } from './column.ts';
import type { Column } from './column.ts';
import { signatureKey } from './signature.ts';

/**
 * Both sides of an operation with what each lacks: where series of one side match none of the other, that one gets a
 * series of the filled value, known by the labels that they match on alone. Source: Prometheus manual, "fill modifiers".
 */
export function fillMissing(
  left: readonly Column[],
  right: readonly Column[],
  fill: Fill,
  matching: Matching | null,
): { readonly left: readonly Column[]; readonly right: readonly Column[] } {
  return {
    left: fill.left === null ? left : [...left, ...missing(left, right, fill.left, matching)],
    right: fill.right === null ? right : [...right, ...missing(right, left, fill.right, matching)],
  };
}

function missing(
  side: readonly Column[],
  other: readonly Column[],
  value: number,
  matching: Matching | null,
): Column[] {
  const filled = new Map<string, Column>();
  for (const { labels, present } of other) {
    const key = signatureKey(labels, matching);
    let column = filled.get(key);
    if (column === undefined) {
      column = newColumn(matchedLabels(labels, matching), present.length);
      column.values.fill(value);
      filled.set(key, column);
    }
    for (let i = 0; i < present.length; i++) if (present[i] === 1) column.present[i] = 1;
  }
  for (const { labels, present } of side) {
    const column = filled.get(signatureKey(labels, matching));
    if (column === undefined) continue;
    for (let i = 0; i < present.length; i++) if (present[i] === 1) column.present[i] = 0;
  }
  return [...filled.values()].filter(({ present }) => present.includes(1));
}

function matchedLabels(labels: Labels, matching: Matching | null): Labels {
  if (matching?.on === true) return onlyLabels(labels, matching.labels);
  return withoutLabels(labels, [METRIC_NAME, ...(matching?.labels ?? [])]);
}
