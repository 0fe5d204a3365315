import type { SyntaxNode } from '@lezer/common';

import { METRIC_NAME } from '../../../../../shared/model/labels.ts';
import type { Matcher, MatchOperator } from '../../../../../shared/model/matcher.ts';
import { anchoredRegex } from './anchored-regex.ts';
import type { Span } from './expr.ts';
import { quoteGo, unquoteGo } from './go-text.ts';
import { fail } from './problem.ts';

/** Matchers of a selector, the name among them; a `narrow` one may not select every series there is. */
export function buildMatchers(
  name: string,
  items: readonly SyntaxNode[],
  text: string,
  span: Span,
  scope: 'narrow' | 'any',
): Matcher[] {
  const matchers = items.map((item) => buildMatcher(item, text));
  const quotedName = items.filter(({ name: kind }) => kind === 'QuotedLabelName').length;
  if (quotedName > 1 || (name !== '' && quotedName === 1)) {
    const names = matchers.filter((matcher) => matcher.name === METRIC_NAME).map(({ value }) => value);
    fail(
      span,
      `metric name must not be set twice: ${quoteGo(name || (names[0] ?? ''))} or ${quoteGo(names.at(-1) ?? '')}`,
    );
  }
  if (name !== '') {
    const again = matchers.find((matcher) => matcher.name === METRIC_NAME);
    if (again !== undefined) {
      fail(span, `metric name must not be set twice: ${quoteGo(name)} or ${quoteGo(again.value)}`);
    }
    return [...matchers, { name: METRIC_NAME, operator: '=', value: name }];
  }
  if (scope === 'narrow' && matchers.every(matchesEmpty))
    fail(span, 'vector selector must contain at least one non-empty matcher');
  return matchers;
}

function buildMatcher(item: SyntaxNode, text: string): Matcher {
  if (item.name === 'QuotedLabelName') {
    const value = readString(item.firstChild ?? item, text);
    return { name: METRIC_NAME, operator: '=', value };
  }
  const [nameNode, operatorNode, valueNode] = [item.firstChild, item.firstChild?.nextSibling, item.lastChild];
  if (!nameNode || !operatorNode || !valueNode) return fail(item.from, 'unexpected end of input in label matching');
  const name =
    nameNode.name === 'QuotedLabelName' ? readString(nameNode, text) : text.slice(nameNode.from, nameNode.to);
  const operator = text.slice(operatorNode.from, operatorNode.to) as MatchOperator;
  const value = readString(valueNode, text);
  if (operator === '=~' || operator === '!~') {
    const regex = anchoredRegex(value);
    if (!regex.ok) fail(item.from, regex.message);
  }
  return { name, operator, value };
}

function readString(node: SyntaxNode, text: string): string {
  const quoted = text.slice(node.from, node.to).trim();
  return unquoteGo(quoted) ?? fail(node.from, `error unquoting string ${quoteGo(quoted)}: invalid syntax`);
}

function matchesEmpty({ operator, value }: Matcher): boolean {
  switch (operator) {
    case '=':
      return value === '';
    case '!=':
      return value !== '';
    case '=~':
    case '!~': {
      const regex = anchoredRegex(value);
      return regex.ok && regex.pattern.matches('') === (operator === '=~');
    }
  }
}
