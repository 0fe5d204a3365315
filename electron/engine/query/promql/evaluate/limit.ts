import { labelsKey } from '../../../../../shared/model/labels.ts';
import type { Expr } from '../syntax/expr.ts';
import { formatGoGeneral } from '../syntax/go-number.ts';
import type { Column } from './column.ts';
import { failExecution } from './run.ts';
import type { Run } from './run.ts';

/** `limitk`: the first `limits[step]` series that have a point at each step. */
export async function limitGroup(columns: readonly Column[], limits: Float64Array, run: Run): Promise<Column[]> {
  const kept = new Float64Array(limits.length);
  for (const { present } of columns) {
    for (let step = 0; step < limits.length; step++) {
      if (present[step] === 0) continue;
      if ((kept[step] as number) < (limits[step] as number)) kept[step] = (kept[step] as number) + 1;
      else present[step] = 0;
    }
    await run.budget.breathe();
  }
  return columns.filter(({ present }) => present.includes(1));
}

/** The share of series that `limit_ratio` keeps at each step: -1 to 1, beyond that with a warning. */
export function readRatios(ratios: Float64Array, expr: Expr, run: Run): Float64Array {
  if (ratios.includes(NaN)) failExecution('Ratio value is NaN');
  const [lowest, highest] = [Math.min(...ratios), Math.max(...ratios)];
  const warn = (ratio: number, limit: number): void => {
    const message = `ratio value should be between -1 and 1, got ${formatGoGeneral(ratio)}`;
    run.notes.warn(`${message}, capping to ${formatGoGeneral(limit)}`, expr.span);
  };
  if (highest > 1) warn(highest, 1);
  if (lowest < -1) warn(lowest, -1);
  return ratios.map((ratio) => Math.max(-1, Math.min(1, ratio)));
}

/**
 * `limit_ratio`: about this share of the series, always the same ones; a negative ratio keeps those that the positive
 * one which completes it to 1 leaves out.
 */
export async function sampleGroup(columns: readonly Column[], ratios: Float64Array, run: Run): Promise<Column[]> {
  for (const { labels, present } of columns) {
    const place = placeOf(labelsKey(labels));
    for (let step = 0; step < ratios.length; step++) {
      const ratio = ratios[step] as number;
      if (ratio >= 0 ? place >= ratio : place < 1 + ratio) present[step] = 0;
    }
    await run.budget.breathe();
  }
  return columns.filter(({ present }) => present.includes(1));
}

/** A number from 0 to below 1 that a text always has, spread evenly. Source: FNV-1a, with the final mix of MurmurHash3. */
function placeOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 2 ** 32;
}
