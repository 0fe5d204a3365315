import type { SyntaxNode } from '@lezer/common';

import { buildMatchers } from './build-matchers.ts';
import { buildOperators } from './build-operators.ts';
import type { Aggregator, Expr, Span, VectorSelector } from './expr.ts';
import { signatureOf, unknownFunction } from './functions.ts';
import { fail } from './problem.ts';
import { buildLabels, buildNumber, buildString, children, textOf } from './read-node.ts';

/** Turn one expression node of the grammar into ours. `text` is the original query, for literals and positions. */
export function buildExpr(node: SyntaxNode, text: string): Expr {
  const span: Span = { start: node.from, end: node.to };
  switch (node.name) {
    case 'NumberDurationLiteral':
      return buildNumber(textOf(node, text), span);
    case 'StringLiteral':
      return { kind: 'string', value: buildString(node, text), span };
    case 'ParenExpr':
      return { kind: 'paren', expr: buildExpr(onlyExpr(node), text), span };
    case 'UnaryExpr':
    case 'BinaryExpr':
    case 'MatrixSelector':
    case 'SubqueryExpr':
    case 'OffsetExpr':
    case 'StepInvariantExpr':
    case 'AnchoredExpr':
    case 'SmoothedExpr':
      return buildOperators(node, text, buildExpr);
    case 'AggregateExpr':
      return buildAggregate(node, text);
    case 'FunctionCall':
      return buildCall(node, text);
    case 'VectorSelector':
      return buildSelector(node, text);
    default:
      return fail(span, `unexpected ${node.name}`);
  }
}

function onlyExpr(node: SyntaxNode): SyntaxNode {
  return children(node)[0] ?? fail(node.from, 'no expression found in input');
}

const WITH_PARAMETER: ReadonlySet<Aggregator> = new Set([
  'topk',
  'bottomk',
  'count_values',
  'quantile',
  'limitk',
  'limit_ratio',
]);

function buildAggregate(node: SyntaxNode, text: string): Expr {
  const parts = children(node);
  const operator = textOf(parts[0] as SyntaxNode, text).toLowerCase() as Aggregator;
  const span = { start: node.from, end: node.to };
  const modifier = parts.find(({ name }) => name === 'AggregateModifier');
  const modifierParts = modifier === undefined ? [] : children(modifier);
  const body = parts.find(({ name }) => name === 'FunctionCallBody');
  const args = body === undefined ? [] : children(body).map((arg) => buildExpr(arg, text));
  if (args.length === 0) fail(span, 'no arguments for aggregate expression provided');
  const wanted = WITH_PARAMETER.has(operator) ? 2 : 1;
  if (args.length !== wanted) {
    const given = String(args.length);
    fail(span, `wrong number of arguments for aggregate expression provided, expected ${String(wanted)}, got ${given}`);
  }
  return {
    kind: 'aggregate',
    operator,
    expr: args.at(-1) as Expr,
    parameter: wanted === 2 ? (args[0] as Expr) : null,
    grouping: modifierParts[1] === undefined ? [] : buildLabels(modifierParts[1], text),
    without: modifierParts[0]?.name === 'Without',
    span,
  };
}

function buildCall(node: SyntaxNode, text: string): Expr {
  const [nameNode, body] = children(node) as [SyntaxNode, SyntaxNode];
  const name = textOf(nameNode, text).trim();
  if (signatureOf(name) === null) fail(nameNode.from, unknownFunction(name));
  const args = children(body).map((arg, i) =>
    name === 'info' && i === 1 ? buildInfoSelector(arg, text) : buildExpr(arg, text),
  );
  return { kind: 'call', name, args, span: { start: node.from, end: node.to } };
}

/** The selector of `info` may select every series there is: it is joined with those that the other argument has. */
function buildInfoSelector(node: SyntaxNode, text: string): Expr {
  if (node.name !== 'VectorSelector')
    return fail(node.from, 'expected label selectors as the second argument to "info" function');
  const selector = buildSelector(node, text, 'any');
  if (selector.name !== '') fail(node.from, 'expected label selectors only, got vector selector instead');
  return selector;
}

function buildSelector(node: SyntaxNode, text: string, scope: 'narrow' | 'any' = 'narrow'): VectorSelector {
  const parts = children(node);
  const nameNode = parts.find(({ name }) => name === 'Identifier');
  const braces = parts.find(({ name }) => name === 'LabelMatchers');
  const name = nameNode === undefined ? '' : textOf(nameNode, text);
  const span = { start: node.from, end: node.to };
  const matchers = buildMatchers(name, braces === undefined ? [] : children(braces), text, span, scope);
  return { kind: 'selector', name, matchers, edge: null, offset: null, at: null, span };
}
