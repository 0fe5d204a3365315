import { EvaluationFailure, Expressions, type EvaluateOptions, type TemplateOutput } from './evaluate-expression.ts';
import { formatValue } from './format-value.ts';
import type { TemplateProblem } from './template-problem.ts';
import type { Branch, ParsedTemplate, Pipe, Statement } from './syntax.ts';
import { isTrue, sortedKeys, type TemplateValue } from './template-value.ts';

export type EvaluateResult =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: TemplateProblem };

/** Run a parsed template over its data. Source: Go, text/template/exec.go. */
export function evaluateTemplate(
  template: ParsedTemplate,
  data: TemplateValue,
  options: EvaluateOptions,
): EvaluateResult {
  const run = new Evaluation(template, options);
  try {
    return { ok: true, text: run.template(template.name, template.body, data) };
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error;
    return { ok: false, problem: error.problem };
  }
}

const PLAIN_OUTPUT: TemplateOutput = {
  text: (text) => text,
  value: (value) => (value === null ? '<no value>' : formatValue(value)),
};

function lastFunction({ commands }: Pipe): string {
  const first = commands.at(-1)?.operands[0];
  return first?.kind === 'identifier' ? first.name : '';
}

class LoopExit extends Error {
  readonly how: 'break' | 'continue';
  constructor(how: 'break' | 'continue') {
    super(how);
    this.how = how;
  }
}

/** A template may call itself; Go stops at 100,000, which this stack would not survive. */
const MAX_DEPTH = 500;

/** Holds the text so far during one run. */
class Evaluation {
  readonly #template: ParsedTemplate;
  readonly #expressions: Expressions;
  readonly #output: TemplateOutput;
  #depth = 0;
  #text = '';

  constructor(template: ParsedTemplate, options: EvaluateOptions) {
    this.#template = template;
    this.#expressions = new Expressions(template, options);
    this.#output = options.output ?? PLAIN_OUTPUT;
  }

  template(name: string, body: readonly Statement[], data: TemplateValue): string {
    if (++this.#depth > MAX_DEPTH) this.#expressions.fail(`exceeded maximum template depth (${String(MAX_DEPTH)})`);
    this.#expressions.inTemplate(name, data, () => {
      this.#list(body, data);
    });
    this.#depth--;
    return this.#text;
  }

  #list(statements: readonly Statement[], dot: TemplateValue): void {
    for (const statement of statements) this.#statement(statement, dot);
  }

  #statement(statement: Statement, dot: TemplateValue): void {
    switch (statement.kind) {
      case 'text':
        this.#text += this.#output.text(statement.text);
        return;
      case 'action': {
        const value = this.#expressions.pipe(statement.pipe, dot);
        if (statement.pipe.declared.length === 0) this.#text += this.#output.value(value, lastFunction(statement.pipe));
        return;
      }
      case 'if':
      case 'with': {
        const mark = this.#expressions.mark();
        const value = this.#expressions.pipe(statement.pipe, dot);
        if (isTrue(value)) this.#list(statement.body, statement.kind === 'with' ? value : dot);
        else this.#list(statement.otherwise, dot);
        this.#expressions.forget(mark);
        return;
      }
      case 'range':
        this.#range(statement, dot);
        return;
      case 'template': {
        const body = this.#template.defined.get(statement.name);
        this.#expressions.lookAt(statement.position);
        if (body === undefined) this.#expressions.fail(`template ${JSON.stringify(statement.name)} not defined`);
        this.template(
          statement.name,
          body,
          statement.pipe === null ? null : this.#expressions.pipe(statement.pipe, dot),
        );
        return;
      }
      case 'break':
      case 'continue':
        throw new LoopExit(statement.kind);
    }
  }

  #range(statement: Branch, dot: TemplateValue): void {
    const mark = this.#expressions.mark();
    const value = this.#expressions.pipe(statement.pipe, dot);
    const { declared } = statement.pipe;
    let rounds = 0;
    for (const [key, element] of this.#elements(value)) {
      rounds++;
      const inner = this.#expressions.mark();
      if (declared.length === 1) this.#expressions.set(declared[0] ?? '', element);
      if (declared.length === 2) {
        this.#expressions.set(declared[0] ?? '', key);
        this.#expressions.set(declared[1] ?? '', element);
      }
      const exit = this.#round(statement.body, element);
      this.#expressions.forget(inner);
      if (exit === 'break') break;
    }
    this.#expressions.forget(mark);
    if (rounds === 0) this.#list(statement.otherwise, dot);
  }

  #round(body: readonly Statement[], element: TemplateValue): 'break' | 'continue' | null {
    try {
      this.#list(body, element);
      return null;
    } catch (error) {
      if (error instanceof LoopExit) return error.how;
      throw error;
    }
  }

  *#elements(value: TemplateValue): Generator<[key: TemplateValue, element: TemplateValue]> {
    if (value === null) return;
    if (typeof value === 'bigint') {
      for (let i = 0n; i < value; i++) yield [i, i];
      return;
    }
    if (typeof value === 'object' && value.kind === 'list') {
      for (const [index, item] of value.items.entries()) yield [BigInt(index), item];
      return;
    }
    if (typeof value === 'object' && value.kind === 'map') {
      for (const key of sortedKeys(value)) yield [key, value.entries.get(key) ?? null];
      return;
    }
    this.#expressions.fail(`range can't iterate over ${formatValue(value)}`);
  }
}
