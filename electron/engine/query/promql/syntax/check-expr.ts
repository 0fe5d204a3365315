import { isComparison, isSetOperator } from './expr.ts';
import type { Aggregate, Binary, Call, Expr, ValueType } from './expr.ts';
import { signatureOf, unknownFunction } from './functions.ts';
import { quoteGo } from './go-text.ts';
import { fail } from './problem.ts';

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

/** The type of value that an expression has. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregate':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'paren':
    case 'unary':
      return typeOf(expr.expr);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
    case 'call':
      return signatureOf(expr.name)?.result ?? 'vector';
  }
}

/** Refuse an expression whose parts do not fit together. Throws `SyntaxFailure`. Source: Prometheus, parser.checkAST. */
export function checkExpr(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
    case 'matrix':
      break;
    case 'paren':
      checkExpr(expr.expr);
      break;
    case 'unary': {
      const type = checkExpr(expr.expr);
      if (type !== 'scalar' && type !== 'vector') {
        const given = quoteGo(TYPE_NAMES[type]);
        fail(expr.span, `unary expression only allowed on expressions of type scalar or instant vector, got ${given}`);
      }
      break;
    }
    case 'subquery': {
      const type = checkExpr(expr.expr);
      if (type !== 'vector') fail(expr.span, `subquery is only allowed on instant vector, got ${type} instead`);
      break;
    }
    case 'aggregate':
      checkAggregate(expr);
      break;
    case 'binary':
      checkBinary(expr);
      break;
    case 'call':
      checkCall(expr);
      break;
  }
  return typeOf(expr);
}

function expectType(expr: Expr, wanted: ValueType, context: string): void {
  const type = checkExpr(expr);
  if (type !== wanted) fail(expr.span, `expected type ${TYPE_NAMES[wanted]} in ${context}, got ${TYPE_NAMES[type]}`);
}

function checkAggregate({ operator, expr, parameter }: Aggregate): void {
  expectType(expr, 'vector', 'aggregation expression');
  if (parameter === null) return;
  expectType(parameter, operator === 'count_values' ? 'string' : 'scalar', 'aggregation parameter');
}

function checkBinary(expr: Binary): void {
  const { operator, left, right, returnBool, matching, fill, operatorSpan, span } = expr;
  const types = [checkExpr(left), checkExpr(right)];
  if (returnBool && !isComparison(operator)) {
    fail(operatorSpan, 'bool modifier can only be used on comparison operators');
  }
  if (isComparison(operator) && !returnBool && types.every((type) => type === 'scalar')) {
    fail(operatorSpan, 'comparisons between scalars must use BOOL modifier');
  }
  if (matching?.on === true) {
    const twice = matching.labels.find((label) => matching.include.includes(label));
    if (twice !== undefined) {
      fail(operatorSpan, `label ${quoteGo(twice)} must not occur in ON and GROUP clause at once`);
    }
  }
  for (const [i, side] of [left, right].entries()) {
    if (types[i] !== 'scalar' && types[i] !== 'vector') {
      fail(side.span, 'binary expression must contain only scalar and instant vector types');
    }
  }
  const hasScalar = types.includes('scalar');
  if (hasScalar && matching !== null && matching.labels.length > 0) {
    fail(span, 'vector matching only allowed between instant vectors');
  }
  if (hasScalar && fill !== null) fail(span, 'filling in missing series only allowed between instant vectors');
  if (isSetOperator(operator)) {
    if (fill !== null) fail(span, 'filling in missing series not allowed for set operators');
    if (!hasScalar && matching !== null && matching.group !== 'none') {
      fail(span, `no grouping allowed for ${quoteGo(operator)} operation`);
    }
    if (hasScalar) fail(span, `set operator ${quoteGo(operator)} not allowed in binary scalar expression`);
  }
}

function checkCall({ name, args, span }: Call): void {
  const signature = signatureOf(name);
  if (signature === null) return fail(span, unknownFunction(name));
  const { args: types, variadic } = signature;
  const given = String(args.length);
  const least = types.length - (variadic === 0 ? 0 : 1);
  if (variadic === 0 && args.length !== types.length) {
    fail(span, `expected ${String(least)} argument(s) in call to ${quoteGo(name)}, got ${given}`);
  }
  if (args.length < least) {
    fail(span, `expected at least ${String(least)} argument(s) in call to ${quoteGo(name)}, got ${given}`);
  }
  if (variadic > 0 && args.length > least + variadic) {
    fail(span, `expected at most ${String(least + variadic)} argument(s) in call to ${quoteGo(name)}, got ${given}`);
  }
  for (const [i, arg] of args.entries()) {
    const wanted = types[Math.min(i, types.length - 1)];
    if (wanted !== undefined) expectType(arg, wanted, `call to function ${quoteGo(name)}`);
  }
}
