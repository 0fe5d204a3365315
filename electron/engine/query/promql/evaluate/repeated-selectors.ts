import type { Expr } from '../syntax/expr.ts';
import { selectorKey } from './select.ts';

/** The selectors that an expression has more than once, by their keys: what they select is worth keeping. */
export function repeatedSelectors(expr: Expr): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  const visit = (node: Expr): void => {
    switch (node.kind) {
      case 'number':
      case 'string':
        return;
      case 'selector': {
        const key = selectorKey(node);
        if (seen.has(key)) repeated.add(key);
        seen.add(key);
        return;
      }
      case 'matrix':
        visit(node.selector);
        return;
      case 'paren':
      case 'unary':
      case 'subquery':
        visit(node.expr);
        return;
      case 'binary':
        visit(node.left);
        visit(node.right);
        return;
      case 'aggregate':
        visit(node.expr);
        if (node.parameter !== null) visit(node.parameter);
        return;
      case 'call':
        for (const arg of node.args) visit(arg);
    }
  };
  visit(expr);
  return repeated;
}
