import { BUILTINS } from './builtin-functions.ts';
import { placeOf, type TemplateProblem } from './template-problem.ts';
import { nodeText, type Command, type Node, type Operand, type ParsedTemplate, type Pipe } from './syntax.ts';
import { CallFailure, isTrue, typeName, type ParameterType, type TemplateFunction, type TemplateValue } from './template-value.ts'; // prettier-ignore

export interface EvaluateOptions {
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  /** What nothing at `nil` gives: a template that asks for an error gets one. */
  readonly missingKey?: 'zero' | 'error';
  /** What becomes of text and values; they are put behind one another where nothing else is said. */
  readonly output?: TemplateOutput;
}

/** Takes what a template prints, in order, and gives what is written for it. */
export interface TemplateOutput {
  /** The template's own text. */
  text(text: string): string;
  /** The value of an action, and the function that gave it last; '' where none did. */
  value(value: TemplateValue, lastFunction: string): string;
}

/** Nothing came down the pipeline; null is a value that may. */
const MISSING: unique symbol = Symbol('missing');
type Final = TemplateValue | typeof MISSING;

/** Thrown inside a run only, so that a mistake deep in an expression ends it. */
export class EvaluationFailure extends Error {
  readonly problem: TemplateProblem;
  constructor(problem: TemplateProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/**
 * Computes pipelines; holds the variables and the node looked at last.
 *
 * Source: Go, text/template/exec.go, whose order of steps is kept, because the place in a message is the node that was
 * looked at last.
 */
export class Expressions {
  readonly #template: ParsedTemplate;
  readonly #options: EvaluateOptions;
  #variables: { name: string; value: TemplateValue }[] = [];
  #at: { position: number; node: Node | null } = { position: 0, node: null };
  #name: string;

  constructor(template: ParsedTemplate, options: EvaluateOptions) {
    this.#template = template;
    this.#options = options;
    this.#name = template.name;
  }

  /** Run with the variables of a template of its own, of which `$` is its data. */
  inTemplate(name: string, data: TemplateValue, run: () => void): void {
    const outer = { variables: this.#variables, name: this.#name };
    this.#variables = [{ name: '$', value: data }];
    this.#name = name;
    run();
    this.#variables = outer.variables;
    this.#name = outer.name;
  }

  mark(): number {
    return this.#variables.length;
  }

  /** Drop the variables that were made since the mark. */
  forget(mark: number): void {
    this.#variables.length = mark;
  }

  lookAt(position: number): void {
    this.#at = { position, node: null };
  }

  /** In a `range`, the declared variables exist from the pipeline on and get a value each round. */
  set(name: string, value: TemplateValue): void {
    const variable = this.#variables.findLast((candidate) => candidate.name === name);
    if (variable !== undefined) variable.value = value;
  }

  pipe(pipe: Pipe, dot: TemplateValue): TemplateValue {
    this.#look(pipe);
    let value: Final = MISSING;
    for (const command of pipe.commands) value = this.#command(command, dot, value);
    const result = value === MISSING ? null : value;
    for (const name of pipe.declared) {
      if (pipe.isAssignment) this.set(name, result);
      else this.#variables.push({ name, value: result });
    }
    return result;
  }

  #command(command: Command, dot: TemplateValue, final: Final): TemplateValue {
    const [first, ...rest] = command.operands;
    switch (first.kind) {
      case 'field':
        this.#look(first);
        return this.#path(dot, dot, first.path, rest, final);
      case 'chain':
        return this.#path(dot, this.#chainBase(first, dot), first.path, rest, final);
      case 'variable': {
        this.#look(first);
        const value = this.#variable(first.name);
        if (first.path.length > 0) return this.#path(dot, value, first.path, rest, final);
        this.#notAFunction(first, rest, final);
        return value;
      }
      case 'identifier':
        return this.#identifier(first, command, rest, dot, final);
      case 'pipe':
        this.#notAFunction(first, rest, final);
        return this.pipe(first, dot);
      default:
        this.#look(first);
        this.#notAFunction(first, rest, final);
        if (first.kind === 'nil') this.fail('nil is not a command');
        return first.kind === 'dot' ? dot : first.value;
    }
  }

  #chainBase(chain: Operand & { kind: 'chain' }, dot: TemplateValue): TemplateValue {
    this.#look(chain);
    if (chain.base.kind === 'nil') this.fail(`indirection through explicit nil in ${nodeText(chain)}`);
    return this.#operand(chain.base, dot, 'any');
  }

  #identifier(
    identifier: Operand & { kind: 'identifier' },
    node: Node,
    operands: readonly Operand[],
    dot: TemplateValue,
    final: Final,
  ): TemplateValue {
    const { name } = identifier;
    this.#look(identifier);
    if (name === 'and' || name === 'or') return this.#shortCircuit(name, operands, dot, final);
    const called = this.#options.functions.get(name) ?? BUILTINS.get(name);
    if (called === undefined) this.fail(`${JSON.stringify(name)} is not a defined function`);
    return this.#call(name, called, node, operands, dot, final);
  }

  /** The first argument that decides; the rest is not even looked at. */
  #shortCircuit(name: 'and' | 'or', operands: readonly Operand[], dot: TemplateValue, final: Final): TemplateValue {
    if (operands.length === 0 && final === MISSING) {
      this.fail(`wrong number of args for ${name}: want at least 1 got 0`);
    }
    let value: TemplateValue = null;
    for (const operand of operands) {
      value = this.#operand(operand, dot, 'any');
      if (isTrue(value) === (name === 'or')) return value;
    }
    return final === MISSING ? value : final;
  }

  #call(
    name: string,
    called: TemplateFunction,
    node: Node | null,
    operands: readonly Operand[],
    dot: TemplateValue,
    final: Final,
  ): TemplateValue {
    const wanted = called.parameters.length;
    const given = operands.length + (final === MISSING ? 0 : 1);
    if (called.rest === undefined ? given !== wanted : given < wanted) {
      const limit = called.rest === undefined ? '' : 'at least ';
      this.fail(`wrong number of args for ${name}: want ${limit}${String(wanted)} got ${String(given)}`);
    }
    const values = operands.map((operand, index) =>
      this.#operand(operand, dot, called.parameters[index] ?? called.rest ?? 'any'),
    );
    if (final !== MISSING) values.push(this.#check(final, called.parameters[values.length] ?? called.rest ?? 'any'));
    try {
      return called.call(...values);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      if (node !== null) this.#look(node);
      return this.fail(`error calling ${name}: ${error.message}`);
    }
  }

  #path(
    dot: TemplateValue,
    start: TemplateValue,
    path: readonly string[],
    operands: readonly Operand[],
    final: Final,
  ): TemplateValue {
    let value = start;
    path.forEach((name, index) => {
      const isLast = index === path.length - 1;
      value = this.#field(dot, value, name, isLast ? operands : [], isLast ? final : MISSING);
    });
    return value;
  }

  #field(
    dot: TemplateValue,
    receiver: TemplateValue,
    name: string,
    operands: readonly Operand[],
    final: Final,
  ): TemplateValue {
    if (receiver === null) {
      if (this.#options.missingKey === 'error') this.fail(`nil data; no entry for key ${JSON.stringify(name)}`);
      return null;
    }
    const hasArguments = operands.length > 0 || final !== MISSING;
    const method = typeof receiver === 'object' ? receiver.methods?.get(name) : undefined;
    if (method !== undefined) return this.#call(name, method, null, operands, dot, final);
    if (typeof receiver === 'object' && receiver.kind === 'struct') {
      const field = receiver.fields.get(name);
      if (field !== undefined) {
        if (hasArguments) this.fail(`${name} has arguments but cannot be invoked as function`);
        return field;
      }
    }
    if (typeof receiver === 'object' && receiver.kind === 'map') {
      if (hasArguments) this.fail(`${name} is not a method but has arguments`);
      const value = receiver.entries.get(name);
      if (value !== undefined) return value;
      if (this.#options.missingKey === 'error') this.fail(`map has no entry for key ${JSON.stringify(name)}`);
      return receiver.zero;
    }
    return this.fail(`can't evaluate field ${name} in type ${typeName(receiver)}`);
  }

  #operand(operand: Operand, dot: TemplateValue, wanted: ParameterType): TemplateValue {
    this.#look(operand);
    switch (operand.kind) {
      case 'dot':
        return this.#check(dot, wanted);
      case 'nil':
        if (wanted !== 'any') this.fail(`cannot assign nil to ${wanted}`);
        return null;
      case 'field':
        return this.#check(this.#path(dot, dot, operand.path, [], MISSING), wanted);
      case 'variable':
        return this.#check(this.#path(dot, this.#variable(operand.name), operand.path, [], MISSING), wanted);
      case 'pipe':
        return this.#check(this.pipe(operand, dot), wanted);
      case 'identifier':
        return this.#check(this.#identifier(operand, operand, [], dot, MISSING), wanted);
      case 'chain':
        return this.#check(this.#path(dot, this.#chainBase(operand, dot), operand.path, [], MISSING), wanted);
      default:
        return this.#constant(operand, wanted);
    }
  }

  #constant(operand: Operand & { kind: 'bool' | 'string' | 'number' }, wanted: ParameterType): TemplateValue {
    const { value } = operand;
    if (wanted === 'any' || wanted === typeName(value)) return value;
    // A whole constant fits a float64 parameter, as any untyped constant in Go.
    if (wanted === 'float64' && typeof value === 'bigint') return Number(value);
    const name = wanted === 'int' ? 'integer' : wanted === 'float64' ? 'float' : wanted;
    if (['string', 'int', 'float64', 'bool'].includes(wanted))
      this.fail(`expected ${name}; found ${nodeText(operand)}`);
    return this.fail(`can't handle ${nodeText(operand)} for arg of type ${wanted}`);
  }

  #check(value: TemplateValue, wanted: ParameterType): TemplateValue {
    if (wanted === 'any' || typeName(value) === wanted) return value;
    if (value === null) this.fail(`invalid value; expected ${wanted}`);
    return this.fail(`wrong type for value; expected ${wanted}; got ${typeName(value)}`);
  }

  #variable(name: string): TemplateValue {
    const variable = this.#variables.findLast((candidate) => candidate.name === name);
    if (variable === undefined) this.fail(`undefined variable: ${name}`);
    return variable.value;
  }

  #notAFunction(first: Operand, rest: readonly Operand[], final: Final): void {
    if (rest.length > 0 || final !== MISSING) {
      this.fail(
        `can't give argument to non-function ${first.kind === 'pipe' ? `(${nodeText(first)})` : nodeText(first)}`,
      );
    }
  }

  #look(node: Node): void {
    this.#at = { position: node.position, node };
  }

  fail(message: string): never {
    const place = placeOf(this.#template.text, this.#at.position);
    const where = this.#at.node === null ? '' : nodeText(this.#at.node);
    const prefix = `template: ${this.#template.name}:${String(place.line)}:${String(place.column)}`;
    throw new EvaluationFailure({
      message: `${prefix}: executing ${JSON.stringify(this.#name)} at <${where}>: ${message}`,
      ...place,
    });
  }
}
