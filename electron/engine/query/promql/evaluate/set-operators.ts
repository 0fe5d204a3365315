import type { Matching, SetOperator } from '../syntax/expr.ts';
import { mergeColumns } from './column.ts';
import type { Column } from './column.ts';
import { signatureKey } from './signature.ts';

/** `and`, `or`, `unless`: whether a point stays depends on points of matching series on the other side at the same step. */
export function combineSets(
  operator: SetOperator,
  matching: Matching | null,
  left: readonly Column[],
  right: readonly Column[],
): Column[] {
  switch (operator) {
    case 'and':
      return filterByPresence(left, presenceBySignature(right, matching), matching, 1);
    case 'unless':
      return filterByPresence(left, presenceBySignature(right, matching), matching, 0);
    case 'or':
      // Which points of the left side there are is read before the sides grow together.
      return mergeColumns([...left, ...filterByPresence(right, presenceBySignature(left, matching), matching, 0)]);
  }
}

/** By signature: 1 at each step at which any series with that signature has a point. */
function presenceBySignature(columns: readonly Column[], matching: Matching | null): Map<string, Uint8Array> {
  const presence = new Map<string, Uint8Array>();
  for (const { labels, present } of columns) {
    const key = signatureKey(labels, matching);
    const known = presence.get(key);
    if (known === undefined) presence.set(key, present.slice());
    else for (let i = 0; i < present.length; i++) if (present[i] === 1) known[i] = 1;
  }
  return presence;
}

/** The points that have (`wanted` 1) or lack (0) a counterpart. */
function filterByPresence(
  columns: readonly Column[],
  presence: ReadonlyMap<string, Uint8Array>,
  matching: Matching | null,
  wanted: 0 | 1,
): Column[] {
  return columns.filter(({ labels, present }) => {
    const other = presence.get(signatureKey(labels, matching));
    if (other === undefined) return wanted === 0;
    let found = false;
    for (let i = 0; i < present.length; i++) {
      if (other[i] !== wanted) present[i] = 0;
      else if (present[i] === 1) found = true;
    }
    return found;
  });
}
