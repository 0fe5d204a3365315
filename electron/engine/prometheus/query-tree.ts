import type { Matcher } from '../../../shared/model/matcher.ts';
import { typeOf } from '../query/promql/index.ts';
import { durationMs, isConstant } from '../query/promql/syntax/duration.ts';
import type { Binary, Call, Duration, Expr, Matching, Shift, VectorSelector } from '../query/promql/syntax/expr.ts';
import { signatureOf } from '../query/promql/syntax/functions.ts';
import { formatGoDecimal } from '../query/promql/syntax/go-number.ts';

/** `data` of `/api/v1/parse_query`: the tree of a query. Source: Prometheus, web/api/v1/translate_ast.go. */
export function queryTree(expr: Expr): unknown {
  switch (expr.kind) {
    case 'number':
      return { type: 'numberLiteral', val: formatGoDecimal(expr.value) };
    case 'string':
      return { type: 'stringLiteral', val: expr.value };
    case 'selector':
      return { type: 'vectorSelector', ...selectorParts(expr) };
    case 'matrix':
      return { type: 'matrixSelector', range: lengthMs(expr.range), ...selectorParts(expr.selector) };
    case 'subquery':
      return {
        type: 'subquery',
        expr: queryTree(expr.expr),
        range: lengthMs(expr.range),
        step: lengthMs(expr.step),
        ...shiftParts(expr),
      };
    case 'paren':
      return { type: 'parenExpr', expr: queryTree(expr.expr) };
    case 'unary':
      return { type: 'unaryExpr', op: expr.operator, expr: queryTree(expr.expr) };
    case 'binary':
      return binaryTree(expr);
    case 'aggregate':
      return {
        type: 'aggregation',
        op: expr.operator,
        expr: queryTree(expr.expr),
        param: expr.parameter === null ? null : queryTree(expr.parameter),
        grouping: expr.grouping,
        without: expr.without,
      };
    case 'call':
      return callTree(expr);
  }
}

function selectorParts(selector: VectorSelector): Record<string, unknown> {
  return { name: selector.name, matchers: selector.matchers.map(matcherData), ...shiftParts(selector) };
}

function matcherData({ name, value, operator }: Matcher): unknown {
  return { name, value, type: operator };
}

function shiftParts({ offset, at }: Shift): Record<string, unknown> {
  return {
    offset: lengthMs(offset),
    timestamp: at?.kind === 'time' ? at.timeMs : null,
    startOrEnd: at === null || at.kind === 'time' ? null : at.kind,
  };
}

function binaryTree({ operator, left, right, returnBool, matching }: Binary): unknown {
  const isBetweenVectors = typeOf(left) === 'vector' && typeOf(right) === 'vector';
  return {
    type: 'binaryExpr',
    op: operator,
    lhs: queryTree(left),
    rhs: queryTree(right),
    matching: isBetweenVectors ? matchingData(matching ?? DEFAULT_MATCHING, operator) : null,
    bool: returnBool,
  };
}

const DEFAULT_MATCHING: Matching = { on: false, labels: [], group: 'none', include: [] };
const CARDS = { none: 'one-to-one', left: 'many-to-one', right: 'one-to-many' } as const;

function matchingData({ on, labels, group, include }: Matching, operator: Binary['operator']): unknown {
  const isSet = operator === 'and' || operator === 'or' || operator === 'unless';
  return { card: isSet ? 'many-to-many' : CARDS[group], labels, on, include };
}

function callTree({ name, args }: Call): unknown {
  const signature = signatureOf(name);
  return {
    type: 'call',
    func: {
      name,
      argTypes: signature?.args ?? [],
      variadic: signature?.variadic ?? 0,
      returnType: signature?.result ?? 'vector',
    },
    args: args.map(queryTree),
  };
}

/** Milliseconds; 0 where nothing is written, and where the length depends on the range of a query. */
function lengthMs(duration: Duration | null): number {
  if (duration === null || !isConstant(duration)) return 0;
  return durationMs(duration, { stepMs: 0, rangeMs: 0 });
}
