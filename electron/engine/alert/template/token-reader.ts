import type { Token, TokenKind } from './lex-template.ts';

/** Thrown inside the parser only, so that a mistake deep in an expression ends the parse. */
export class ParseFailure extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** Walks through tokens. Spaces inside actions are tokens, because they part operands; "solid" is what is not a space. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    return token ?? { kind: 'end', text: '', position: 0 };
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  peekSolid(): Token {
    while (this.peek().kind === 'space') this.#next++;
    return this.peek();
  }

  takeSolid(): Token {
    this.peekSolid();
    return this.take();
  }

  expect(kind: TokenKind, context: string): void {
    const token = this.takeSolid();
    if (token.kind !== kind) this.unexpected(token, context);
  }

  /** The keyword that the action at hand begins with; '' when it begins with something else. */
  keywordAfterOpen(): string {
    const token = this.#tokens.slice(this.#next + 1, this.#next + 3).find(({ kind }) => kind !== 'space');
    return token?.kind === 'keyword' ? token.text : '';
  }

  mark(): number {
    return this.#next;
  }

  returnTo(mark: number): void {
    this.#next = mark;
  }

  unexpected(token: Token, context: string): never {
    if (token.kind === 'error') throw new ParseFailure(token.text, token.position);
    if (token.kind === 'end') throw new ParseFailure('unexpected EOF', token.position);
    const shown = token.kind === 'keyword' ? `<${token.text}>` : JSON.stringify(token.text);
    throw new ParseFailure(`unexpected ${shown} in ${context}`, token.position);
  }

  /** Fail at the token taken last. */
  fail(message: string): never {
    throw new ParseFailure(message, this.#tokens[Math.max(this.#next - 1, 0)]?.position ?? 0);
  }
}
