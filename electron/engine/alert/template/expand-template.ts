import { BUILTINS } from './builtin-functions.ts';
import { evaluateTemplate } from './evaluate-template.ts';
import { parseTemplate } from './parse-template.ts';
import type { TemplateProblem } from './template-problem.ts';
import { PROMETHEUS_FUNCTION_NAMES, prometheusFunctions, type TemplateSample } from './prometheus-functions.ts';
import type { ParsedTemplate } from './syntax.ts';
import { CallFailure, stringMap, type TemplateStruct, type TemplateValue } from './template-value.ts';

export type ExpandResult =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: TemplateProblem };

/** The query of a template: samples sorted as PromQL gave them, or why there are none. */
export type TemplateQuery = (
  expression: string,
) => Promise<
  { readonly ok: true; readonly samples: readonly TemplateSample[] } | { readonly ok: false; readonly message: string }
>;

export interface ExpandContext {
  readonly query: TemplateQuery;
  readonly nowMs: number;
  readonly externalUrl: string;
  readonly missingKey?: 'zero' | 'error';
}

export type CompiledTemplate =
  | { readonly ok: true; readonly name: string; readonly parsed: ParsedTemplate | { readonly plain: string } }
  | { readonly ok: false; readonly problem: TemplateProblem };

/** The variables that a rule's templates begin with. They are text in front, so that places in messages equal Prometheus's. */
export const RULE_PREFIX =
  '{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}';

const FUNCTION_NAMES: ReadonlySet<string> = new Set([...BUILTINS.keys(), ...PROMETHEUS_FUNCTION_NAMES]);

/**
 * Parse a template once, to be expanded for many series.
 *
 * @param name   the template's name in messages; a rule's is `__alert_NAME`
 * @param prefix put in front of the text, {@link RULE_PREFIX} for a rule
 */
export function compileTemplate(name: string, text: string, prefix = ''): CompiledTemplate {
  // Most labels and many annotations are plain text: they need no run.
  if (!text.includes('{{')) return { ok: true, name, parsed: { plain: text } };
  const parsed = parseTemplate(name, prefix + text, FUNCTION_NAMES);
  if (parsed.ok) return { ok: true, name, parsed: parsed.value };
  return {
    ok: false,
    problem: { ...parsed.problem, message: `error parsing template ${name}: ${parsed.problem.message}` },
  };
}

/**
 * Expand a template over its data.
 *
 * `query` may be asked during the run, and its answer takes time: the run then starts again with the answer at hand.
 * Templates have no side effects, so only the last run counts.
 */
export async function expandTemplate(
  compiled: CompiledTemplate,
  data: TemplateValue,
  context: ExpandContext,
): Promise<ExpandResult> {
  if (!compiled.ok) return compiled;
  if ('plain' in compiled.parsed) return { ok: true, text: compiled.parsed.plain };
  const answers = new Map<string, Awaited<ReturnType<TemplateQuery>>>();
  for (;;) {
    const run = runOnce(compiled.name, compiled.parsed, data, context, answers);
    if (!('wants' in run)) return run;
    answers.set(run.wants, await context.query(run.wants));
  }
}

/** The data of a rule's templates. */
export function alertTemplateData(options: {
  readonly labels: Readonly<Record<string, string>>;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly externalUrl: string;
  readonly value: number;
}): TemplateStruct {
  return {
    kind: 'struct',
    type: 'struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }',
    fields: new Map<string, TemplateValue>([
      ['Labels', stringMap(options.labels)],
      ['ExternalLabels', stringMap(options.externalLabels)],
      ['ExternalURL', options.externalUrl],
      ['Value', options.value],
    ]),
    methods: new Map(),
    text: '{}',
  };
}

/** Thrown through the evaluator when a query's answer is not at hand yet. */
class QueryWanted extends Error {
  readonly expression: string;
  constructor(expression: string) {
    super(expression);
    this.expression = expression;
  }
}

function runOnce(
  name: string,
  parsed: ParsedTemplate,
  data: TemplateValue,
  context: ExpandContext,
  answers: ReadonlyMap<string, Awaited<ReturnType<TemplateQuery>>>,
): ExpandResult | { readonly wants: string } {
  const query = (expression: string): readonly TemplateSample[] => {
    const answer = answers.get(expression);
    if (answer === undefined) throw new QueryWanted(expression);
    if (!answer.ok) throw new CallFailure(answer.message);
    return answer.samples;
  };
  const functions = prometheusFunctions({ query, nowMs: context.nowMs, externalUrl: context.externalUrl });
  try {
    const result = evaluateTemplate(parsed, data, { functions, missingKey: context.missingKey ?? 'zero' });
    if (result.ok) return result;
    return {
      ok: false,
      problem: { ...result.problem, message: `error executing template ${name}: ${result.problem.message}` },
    };
  } catch (error) {
    if (error instanceof QueryWanted) return { wants: error.expression };
    throw error;
  }
}
