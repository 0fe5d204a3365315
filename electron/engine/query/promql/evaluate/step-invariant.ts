import { withoutParens } from '../syntax/expr.ts';
import type { Expr } from '../syntax/expr.ts';

/** Functions whose result depends on the time of evaluation even when their arguments do not. */
const TIME_DEPENDENT: ReadonlySet<string> = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
]);

/** Whether an expression has the same value at every step, so that one evaluation is enough. */
export function isStepInvariant(expr: Expr): boolean {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return true;
    case 'selector':
    case 'subquery':
      return expr.at !== null;
    case 'matrix':
      return expr.selector.at !== null;
    case 'paren':
    case 'unary':
      return isStepInvariant(expr.expr);
    case 'binary':
      return isStepInvariant(expr.left) && isStepInvariant(expr.right);
    case 'aggregate':
      return isStepInvariant(expr.expr) && (expr.parameter === null || isStepInvariant(expr.parameter));
    case 'call':
      // Only of a bare selector is it the time of the sample; of anything computed it is that of the step.
      if (expr.name === 'timestamp' && expr.args.some((arg) => withoutParens(arg).kind !== 'selector')) return false;
      return !TIME_DEPENDENT.has(expr.name) && expr.args.every(isStepInvariant);
  }
}
