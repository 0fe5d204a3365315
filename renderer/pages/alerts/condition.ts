import { readConstant } from './constant.ts';

/** A comparison of PromQL: `==` … `<=`. */
export type Comparison = '==' | '!=' | '>' | '<' | '>=' | '<=';

/** A rule's expression that compares something with a number. */
export interface Condition {
  /** What is compared: an expression of its own, that can be drawn. */
  readonly subject: string;
  readonly comparison: Comparison;
  readonly limit: number;
}

const FLIPPED: Readonly<Record<Comparison, Comparison>> = {
  '==': '==',
  '!=': '!=',
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
};

/** Words that bind less tightly than a comparison, or change what one means. */
const OTHER_WORDS = /^(?:and|or|unless|bool)$/i;
const TOKEN =
  /#[^\n]*|"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|`[^`]*`|[()[\]{}]|==|!=|>=|<=|=~|!~|[<>]|[A-Za-z_:][\w:]*|[^]/g;

/**
 * The comparison that an expression is, or null when it is none with a number: several comparisons, `and`, `or`,
 * `unless`, or two series compared with each other.
 */
export function readCondition(expr: string): Condition | null {
  const bare = withoutParentheses(expr.trim());
  let depth = 0;
  let found: { readonly at: number; readonly comparison: Comparison } | null = null;
  for (const { 0: token, index } of bare.matchAll(TOKEN)) {
    if ('([{'.includes(token)) depth++;
    else if (')]}'.includes(token)) depth--;
    if (depth > 0) continue;
    if (OTHER_WORDS.test(token)) return null;
    if (!isComparison(token)) continue;
    if (found !== null) return null;
    found = { at: index, comparison: token };
  }
  if (found === null) return null;
  const left = bare.slice(0, found.at).trim();
  const right = bare.slice(found.at + found.comparison.length).trim();
  const limit = readConstant(right);
  if (limit !== null) return { subject: left, comparison: found.comparison, limit };
  const leftLimit = readConstant(left);
  return leftLimit === null ? null : { subject: right, comparison: FLIPPED[found.comparison], limit: leftLimit };
}

function isComparison(token: string): token is Comparison {
  return token in FLIPPED;
}

/** Take off parentheses around the whole: `(a > 1)`. */
function withoutParentheses(expr: string): string {
  if (!expr.startsWith('(') || !expr.endsWith(')')) return expr;
  let depth = 0;
  for (const { 0: token, index } of expr.matchAll(TOKEN)) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    if (depth === 0) return index === expr.length - 1 ? withoutParentheses(expr.slice(1, -1).trim()) : expr;
  }
  return expr;
}
