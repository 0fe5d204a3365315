import { labelsToRecord, NO_LABELS, type Labels } from '../../../../shared/model/labels.ts';
import type { TemplateQuery } from '../template/expand-template.ts';

/** The answer of PromQL to an instant query, as far as rules read it. */
export type RuleAnswer =
  | { readonly type: 'vector'; readonly samples: readonly RuleSample[] }
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string' | 'matrix' };

export interface RuleSample {
  readonly labels: Labels;
  readonly value: number;
}

/** Ask PromQL at one instant, in epoch milliseconds. A failure is a value; an aborted signal may end it either way. */
export type RuleQuery = (
  expression: string,
  timeMs: number,
  signal: AbortSignal,
) => Promise<
  | { readonly ok: true; readonly value: RuleAnswer }
  | { readonly ok: false; readonly problem: { readonly message: string } }
>;

export type RuleSamples =
  { readonly ok: true; readonly samples: readonly RuleSample[] } | { readonly ok: false; readonly message: string };

/** Evaluate a rule's expression: a scalar counts as a vector of one sample without labels. */
export async function queryRule(
  query: RuleQuery,
  expression: string,
  timeMs: number,
  signal: AbortSignal,
): Promise<RuleSamples> {
  const answer = await query(expression, timeMs, signal);
  if (!answer.ok) return { ok: false, message: answer.problem.message };
  switch (answer.value.type) {
    case 'vector':
      return { ok: true, samples: answer.value.samples };
    case 'scalar':
      return { ok: true, samples: [{ labels: NO_LABELS, value: answer.value.value }] };
    default:
      return { ok: false, message: 'rule result is not a vector or scalar' };
  }
}

/** The `query` of templates, at the time of the evaluation. */
export function templateQuery(query: RuleQuery, timeMs: number, signal: AbortSignal): TemplateQuery {
  return async (expression) => {
    const answer = await queryRule(query, expression, timeMs, signal);
    if (!answer.ok) return answer;
    return {
      ok: true,
      samples: answer.samples.map(({ labels, value }) => ({ labels: labelsToRecord(labels), value })),
    };
  };
}
