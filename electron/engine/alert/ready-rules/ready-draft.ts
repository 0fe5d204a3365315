import type { RuleDraft } from '../../../../shared/rule-kinds/rule-form.ts';
import { parsePromql, type Expr } from '../../query/promql/index.ts';
import { partsOf } from '../../query/promql/syntax/expr.ts';
import type { ReadyRule } from './ready-rule.ts';

/** A ready rule as it is written into a file. */
export function readyDraft({ name, severity, minutes, expr, text, zh }: ReadyRule): RuleDraft {
  return {
    name,
    expr,
    forMs: minutes * 60_000,
    keepFiringForMs: 0,
    labels: { severity },
    annotations: { summary: text, summary_zh: zh },
  };
}

/** The metrics that an expression reads, each once; none where it is no PromQL. */
export function metricNames(text: string): readonly string[] {
  const parsed = parsePromql(text);
  return parsed.ok ? [...new Set(namesIn(parsed.value))] : [];
}

function namesIn(expr: Expr): string[] {
  if (expr.kind === 'matrix') return [expr.selector.name];
  return expr.kind === 'selector' ? [expr.name] : partsOf(expr).flatMap(namesIn);
}
