import type { Trace } from '../evaluate/trace.ts';
import { partsOf } from '../syntax/expr.ts';
import type { Expr } from '../syntax/expr.ts';
import { formatExpr } from '../syntax/format-expr.ts';

/** One node of a query with what it cost. */
export interface ExplainedNode {
  /** The expression, in its canonical text. */
  readonly text: string;
  readonly kind: Expr['kind'];
  /** Series that the node gave; for a scalar 0. */
  readonly series: number;
  /** Samples that a selector read, and points that any other node gave. */
  readonly samples: number;
  /** Time of the node with everything below it. */
  readonly milliseconds: number;
  readonly children: readonly ExplainedNode[];
}

/** The tree of a query that was evaluated, with the figures of each node. */
export function explain(expr: Expr, trace: Trace): ExplainedNode {
  const children = partsOf(expr).map((part) => explain(part, trace));
  return { text: formatExpr(expr), kind: expr.kind, ...trace.figuresOf(expr), children };
}
