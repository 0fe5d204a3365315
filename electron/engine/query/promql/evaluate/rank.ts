import { formatGoFloat } from '../syntax/go-number.ts';
import type { Column } from './column.ts';
import { failExecution } from './run.ts';

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
export function rankGroup(columns: readonly Column[], limits: Float64Array, sign: 1 | -1): Column[] {
  const ranked: number[] = [];
  for (let step = 0; step < limits.length; step++) {
    ranked.length = 0;
    for (let c = 0; c < columns.length; c++) if ((columns[c] as Column).present[step] === 1) ranked.push(c);
    const limit = limits[step] as number;
    if (ranked.length <= limit && limits.length > 1) continue;
    const valueOf = (c: number): number => (columns[c] as Column).values[step] as number;
    ranked.sort((a, b) => compare(valueOf(a), valueOf(b), sign) || a - b);
    for (let r = limit; r < ranked.length; r++) (columns[ranked[r] as number] as Column).present[step] = 0;
  }
  if (limits.length === 1) return ranked.slice(0, limits[0]).map((c) => columns[c] as Column);
  return columns.filter(({ present }) => present.includes(1));
}

function compare(left: number, right: number, sign: 1 | -1): number {
  if (left !== left) return right !== right ? 0 : 1;
  if (right !== right) return -1;
  return left === right ? 0 : left > right ? -sign : sign;
}
