import type { Expr } from '../syntax/expr.ts';
import { formatGoGeneral } from '../syntax/go-number.ts';
import type { Run } from './run.ts';

/** Warn of quantiles that are none. */
export function noteQuantiles(quantiles: Float64Array, expr: Expr, run: Run): void {
  for (const q of new Set(quantiles)) {
    if (q >= 0 && q <= 1) continue;
    run.notes.warn(`quantile value should be between 0 and 1, got ${formatGoGeneral(q)}`, expr.span);
  }
}
