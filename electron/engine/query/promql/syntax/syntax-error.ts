import type { SyntaxNode, Tree } from '@lezer/common';

import { describeToken } from './lex.ts';
import type { Token } from './lex.ts';
import { unknownFunction } from './functions.ts';
import { fail } from './problem.ts';

/** What the grammar was reading, in Prometheus's words: the place, and what should have stood there. */
const CONTEXTS: Readonly<Record<string, readonly [place: string, expected: string]>> = {
  AggregateExpr: ['aggregation', ''],
  AggregateModifier: ['grouping opts', '"("'],
  GroupingLabels: ['grouping opts', '"," or ")"'],
  MatchingModifierClause: ['grouping opts', '"("'],
  LabelMatchers: ['label matching', '"," or "}"'],
  UnquotedLabelMatcher: ['label matching', 'label matching operator'],
  QuotedLabelMatcher: ['label matching', 'string'],
  OffsetExpr: ['offset', 'number, duration, step(), or range()'],
  StepInvariantExpr: ['@', 'timestamp'],
  SubqueryExpr: ['subquery selector', 'number, duration, step(), or range() or "]"'],
  MatrixSelector: ['subquery or range selector', 'number, duration, step(), or range()'],
};

/** Refuse a text with an error in its tree, naming the token at which the grammar gave up. */
export function refuseErrors(tree: Tree, text: string, tokens: readonly Token[]): void {
  if (tokens.length === 0) fail(0, 'no expression found in input');
  const node = firstError(tree);
  if (node === null) return;
  // The grammar's parser gives up on longer chains, to keep its trees shallow.
  if (longestChain(tokens) > MAX_CHAIN) fail(0, `more than ${String(MAX_CHAIN)} operators in a row are not supported`);
  const token = tokens.find(({ start }) => start >= node.from);
  const before = tokens[(token === undefined ? tokens.length : tokens.indexOf(token)) - 1];
  if (token?.text === '(' && before?.kind === 'identifier' && describeToken(before).startsWith('identifier')) {
    fail(before.start, unknownFunction(before.text));
  }
  if (token?.text === ')' && before?.text === ',') {
    fail(before.start, 'trailing commas not allowed in function call args');
  }
  const [place, expected] = contextOf(node, before);
  const where = place === '' ? '' : ` in ${place}`;
  const wanted = expected === '' ? '' : `, expected ${expected}`;
  fail(token?.start ?? text.length, `unexpected ${describeToken(token)}${where}${wanted}`);
}

/** Source: @lezer/lr, Rec.MaxLeftAssociativeReductionCount. */
const MAX_CHAIN = 300;
const WORD_OPERATOR = /^(?:and|or|unless|atan2)$/i;

/** How many operators follow each other between the same brackets, at most. */
function longestChain(tokens: readonly Token[]): number {
  const counts = [0];
  let longest = 0;
  for (const { kind, text } of tokens) {
    if (kind === 'operator' || WORD_OPERATOR.test(text)) counts.push((counts.pop() ?? 0) + 1);
    else if (/^[([{]$/.test(text)) counts.push(0);
    else if (/^[)\]}]$/.test(text)) counts.pop();
    longest = Math.max(longest, counts.at(-1) ?? 0);
  }
  return longest;
}

function firstError(tree: Tree): SyntaxNode | null {
  let found: SyntaxNode | null = null;
  tree.iterate({
    enter(node) {
      if (found !== null) return false;
      if (node.type.isError) found = node.node;
      return undefined;
    },
  });
  return found;
}

function contextOf(error: SyntaxNode, before: Token | undefined): readonly [place: string, expected: string] {
  const parent = error.parent;
  if (parent === null) return ['', ''];
  const opening = before?.text === '(' || before?.text === '{' || before?.text === ',';
  if (parent.name === 'GroupingLabels' && opening) return ['grouping opts', 'label'];
  if (parent.name === 'LabelMatchers') {
    if (opening) return ['label matching', 'identifier or "}"'];
    if (before?.kind === 'identifier') return ['label matching', 'label matching operator'];
    if (before?.kind === 'operator') return ['label matching', 'string'];
  }
  return CONTEXTS[parent.name] ?? ['', ''];
}
