import { lexTemplate, type Token, type TokenKind } from './lex-template.ts';
import { placeOf, type TemplateProblem } from './template-problem.ts';
import { ParseFailure, TokenReader } from './token-reader.ts';
import { nodeText, type Command, type Operand, type ParsedTemplate, type Pipe, type Statement } from './syntax.ts';
import { parseNumber, unquote } from './literal.ts';

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

type Ending = 'end' | 'else';
const OPERAND_STARTS: ReadonlySet<TokenKind> = new Set([
  'bool', 'char', 'dot', 'field', 'identifier', 'number', 'nil', 'rawString', 'string', 'variable', 'leftParen',
]); // prettier-ignore

/** Holds the place in the tokens and the variables in scope while one text is parsed. */
class Parser {
  readonly #name: string;
  readonly #text: string;
  readonly #functions: ReadonlySet<string>;
  readonly #tokens: TokenReader;
  readonly #defined = new Map<string, readonly Statement[]>();
  #variables: string[] = ['$'];
  #rangeDepth = 0;

  constructor(name: string, text: string, functions: ReadonlySet<string>) {
    this.#name = name;
    this.#text = text;
    this.#functions = functions;
    this.#tokens = new TokenReader(lexTemplate(text));
  }

  parse(): ParsedTemplate {
    const body: Statement[] = [];
    while (this.#tokens.peek().kind !== 'end') {
      if (this.#tokens.peek().kind === 'open' && this.#tokens.keywordAfterOpen() === 'define') {
        this.#definition();
        continue;
      }
      const statement = this.#textOrAction();
      if (typeof statement === 'string') this.#tokens.fail(`unexpected {{${statement}}}`);
      if (statement !== null) body.push(statement);
    }
    return { name: this.#name, text: this.#text, body, defined: this.#defined };
  }

  #definition(): void {
    this.#tokens.take();
    this.#tokens.takeSolid();
    const name = this.#quotedName('define clause');
    this.#tokens.expect('close', 'define clause');
    this.#define(name, this.#block(['end'], `define clause`).body);
  }

  #define(name: string, body: readonly Statement[]): void {
    const isBlank = (list: readonly Statement[]): boolean =>
      list.every((statement) => statement.kind === 'text' && statement.text.trim() === '');
    const before = this.#defined.get(name);
    if (before !== undefined && !isBlank(before) && !isBlank(body)) {
      this.#tokens.fail(`multiple definition of template ${JSON.stringify(name)}`);
    }
    if (before === undefined || !isBlank(body)) this.#defined.set(name, body);
  }

  /** Statements up to `{{end}}` or `{{else}}`, with variables of their own. */
  #block(endings: readonly Ending[], context: string): { body: Statement[]; ending: Ending } {
    const outer = this.#variables;
    this.#variables = context === 'define clause' ? ['$'] : [...outer];
    const body: Statement[] = [];
    for (;;) {
      if (this.#tokens.peek().kind === 'end') this.#tokens.fail('unexpected EOF');
      const statement = this.#textOrAction();
      if (statement === 'end' || statement === 'else') {
        if (!endings.includes(statement)) this.#tokens.fail(`unexpected {{${statement}}}`);
        this.#variables = outer;
        return { body, ending: statement };
      }
      if (statement !== null) body.push(statement);
    }
  }

  #textOrAction(): Statement | Ending | null {
    const token = this.#tokens.take();
    if (token.kind === 'text') return { kind: 'text', text: token.text };
    if (token.kind !== 'open') this.#tokens.unexpected(token, 'input');
    const first = this.#tokens.peekSolid();
    if (first.kind !== 'keyword') {
      const pipe = this.#pipeline('command', 'close');
      return { kind: 'action', pipe, position: first.position };
    }
    this.#tokens.takeSolid();
    switch (first.text) {
      case 'if':
      case 'range':
      case 'with':
        return this.#control(first.text, first.position);
      case 'end':
        this.#tokens.expect('close', 'end');
        return 'end';
      case 'else':
        // `{{else if …}}` and `{{else with …}}` are read by the control that they continue.
        if (this.#tokens.peekSolid().kind !== 'keyword') this.#tokens.expect('close', 'else');
        return 'else';
      case 'template':
        return this.#call(first.position);
      case 'block':
        return this.#inlineBlock(first.position);
      case 'break':
      case 'continue':
        if (this.#rangeDepth === 0) this.#tokens.fail(`{{${first.text}}} outside {{range}}`);
        this.#tokens.expect('close', `{{${first.text}}}`);
        return { kind: first.text };
      default:
        return this.#tokens.unexpected(first, 'command');
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
      const chained = this.#tokens.peekSolid();
      if (chained.kind === 'keyword' && kind !== 'range' && chained.text === kind) {
        this.#tokens.takeSolid();
        otherwise = [this.#control(kind, chained.position)];
      } else if (chained.kind === 'keyword') {
        // After a plain `{{else}}` the closing delimiter is already taken, so a keyword here would start text: none can.
        this.#tokens.unexpected(chained, 'else');
      } else {
        otherwise = this.#block(['end'], kind).body;
      }
    }
    this.#variables = outer;
    return { kind, pipe, body: main.body, otherwise, position };
  }

  #call(position: number): Statement {
    const name = this.#quotedName('template clause');
    if (this.#tokens.peekSolid().kind === 'close') {
      this.#tokens.takeSolid();
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
    const position = this.#tokens.peekSolid().position;
    const { declared, isAssignment } = this.#declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#tokens.peekSolid();
      if (token.kind === end) {
        this.#tokens.takeSolid();
        break;
      }
      if (!OPERAND_STARTS.has(token.kind)) this.#tokens.unexpected(token, context);
      commands.push(this.#command());
    }
    if (commands.length === 0) this.#tokens.fail(`missing value for ${context}`);
    commands.slice(1).forEach((command, index) => {
      if (['bool', 'dot', 'nil', 'number', 'string'].includes(command.operands[0].kind)) {
        this.#tokens.fail(`non executable command in pipeline stage ${String(index + 2)}`);
      }
    });
    // A variable is in scope after its own pipeline.
    if (!isAssignment) this.#variables.push(...declared);
    return { kind: 'pipe', position, declared, isAssignment, commands };
  }

  #declarations(context: string): { declared: string[]; isAssignment: boolean } {
    const declared: string[] = [];
    for (;;) {
      const start = this.#tokens.mark();
      const variable = this.#tokens.peekSolid();
      if (variable.kind !== 'variable') return { declared, isAssignment: false };
      this.#tokens.takeSolid();
      const after = this.#tokens.peekSolid();
      if (after.kind === 'assign' || after.kind === 'declare') {
        this.#tokens.takeSolid();
        if (after.kind === 'assign') this.#requireVariable(variable);
        return { declared: [...declared, variable.text], isAssignment: after.kind === 'assign' };
      }
      if (after.kind === 'comma') {
        this.#tokens.takeSolid();
        if (context !== 'range' || declared.length > 0) this.#tokens.fail(`too many declarations in ${context}`);
        declared.push(variable.text);
        if (this.#tokens.peekSolid().kind !== 'variable') this.#tokens.fail('range can only initialize variables');
        continue;
      }
      if (declared.length > 0) this.#tokens.unexpected(after, context);
      this.#tokens.returnTo(start);
      return { declared, isAssignment: false };
    }
  }

  #command(): Command {
    const position = this.#tokens.peekSolid().position;
    const operands: Operand[] = [];
    for (;;) {
      this.#tokens.peekSolid();
      const operand = this.#operand();
      if (operand !== null) operands.push(operand);
      const token = this.#tokens.peek();
      if (token.kind === 'space') {
        this.#tokens.take();
        continue;
      }
      if (token.kind === 'pipe') {
        this.#tokens.take();
        if (['close', 'rightParen'].includes(this.#tokens.peekSolid().kind))
          this.#tokens.fail('missing value for command');
      } else if (token.kind !== 'close' && token.kind !== 'rightParen') this.#tokens.unexpected(token, 'operand');
      break;
    }
    const [first, ...rest] = operands;
    if (first === undefined) return this.#tokens.fail('empty command');
    return { kind: 'command', position, operands: [first, ...rest] };
  }

  #operand(): Operand | null {
    const base = this.#term();
    if (base === null) return null;
    const first = this.#tokens.peek();
    const path: string[] = [];
    while (this.#tokens.peek().kind === 'field') path.push(this.#tokens.take().text.slice(1));
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
        return this.#tokens.fail(`unexpected . after term ${JSON.stringify(nodeText(base))}`);
      default:
        return { kind: 'chain', position: first.position, base, path };
    }
  }

  #term(): Operand | null {
    const token = this.#tokens.peekSolid();
    const { position } = token;
    if (!OPERAND_STARTS.has(token.kind)) return null;
    this.#tokens.takeSolid();
    switch (token.kind) {
      case 'identifier':
        if (!this.#functions.has(token.text)) this.#tokens.fail(`function ${JSON.stringify(token.text)} not defined`);
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
        if (value === null) return this.#tokens.fail(`bad number syntax: ${JSON.stringify(token.text)}`);
        return { kind: 'number', position, value, source: token.text };
      }
      case 'leftParen':
        return this.#pipeline('parenthesized pipeline', 'rightParen');
      default: {
        const value = unquote(token.text);
        if (value === null) return this.#tokens.fail('invalid syntax');
        return { kind: 'string', position, value, source: token.text };
      }
    }
  }

  #quotedName(context: string): string {
    const token = this.#tokens.takeSolid();
    if (token.kind !== 'string' && token.kind !== 'rawString') this.#tokens.unexpected(token, context);
    return unquote(token.text) ?? this.#tokens.fail('invalid syntax');
  }

  #requireVariable(token: Token): void {
    if (!this.#variables.includes(token.text)) this.#tokens.fail(`undefined variable ${JSON.stringify(token.text)}`);
  }
}
