import type { At, Expr } from '../promql/syntax/expr.ts';

/** Functions whose result depends on when they are asked, even of data from a fixed time. */
const TIME_DEPENDENT: ReadonlySet<string> = new Set([
  'days_in_month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'month',
  'year',
  'predict_linear',
  'time',
  'timestamp',
  'start',
  'end',
  'range',
  'step',
]);

/**
 * The expression with `@ <time>` on every selector and outer subquery that has none, so that it must have one value
 * whenever it is asked; `null` when it calls a function that looks at the time itself.
 */
export function pinTime(expr: Expr, timeMs: number): Expr | null {
  const at: At = { kind: 'time', timeMs };
  const called = new Set<string>();
  const pinned = pin(expr);
  return [...called].some((name) => TIME_DEPENDENT.has(name)) ? null : pinned;

  function pin(node: Expr): Expr {
    switch (node.kind) {
      case 'number':
      case 'string':
        return node;
      case 'selector':
        return { ...node, at: node.at ?? at };
      case 'matrix':
        return { ...node, selector: { ...node.selector, at: node.selector.at ?? at } };
      case 'subquery':
        return { ...node, at: node.at ?? at };
      case 'paren':
      case 'unary':
        return { ...node, expr: pin(node.expr) };
      case 'binary':
        return { ...node, left: pin(node.left), right: pin(node.right) };
      case 'aggregate':
        return {
          ...node,
          expr: pin(node.expr),
          parameter: node.parameter === null ? null : pin(node.parameter),
        };
      case 'call':
        called.add(node.name);
        return { ...node, args: node.args.map(pin) };
    }
  }
}
