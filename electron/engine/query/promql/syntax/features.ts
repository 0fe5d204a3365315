import type { Expr } from './expr.ts';
import { signatureOf, unknownFunction } from './functions.ts';
import { fail } from './problem.ts';

/** A part of the language that has to be switched on, by the name that Prometheus's `--enable-feature` has for it. */
export type PromqlFeature =
  'promql-experimental-functions' | 'promql-extended-range-selectors' | 'promql-binop-fill-modifiers';

export const PROMQL_FEATURES: readonly PromqlFeature[] = [
  'promql-experimental-functions',
  'promql-extended-range-selectors',
  'promql-binop-fill-modifiers',
];

/** Those of the named features that change what the language accepts. */
export function promqlFeatures(names: readonly string[]): ReadonlySet<PromqlFeature> {
  return new Set(PROMQL_FEATURES.filter((feature) => names.includes(feature)));
}

export const NO_FEATURES: ReadonlySet<PromqlFeature> = new Set();

/** Refuse what is not switched on. Throws `SyntaxFailure`. */
export function refuseFeatures(expr: Expr, enabled: ReadonlySet<PromqlFeature>): void {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return;
    case 'selector':
      if (expr.edge !== null && !enabled.has('promql-extended-range-selectors')) {
        fail(expr.span, `${expr.edge} modifier is experimental and not enabled`);
      }
      return;
    case 'matrix':
      refuseFeatures({ ...expr.selector, span: expr.span }, enabled);
      return;
    case 'subquery':
    case 'paren':
    case 'unary':
      refuseFeatures(expr.expr, enabled);
      return;
    case 'binary':
      refuseFeatures(expr.left, enabled);
      if (expr.fill !== null && !enabled.has('promql-binop-fill-modifiers')) {
        fail(expr.operatorSpan, 'fill modifiers are experimental and not enabled');
      }
      refuseFeatures(expr.right, enabled);
      return;
    case 'aggregate':
      if (expr.operator.startsWith('limit') && !enabled.has('promql-experimental-functions')) {
        fail(expr.span, `${expr.operator}() is experimental and not enabled`);
      }
      if (expr.parameter !== null) refuseFeatures(expr.parameter, enabled);
      refuseFeatures(expr.expr, enabled);
      return;
    case 'call':
      if (signatureOf(expr.name)?.isExperimental === true && !enabled.has('promql-experimental-functions')) {
        fail(expr.span, unknownFunction(expr.name));
      }
      for (const arg of expr.args) refuseFeatures(arg, enabled);
  }
}
