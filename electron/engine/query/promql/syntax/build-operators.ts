import type { SyntaxNode } from '@lezer/common';

import { applyModifier } from './build-modifiers.ts';
import type { BinaryOperator, Expr, Fill, Matching } from './expr.ts';
import { quoteGo } from './go-text.ts';
import { fail } from './problem.ts';
import { buildLabels, buildNumber, children, textOf } from './read-node.ts';

interface Sign {
  readonly kind: 'sign';
  readonly operator: '+' | '-';
  readonly start: number;
}

interface Infix {
  readonly kind: 'infix';
  readonly operator: BinaryOperator;
  readonly node: SyntaxNode;
  readonly modifiers: readonly SyntaxNode[];
}

type Item = Sign | Infix | { readonly kind: 'operand'; readonly expr: Expr };

const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
const POWER = 6;

/**
 * Build an expression of operators and modifiers. The grammar made for editors lets `offset`, `@` and ranges bind weaker
 * than operators (`a + b offset 5m` is one offset around the sum) and reads `-1 ^ 2` as `(-1) ^ 2`. So the tree is laid
 * out flat, each modifier goes to the operand before it, and the precedence of Prometheus is applied anew.
 */
export function buildOperators(
  node: SyntaxNode,
  text: string,
  buildOperand: (node: SyntaxNode, text: string) => Expr,
): Expr {
  const items: Item[] = [];
  flatten(node);
  let at = 0;
  return climb(1);

  function flatten(part: SyntaxNode): void {
    const inner = children(part);
    switch (part.name) {
      case 'BinaryExpr': {
        const [left, operatorNode] = inner as [SyntaxNode, SyntaxNode];
        flatten(left);
        const operator = textOf(operatorNode, text).toLowerCase() as BinaryOperator;
        items.push({ kind: 'infix', operator, node: operatorNode, modifiers: inner.slice(2, -1) });
        flatten(inner.at(-1) as SyntaxNode);
        return;
      }
      case 'UnaryExpr':
        items.push({ kind: 'sign', operator: text[part.from] === '-' ? '-' : '+', start: part.from });
        flatten(inner[1] as SyntaxNode);
        return;
      case 'MatrixSelector':
      case 'SubqueryExpr':
      case 'OffsetExpr':
      case 'StepInvariantExpr':
      case 'AnchoredExpr':
      case 'SmoothedExpr': {
        flatten(inner[0] as SyntaxNode);
        const last = items.pop();
        if (last?.kind === 'operand') items.push({ kind: 'operand', expr: applyModifier(last.expr, part, text) });
        return;
      }
      case 'NumberDurationLiteral':
        flattenNumber(part);
        return;
      default:
        items.push({ kind: 'operand', expr: buildOperand(part, text) });
    }
  }

  function flattenNumber(part: SyntaxNode): void {
    const expr = buildOperand(part, text);
    const operator = text[part.from];
    if (expr.kind !== 'number' || (operator !== '-' && operator !== '+')) {
      items.push({ kind: 'operand', expr });
      return;
    }
    items.push({ kind: 'sign', operator, start: part.from });
    const value = operator === '-' ? -expr.value : expr.value;
    items.push({ kind: 'operand', expr: { ...expr, value, span: { start: part.from + 1, end: part.to } } });
  }

  function climb(lowest: number): Expr {
    let left = signed();
    for (let item = items[at]; item?.kind === 'infix'; item = items[at]) {
      const precedence = PRECEDENCE[item.operator];
      if (precedence < lowest) break;
      at++;
      const right = climb(item.operator === '^' ? precedence : precedence + 1);
      left = binary(item, left, right, text);
    }
    return left;
  }

  function signed(): Expr {
    const item = items[at++];
    if (item?.kind === 'operand') return item.expr;
    if (item?.kind !== 'sign') return fail(node.from, 'no expression found in input');
    // A sign binds like `*`, so of what follows it takes only powers.
    const expr = climb(POWER);
    const span = { start: item.start, end: expr.span.end };
    if (expr.kind === 'number') return { ...expr, value: item.operator === '-' ? -expr.value : expr.value, span };
    return { kind: 'unary', operator: item.operator, expr, span };
  }
}

function binary({ operator, node, modifiers }: Infix, left: Expr, right: Expr, text: string): Expr {
  if (!(operator in PRECEDENCE)) fail(node.from, `operator ${quoteGo(operator)} works on native histograms only`);
  const matching = modifiers.find(({ name }) => name === 'MatchingModifierClause');
  return {
    kind: 'binary',
    operator,
    left,
    right,
    returnBool: modifiers.some(({ name }) => name === 'BoolModifier'),
    matching: matching === undefined ? null : buildMatching(matching, text),
    fill: buildFill(
      modifiers.find(({ name }) => name === 'FillModifier'),
      text,
    ),
    operatorSpan: { start: node.from, end: (modifiers.at(-1) ?? node).to },
    span: { start: left.span.start, end: right.span.end },
  };
}

function buildMatching(node: SyntaxNode, text: string): Matching {
  const parts = children(node);
  const lists = parts.filter(({ name }) => name === 'GroupingLabels').map((list) => buildLabels(list, text));
  const has = (name: string): boolean => parts.some((part) => part.name === name);
  const group = has('GroupLeft') ? 'left' : has('GroupRight') ? 'right' : 'none';
  return { on: has('On'), labels: lists[0] ?? [], group, include: lists[1] ?? [] };
}

function buildFill(modifier: SyntaxNode | undefined, text: string): Fill | null {
  if (modifier === undefined) return null;
  const fill: { left: number | null; right: number | null } = { left: null, right: null };
  for (const clause of children(modifier)) {
    const literal = children(clause).at(-1) as SyntaxNode;
    const { value } = buildNumber(textOf(literal, text), { start: literal.from, end: literal.to });
    if (clause.name !== 'FillRightClause') fill.left = value;
    if (clause.name !== 'FillLeftClause') fill.right = value;
  }
  return fill;
}
