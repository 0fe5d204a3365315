import type { SyntaxNode } from '@lezer/common';

import { durationFault, durationMs, isConstant } from './duration.ts';
import type { Duration } from './expr.ts';
import { parseGoNumber, parsePromDuration } from './go-number.ts';
import { quoteGo } from './go-text.ts';
import { fail } from './problem.ts';

const NO_EXTENT = { stepMs: 0, rangeMs: 0 };

type Combined = Duration & { kind: 'combine' };

/** Read a duration or arithmetic on durations; `positive` refuses constant ones that are not above zero. */
export function buildDuration(node: SyntaxNode, text: string, sign: 'positive' | 'any'): Duration {
  const duration = build(node, text);
  if (isConstant(duration)) {
    const fault = durationFault(duration, NO_EXTENT);
    if (fault !== null) fail(duration.span, fault);
    const ms = durationMs(duration, NO_EXTENT);
    if (!Number.isFinite(ms) || Math.abs(ms) > 9.223372036854e15) fail(duration.span, 'duration out of range');
    if (sign === 'positive' && ms <= 0) fail(duration.span, 'duration must be greater than 0');
  }
  return duration;
}

function build(node: SyntaxNode, text: string): Duration {
  const span = { start: node.from, end: node.to };
  const parts: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'LineComment') parts.push(child);
  }
  if (node.name === 'NumberDurationLiteralInDurationContext') return literal(node, text);
  const [first, second, third] = parts;
  if (first === undefined) return fail(span, 'unexpected end of input in duration');
  switch (first.name) {
    case 'DurationStep':
      return { kind: 'step', span };
    case 'DurationRange':
      return { kind: 'range', span };
    case 'DurationMinOf':
    case 'DurationMaxOf': {
      const operator = first.name === 'DurationMinOf' ? 'min_of' : 'max_of';
      return { kind: 'combine', operator, left: build(second ?? node, text), right: build(third ?? node, text), span };
    }
    case 'UnaryOp': {
      const operand = build(second ?? node, text);
      return text[first.from] === '-' ? { kind: 'negate', operand, span } : operand;
    }
    default: {
      if (second === undefined || third === undefined) return build(first, text);
      const operator = text.slice(second.from, second.to) as Combined['operator'];
      return { kind: 'combine', operator, left: build(first, text), right: build(third, text), span };
    }
  }
}

function literal(node: SyntaxNode, text: string): Duration {
  const spelled = text.slice(node.from, node.to);
  const span = { start: node.from, end: node.to };
  const ms = parsePromDuration(spelled);
  const seconds = ms === null ? parseGoNumber(spelled) : ms / 1000;
  if (seconds === null || !Number.isFinite(seconds)) {
    return fail(span, `bad number or duration syntax: ${quoteGo(spelled)}`);
  }
  return { kind: 'seconds', seconds, span };
}
