import type { Matching, SetOperator } from '../syntax/expr.ts';
import { mergeColumns } from './column.ts';
import type { Column } from './column.ts';
import type { Run } from './run.ts';
import { signatureKey } from './signature.ts';

/** `and`, `or`, `unless`: whether a point stays depends on points of matching series on the other side at the same step. */
export async function combineSets(
  operator: SetOperator,
  matching: Matching | null,
  left: readonly Column[],
  right: readonly Column[],
  run: Run,
): Promise<Column[]> {
  const [kept, asked] = operator === 'or' ? [right, left] : [left, right];
  const presence = await presenceBySignature(asked, matching, run);
  const filtered = await filterByPresence(kept, presence, matching, operator === 'and' ? 1 : 0, run);
  return operator === 'or' ? mergeColumns([...left, ...filtered]) : filtered;
}

/** By signature: 1 at each step at which any series with that signature has a point. */
async function presenceBySignature(
  columns: readonly Column[],
  matching: Matching | null,
  run: Run,
): Promise<Map<string, Uint8Array>> {
  const presence = new Map<string, Uint8Array>();
  for (const { labels, present } of columns) {
    const key = signatureKey(labels, matching);
    const known = presence.get(key);
    if (known === undefined) presence.set(key, present.slice());
    else for (let i = 0; i < present.length; i++) if (present[i] === 1) known[i] = 1;
    await run.budget.breathe();
  }
  return presence;
}

/** The points that have (`wanted` 1) or lack (0) a counterpart. */
async function filterByPresence(
  columns: readonly Column[],
  presence: ReadonlyMap<string, Uint8Array>,
  matching: Matching | null,
  wanted: 0 | 1,
  run: Run,
): Promise<Column[]> {
  const kept: Column[] = [];
  for (const column of columns) {
    const { labels, present } = column;
    const other = presence.get(signatureKey(labels, matching));
    if (other === undefined) {
      if (wanted === 0) kept.push(column);
      continue;
    }
    let found = false;
    for (let i = 0; i < present.length; i++) {
      if (other[i] !== wanted) present[i] = 0;
      else if (present[i] === 1) found = true;
    }
    if (found) kept.push(column);
    await run.budget.breathe();
  }
  return kept;
}
