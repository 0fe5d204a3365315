import { formatGoFloat } from '../syntax/go-number.ts';
import type { Column } from './column.ts';
import { failExecution } from './run.ts';
import type { Run } from './run.ts';

/** How many series `topk` and `bottomk` may keep at each step: whole numbers, 0 for none. */
export function readLimits(values: Float64Array): Float64Array {
  return values.map((value) => {
    if (value !== value) failExecution('Parameter value is NaN');
    if (value >= 2 ** 63 || value <= -(2 ** 63)) {
      failExecution(`Scalar value ${formatGoFloat(value)} overflows int64`);
    }
    return Math.max(0, Math.trunc(value));
  });
}

/**
 * Keep the `limits[step]` series with the highest (`sign` 1) or lowest (-1) values at each step; NaN ranks last, and of
 * equal ones the first stay. At a single step the result is in rank order.
 */
export async function rankGroup(
  columns: readonly Column[],
  limits: Float64Array,
  sign: 1 | -1,
  run: Run,
): Promise<Column[]> {
  let ranked: number[] = [];
  for (let step = 0; step < limits.length; step++) {
    ranked = best(columns, step, limits[step] as number, sign);
    const kept = new Set(ranked);
    for (const [c, { present }] of columns.entries()) if (!kept.has(c)) present[step] = 0;
    await run.budget.breathe();
  }
  if (limits.length === 1) return ranked.map((c) => columns[c] as Column);
  return columns.filter(({ present }) => present.includes(1));
}

/** The indexes of the best columns at a step, best first: most columns lose against the last of them at once. */
function best(columns: readonly Column[], step: number, limit: number, sign: 1 | -1): number[] {
  const ranked: number[] = [];
  const valueOf = (c: number): number => (columns[c] as Column).values[step] as number;
  if (limit < columns.length / 8) {
    for (let c = 0; c < columns.length && limit > 0; c++) {
      if ((columns[c] as Column).present[step] === 0) continue;
      const value = valueOf(c);
      if (ranked.length === limit && compare(value, valueOf(ranked[limit - 1] as number), sign) >= 0) continue;
      let place = ranked.length === limit ? limit - 1 : ranked.length;
      for (; place > 0 && compare(value, valueOf(ranked[place - 1] as number), sign) < 0; place--) {
        ranked[place] = ranked[place - 1] as number;
      }
      ranked[place] = c;
    }
    return ranked;
  }
  for (let c = 0; c < columns.length; c++) if ((columns[c] as Column).present[step] === 1) ranked.push(c);
  ranked.sort((a, b) => compare(valueOf(a), valueOf(b), sign) || a - b);
  return ranked.slice(0, limit);
}

function compare(left: number, right: number, sign: 1 | -1): number {
  if (left !== left) return right !== right ? 0 : 1;
  if (right !== right) return -1;
  return left === right ? 0 : left > right ? -sign : sign;
}
