import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

import type { Matcher } from '../../../../../shared/model/matcher.ts';
import { buildExpr } from './build-expr.ts';
import { checkExpr } from './check-expr.ts';
import type { Expr } from './expr.ts';
import { NO_FEATURES, refuseFeatures } from './features.ts';
import type { PromqlFeature } from './features.ts';
import { lex } from './lex.ts';
import { maskText } from './mask-text.ts';
import { fail, parseProblem, SyntaxFailure } from './problem.ts';
import type { ParseProblem } from './problem.ts';
import { refuseErrors } from './syntax-error.ts';

export type ParseResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: ParseProblem };

/**
 * Read a query. The tree is Prometheus's own grammar for editors, which forgives; what it lets pass (unknown functions,
 * wrong types, bad literals) is refused here, and so is what `features` do not switch on.
 */
export function parsePromql(text: string, features: ReadonlySet<PromqlFeature> = NO_FEATURES): ParseResult<Expr> {
  return attempt(text, () => {
    const expr = build(text);
    refuseFeatures(expr, features);
    checkExpr(expr);
    return expr;
  });
}

/** Read a bare selector, as `match[]` of the HTTP API takes it: no range, offset or `@`. */
export function parseSelector(text: string): ParseResult<readonly Matcher[]> {
  return attempt(text, () => {
    const expr = build(text);
    checkExpr(expr);
    if (expr.kind !== 'selector' || expr.offset !== null || expr.at !== null || expr.edge !== null) {
      return fail(expr.span, 'expected a series selector');
    }
    return expr.matchers;
  });
}

function build(text: string): Expr {
  const tokens = lex(text);
  const tree = parser.parse(maskText(text, tokens));
  refuseErrors(tree, text, tokens);
  refuseDepth(tree);
  const top = tree.topNode.firstChild;
  if (top === null) return fail(0, 'no expression found in input');
  return buildExpr(skipComments(top), text);
}

/** Reading and evaluating follow the tree down, so its depth must not be for the author of a query to choose. */
const MAX_DEPTH = 1000;

function refuseDepth(tree: Tree): void {
  const cursor = tree.cursor();
  let depth = 0;
  for (;;) {
    if (cursor.firstChild()) {
      depth++;
      if (depth > MAX_DEPTH) fail(cursor.from, 'expression is nested too deeply');
      continue;
    }
    while (!cursor.nextSibling()) {
      if (!cursor.parent()) return;
      depth--;
    }
  }
}

function skipComments(node: SyntaxNode): SyntaxNode {
  return node.name === 'LineComment' && node.nextSibling !== null ? skipComments(node.nextSibling) : node;
}

function attempt<T>(text: string, read: () => T): ParseResult<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error;
    return { ok: false, problem: parseProblem(text, error) };
  }
}
