import type { SyntaxNode } from '@lezer/common';

import type { NumberLiteral, Span } from './expr.ts';
import { parseGoNumber, parsePromDuration } from './go-number.ts';
import { quoteGo, unquoteGo } from './go-text.ts';
import { fail } from './problem.ts';

/** The piece of the query that a node covers. */
export function textOf(node: SyntaxNode, text: string): string {
  return text.slice(node.from, node.to);
}

/** The nodes below a node, comments left out. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') found.push(child);
  }
  return found;
}

/** A number or a duration, which counts as seconds; with or without a sign. */
export function buildNumber(literal: string, span: Span): NumberLiteral {
  const sign = literal.startsWith('-') ? -1 : 1;
  const unsigned = literal.replace(/^[-+]\s*/, '');
  const durationMs = /[a-z]/i.test(unsigned) ? parsePromDuration(unsigned) : null;
  if (durationMs !== null) return { kind: 'number', value: (sign * durationMs) / 1000, isDuration: true, span };
  const value = parseGoNumber(unsigned);
  if (value === null) return fail(span, `bad number or duration syntax: ${quoteGo(unsigned)}`);
  return { kind: 'number', value: sign * value, isDuration: false, span };
}

export function buildString(node: SyntaxNode, text: string): string {
  const quoted = textOf(node, text);
  return unquoteGo(quoted) ?? fail(node.from, `error unquoting string ${quoteGo(quoted)}: invalid syntax`);
}

/** The names between the parentheses of `by`, `on`, `group_left` and the like. */
export function buildLabels(node: SyntaxNode, text: string): string[] {
  return children(node).map((label) => {
    if (label.name !== 'QuotedLabelName') return textOf(label, text);
    const name = buildString(label, text);
    if (name === '' || !name.isWellFormed()) fail(label.from, `invalid label name for grouping: ${quoteGo(name)}`);
    return name;
  });
}
