import { formatExpr, parsePromql, type Expr } from '../../query/promql/index.ts';
import { isComparison, withoutParens, type ComparisonOperator } from '../../query/promql/syntax/expr.ts';

/** A rule that compares something with a number. */
export interface RuleLimit {
  /** What is compared, as an expression of its own. */
  readonly subject: string;
  readonly comparison: ComparisonOperator;
  readonly limit: number;
}

const FLIPPED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
};

/** The limit of a rule's expression; null where it is not one comparison with a number. */
export function findLimit(text: string): RuleLimit | null {
  const parsed = parsePromql(text);
  if (!parsed.ok) return null;
  const expr = withoutParens(parsed.value);
  if (expr.kind !== 'binary' || !isComparison(expr.operator) || expr.returnBool) return null;
  const right = numberOf(expr.right);
  if (right !== null) return { subject: formatExpr(expr.left), comparison: expr.operator, limit: right };
  const left = numberOf(expr.left);
  return left === null ? null : { subject: formatExpr(expr.right), comparison: FLIPPED[expr.operator], limit: left };
}

/** The value of an expression of numbers alone. */
function numberOf(expr: Expr): number | null {
  switch (expr.kind) {
    case 'number':
      return expr.value;
    case 'paren':
      return numberOf(expr.expr);
    case 'unary': {
      const value = numberOf(expr.expr);
      return value === null ? null : expr.operator === '-' ? -value : value;
    }
    case 'binary': {
      const [left, right] = [numberOf(expr.left), numberOf(expr.right)];
      if (left === null || right === null) return null;
      switch (expr.operator) {
        case '+':
          return left + right;
        case '-':
          return left - right;
        case '*':
          return left * right;
        case '/':
          return left / right;
        default:
          return null;
      }
    }
    default:
      return null;
  }
}
