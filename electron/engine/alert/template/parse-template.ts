import { lexTemplate, type Token, type TokenKind } from './lex-template.ts';
import { nodeText, type Command, type Operand, type ParsedTemplate, type Pipe, type Statement } from './syntax.ts';
import { parseNumber, unquote } from './literal.ts';

/** What is wrong with a template, in Go's words. `line` counts from 1, `column` from 0 in UTF-8 bytes, as Go counts. */
export interface TemplateProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type ParseResult =
  { readonly ok: true; readonly value: ParsedTemplate } | { readonly ok: false; readonly problem: TemplateProblem };

/**
 * Parse a Go text/template.
 *
 * @param name          the template's name, for messages and for `template`
 * @param functionNames what may be called; anything else is an error, as in Go
 * Source: Go, text/template/parse/parse.go.
 */
export function parseTemplate(name: string, text: string, functionNames: ReadonlySet<string>): ParseResult {
  const parser = new Parser(name, text, functionNames);
  try {
    return { ok: true, value: parser.parse() };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    const place = placeOf(text, error.position);
    return {
      ok: false,
      problem: { message: `template: ${name}:${String(place.line)}: ${error.message}`, ...place },
    };
  }
}

/** Line (from 1) and column (from 0, in UTF-8 bytes) of an offset. */
export function placeOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    line: before.split('\n').length,
    column: new TextEncoder().encode(before.slice(lineStart)).length,
  };
}

/** Thrown inside the parser only, so that a mistake deep in an expression ends the parse. */
class ParseFailure extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

type Ending = 'end' | 'else';
const OPERAND_STARTS: ReadonlySet<TokenKind> = new Set([
  'bool', 'char', 'dot', 'field', 'identifier', 'number', 'nil', 'rawString', 'string', 'variable', 'leftParen',
]); // prettier-ignore

/** Holds the place in the tokens and the variables in scope while one text is parsed. */
class Parser {
  readonly #name: string;
  readonly #text: string;
  readonly #functions: ReadonlySet<string>;
  readonly #tokens: readonly Token[];
  readonly #defined = new Map<string, readonly Statement[]>();
  #next = 0;
  #variables: string[] = ['$'];
  #rangeDepth = 0;

  constructor(name: string, text: string, functions: ReadonlySet<string>) {
    this.#name = name;
    this.#text = text;
    this.#functions = functions;
    this.#tokens = lexTemplate(text);
  }

  parse(): ParsedTemplate {
    const body: Statement[] = [];
    while (this.#peek().kind !== 'end') {
      if (this.#peek().kind === 'open' && this.#keywordAfterOpen() === 'define') {
        this.#definition();
        continue;
      }
      const statement = this.#textOrAction();
      if (typeof statement === 'string') this.#fail(`unexpected {{${statement}}}`);
      if (statement !== null) body.push(statement);
    }
    return { name: this.#name, text: this.#text, body, defined: this.#defined };
  }

  #definition(): void {
    this.#take();
    this.#takeSolid();
    const name = this.#quotedName('define clause');
    this.#expect('close', 'define clause');
    this.#define(name, this.#block(['end'], `define clause`).body);
  }

  #define(name: string, body: readonly Statement[]): void {
    const isBlank = (list: readonly Statement[]): boolean =>
      list.every((statement) => statement.kind === 'text' && statement.text.trim() === '');
    const before = this.#defined.get(name);
    if (before !== undefined && !isBlank(before) && !isBlank(body)) {
      this.#fail(`multiple definition of template ${JSON.stringify(name)}`);
    }
    if (before === undefined || !isBlank(body)) this.#defined.set(name, body);
  }

  /** Statements up to `{{end}}` or `{{else}}`, with variables of their own. */
  #block(endings: readonly Ending[], context: string): { body: Statement[]; ending: Ending } {
    const outer = this.#variables;
    this.#variables = context === 'define clause' ? ['$'] : [...outer];
    const body: Statement[] = [];
    for (;;) {
      if (this.#peek().kind === 'end') this.#fail('unexpected EOF');
      const statement = this.#textOrAction();
      if (statement === 'end' || statement === 'else') {
        if (!endings.includes(statement)) this.#fail(`unexpected {{${statement}}}`);
        this.#variables = outer;
        return { body, ending: statement };
      }
      if (statement !== null) body.push(statement);
    }
  }

  #textOrAction(): Statement | Ending | null {
    const token = this.#take();
    if (token.kind === 'text') return { kind: 'text', text: token.text };
    if (token.kind !== 'open') this.#unexpected(token, 'input');
    const first = this.#peekSolid();
    if (first.kind !== 'keyword') {
      const pipe = this.#pipeline('command', 'close');
      return { kind: 'action', pipe, position: first.position };
    }
    this.#takeSolid();
    switch (first.text) {
      case 'if':
      case 'range':
      case 'with':
        return this.#control(first.text, first.position);
      case 'end':
        this.#expect('close', 'end');
        return 'end';
      case 'else':
        // `{{else if …}}` and `{{else with …}}` are read by the control that they continue.
        if (this.#peekSolid().kind !== 'keyword') this.#expect('close', 'else');
        return 'else';
      case 'template':
        return this.#call(first.position);
      case 'block':
        return this.#inlineBlock(first.position);
      case 'break':
      case 'continue':
        if (this.#rangeDepth === 0) this.#fail(`{{${first.text}}} outside {{range}}`);
        this.#expect('close', `{{${first.text}}}`);
        return { kind: first.text };
      default:
        return this.#unexpected(first, 'command');
    }
  }

  #control(kind: 'if' | 'range' | 'with', position: number): Statement {
    const outer = [...this.#variables];
    const pipe = this.#pipeline(kind, 'close');
    if (kind === 'range') this.#rangeDepth++;
    const main = this.#block(['end', 'else'], kind);
    if (kind === 'range') this.#rangeDepth--;
    let otherwise: readonly Statement[] = [];
    if (main.ending === 'else') {
      const chained = this.#peekSolid();
      if (chained.kind === 'keyword' && kind !== 'range' && chained.text === kind) {
        this.#takeSolid();
        otherwise = [this.#control(kind, chained.position)];
      } else if (chained.kind === 'keyword') {
        // After a plain `{{else}}` the closing delimiter is already taken, so a keyword here would start text: none can.
        this.#unexpected(chained, 'else');
      } else {
        otherwise = this.#block(['end'], kind).body;
      }
    }
    this.#variables = outer;
    return { kind, pipe, body: main.body, otherwise, position };
  }

  #call(position: number): Statement {
    const name = this.#quotedName('template clause');
    if (this.#peekSolid().kind === 'close') {
      this.#takeSolid();
      return { kind: 'template', name, pipe: null, position };
    }
    return { kind: 'template', name, pipe: this.#pipeline('template clause', 'close'), position };
  }

  #inlineBlock(position: number): Statement {
    const name = this.#quotedName('block clause');
    const pipe = this.#pipeline('block clause', 'close');
    this.#define(name, this.#block(['end'], 'define clause').body);
    return { kind: 'template', name, pipe, position };
  }

  #pipeline(context: string, end: 'close' | 'rightParen'): Pipe {
    const position = this.#peekSolid().position;
    const { declared, isAssignment } = this.#declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#peekSolid();
      if (token.kind === end) {
        this.#takeSolid();
        break;
      }
      if (!OPERAND_STARTS.has(token.kind)) this.#unexpected(token, context);
      commands.push(this.#command());
    }
    if (commands.length === 0) this.#fail(`missing value for ${context}`);
    commands.slice(1).forEach((command, index) => {
      if (['bool', 'dot', 'nil', 'number', 'string'].includes(command.operands[0].kind)) {
        this.#fail(`non executable command in pipeline stage ${String(index + 2)}`);
      }
    });
    // A variable is in scope after its own pipeline.
    if (!isAssignment) this.#variables.push(...declared);
    return { kind: 'pipe', position, declared, isAssignment, commands };
  }

  #declarations(context: string): { declared: string[]; isAssignment: boolean } {
    const declared: string[] = [];
    for (;;) {
      const start = this.#next;
      const variable = this.#peekSolid();
      if (variable.kind !== 'variable') return { declared, isAssignment: false };
      this.#takeSolid();
      const after = this.#peekSolid();
      if (after.kind === 'assign' || after.kind === 'declare') {
        this.#takeSolid();
        if (after.kind === 'assign') this.#requireVariable(variable);
        return { declared: [...declared, variable.text], isAssignment: after.kind === 'assign' };
      }
      if (after.kind === 'comma') {
        this.#takeSolid();
        if (context !== 'range' || declared.length > 0) this.#fail(`too many declarations in ${context}`);
        declared.push(variable.text);
        if (this.#peekSolid().kind !== 'variable') this.#fail('range can only initialize variables');
        continue;
      }
      if (declared.length > 0) this.#unexpected(after, context);
      this.#next = start;
      return { declared, isAssignment: false };
    }
  }

  #command(): Command {
    const position = this.#peekSolid().position;
    const operands: Operand[] = [];
    for (;;) {
      this.#peekSolid();
      const operand = this.#operand();
      if (operand !== null) operands.push(operand);
      const token = this.#peek();
      if (token.kind === 'space') {
        this.#take();
        continue;
      }
      if (token.kind === 'pipe') {
        this.#take();
        if (['close', 'rightParen'].includes(this.#peekSolid().kind)) this.#fail('missing value for command');
      } else if (token.kind !== 'close' && token.kind !== 'rightParen') this.#unexpected(token, 'operand');
      break;
    }
    const [first, ...rest] = operands;
    if (first === undefined) return this.#fail('empty command');
    return { kind: 'command', position, operands: [first, ...rest] };
  }

  #operand(): Operand | null {
    const base = this.#term();
    if (base === null) return null;
    const first = this.#peek();
    const path: string[] = [];
    while (this.#peek().kind === 'field') path.push(this.#take().text.slice(1));
    if (path.length === 0) return base;
    switch (base.kind) {
      case 'field':
        return { kind: 'field', position: first.position, path: [...base.path, ...path] };
      case 'variable':
        return { kind: 'variable', position: first.position, name: base.name, path };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        return this.#fail(`unexpected . after term ${JSON.stringify(nodeText(base))}`);
      default:
        return { kind: 'chain', position: first.position, base, path };
    }
  }

  #term(): Operand | null {
    const token = this.#peekSolid();
    const { position } = token;
    if (!OPERAND_STARTS.has(token.kind)) return null;
    this.#takeSolid();
    switch (token.kind) {
      case 'identifier':
        if (!this.#functions.has(token.text)) this.#fail(`function ${JSON.stringify(token.text)} not defined`);
        return { kind: 'identifier', position, name: token.text };
      case 'dot':
        return { kind: 'dot', position };
      case 'nil':
        return { kind: 'nil', position };
      case 'bool':
        return { kind: 'bool', position, value: token.text === 'true' };
      case 'variable':
        this.#requireVariable(token);
        return { kind: 'variable', position, name: token.text, path: [] };
      case 'field':
        return { kind: 'field', position, path: [token.text.slice(1)] };
      case 'char':
      case 'number': {
        const value = parseNumber(token.text);
        if (value === null) return this.#fail(`bad number syntax: ${JSON.stringify(token.text)}`);
        return { kind: 'number', position, value, source: token.text };
      }
      case 'leftParen':
        return this.#pipeline('parenthesized pipeline', 'rightParen');
      default: {
        const value = unquote(token.text);
        if (value === null) return this.#fail('invalid syntax');
        return { kind: 'string', position, value, source: token.text };
      }
    }
  }

  #quotedName(context: string): string {
    const token = this.#takeSolid();
    if (token.kind !== 'string' && token.kind !== 'rawString') this.#unexpected(token, context);
    return unquote(token.text) ?? this.#fail('invalid syntax');
  }

  #requireVariable(token: Token): void {
    if (!this.#variables.includes(token.text)) this.#fail(`undefined variable ${JSON.stringify(token.text)}`);
  }

  #keywordAfterOpen(): string {
    const token = this.#tokens.slice(this.#next + 1).find(({ kind }) => kind !== 'space');
    return token?.kind === 'keyword' ? token.text : '';
  }

  #peek(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    return token ?? { kind: 'end', text: '', position: 0 };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #peekSolid(): Token {
    while (this.#peek().kind === 'space') this.#next++;
    return this.#peek();
  }

  #takeSolid(): Token {
    this.#peekSolid();
    return this.#take();
  }

  #expect(kind: TokenKind, context: string): void {
    const token = this.#takeSolid();
    if (token.kind !== kind) this.#unexpected(token, context);
  }

  #unexpected(token: Token, context: string): never {
    if (token.kind === 'error') throw new ParseFailure(token.text, token.position);
    if (token.kind === 'end') throw new ParseFailure('unexpected EOF', token.position);
    const shown = token.kind === 'keyword' ? `<${token.text}>` : JSON.stringify(token.text);
    throw new ParseFailure(`unexpected ${shown} in ${context}`, token.position);
  }

  #fail(message: string): never {
    throw new ParseFailure(message, this.#tokens[Math.max(this.#next - 1, 0)]?.position ?? 0);
  }
}
