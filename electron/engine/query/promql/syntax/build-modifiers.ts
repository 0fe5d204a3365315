import type { SyntaxNode } from '@lezer/common';

import { buildDuration } from './build-duration.ts';
import type { At, Expr, MatrixSelector, Subquery, VectorSelector, WindowEdge } from './expr.ts';
import { fail } from './problem.ts';
import { buildNumber, children, textOf } from './read-node.ts';

/** Put what a modifier node writes after an expression (a range, a subquery, `offset`, `@`) on that expression. */
export function applyModifier(expr: Expr, node: SyntaxNode, text: string): Expr {
  switch (node.name) {
    case 'MatrixSelector':
      return buildMatrix(expr, node, text);
    case 'SubqueryExpr':
      return buildSubquery(expr, node, text);
    case 'OffsetExpr':
      return buildOffset(expr, node, text);
    case 'AnchoredExpr':
      return buildEdge(expr, node, 'anchored');
    case 'SmoothedExpr':
      return buildEdge(expr, node, 'smoothed');
    default:
      return buildAt(expr, node, text);
  }
}

function buildMatrix(selector: Expr, node: SyntaxNode, text: string): MatrixSelector {
  const [inner, rangeNode] = children(node) as [SyntaxNode, SyntaxNode];
  const bracket = text.indexOf('[', inner.to);
  if (selector.kind !== 'selector') return fail(bracket, 'ranges only allowed for vector selectors');
  if (selector.offset !== null) fail(bracket, 'no offset modifiers allowed before range');
  if (selector.at !== null) fail(bracket, 'no @ modifiers allowed before range');
  const range = buildDuration(rangeNode, text, 'positive');
  return { kind: 'matrix', selector, range, span: { start: selector.span.start, end: node.to } };
}

function buildSubquery(expr: Expr, node: SyntaxNode, text: string): Subquery {
  const [, rangeNode, stepNode] = children(node) as [SyntaxNode, SyntaxNode, SyntaxNode | undefined];
  return {
    kind: 'subquery',
    expr,
    range: buildDuration(rangeNode, text, 'positive'),
    step: stepNode === undefined ? null : buildDuration(stepNode, text, 'positive'),
    offset: null,
    at: null,
    span: { start: expr.span.start, end: node.to },
  };
}

function buildOffset(expr: Expr, node: SyntaxNode, text: string): Expr {
  const parts = children(node);
  const offset = buildDuration(parts.at(-1) as SyntaxNode, text, 'any');
  return shift(expr, node, (target) => {
    if (target.offset !== null) fail(target.span, 'offset may not be set multiple times');
    return { ...target, offset };
  });
}

function buildAt(expr: Expr, node: SyntaxNode, text: string): Expr {
  const parts = children(node);
  const at = buildTimestamp(parts.at(-1) as SyntaxNode, text);
  return shift(expr, node, (target) => {
    if (target.at !== null) fail(target.span, '@ <timestamp> may not be set multiple times');
    return { ...target, at };
  });
}

function buildEdge(expr: Expr, node: SyntaxNode, edge: WindowEdge): Expr {
  const span = { start: expr.span.start, end: node.to };
  const selector = expr.kind === 'matrix' ? expr.selector : expr;
  if (selector.kind !== 'selector') {
    return fail(expr.span, `${edge} modifier must be preceded by an instant vector selector or range vector selector`);
  }
  if (selector.edge !== null) fail(expr.span, 'anchored and smoothed modifiers cannot be used together');
  if (expr.kind === 'matrix') return { ...expr, selector: { ...selector, edge }, span };
  if (edge === 'anchored') fail(expr.span, 'anchored modifier can only be applied to range vector selectors');
  return { ...selector, edge, span };
}

function buildTimestamp(node: SyntaxNode, text: string): At {
  if (node.name === 'AtModifierPreprocessors') {
    return { kind: textOf(node, text).toLowerCase().startsWith('start') ? 'start' : 'end' };
  }
  const literal = buildNumber(textOf(node, text), { start: node.from, end: node.to });
  const timeMs = Math.round(literal.value * 1000);
  if (!Number.isFinite(timeMs)) fail(node.from, `timestamp out of bounds for @ modifier: ${textOf(node, text)}`);
  return { kind: 'time', timeMs };
}

/** Put a modifier on what it follows, which is a selector with or without a range, or a subquery. */
function shift(
  expr: Expr,
  node: SyntaxNode,
  change: <T extends VectorSelector | Subquery>(target: T) => T,
): VectorSelector | Subquery | MatrixSelector {
  const span = { start: expr.span.start, end: node.to };
  if (expr.kind === 'matrix') return { ...expr, selector: change(expr.selector), span };
  if (expr.kind === 'selector' || expr.kind === 'subquery') return { ...change(expr), span };
  const modifier = node.name === 'OffsetExpr' ? 'offset modifier' : '@ modifier';
  return fail(
    expr.span,
    `${modifier} must be preceded by an instant vector selector or range vector selector or a subquery`,
  );
}
