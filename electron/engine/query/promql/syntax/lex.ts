import { quoteGo } from './go-text.ts';
import { fail } from './problem.ts';

export type TokenKind = 'number' | 'duration' | 'string' | 'identifier' | 'operator' | 'punctuation';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
}

const BLANK = /\s+|#[^\n]*/y;
const WORD = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const DURATION =
  /(?=\d+(?:ms|[ywdhms]))(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m(?!s))?(?:\d+s)?(?:\d+ms)?(?![a-zA-Z0-9_])/y;
const NUMBER =
  /(?:0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.(?:\d[\d_]*)?)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)(?![a-zA-Z0-9_])/y;
const OPERATOR = /==|=~|!=|!~|<=|>=|<\/|>\/|[-+*/%^=<>@]/y;
const PUNCTUATION = /[()[\]{},:]/y;

const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const BRACKETS: Readonly<Record<string, string>> = {
  '(': 'left parenthesis',
  ')': 'right parenthesis',
  '[': 'left bracket',
  ']': 'right bracket',
  '{': 'left brace',
  '}': 'right brace',
};

/**
 * The tokens of a query, for what the grammar's tree does not say: whether strings, numbers and brackets are well formed,
 * and how to name the token at which the grammar gave up. Throws `SyntaxFailure` at the first malformed one.
 */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  const open: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = take(BLANK, text, at);
    if (blank !== '') {
      at += blank.length;
      continue;
    }
    const token = readToken(text, at, open.at(-1)?.text === '[');
    if (token.kind === 'punctuation') checkBracket(token, open);
    tokens.push(token);
    at += token.text.length;
  }
  const unclosed = open.at(-1);
  if (unclosed?.text === '(') fail(text.length, 'unclosed left parenthesis');
  if (unclosed?.text === '[') fail(text.length, 'unclosed left bracket');
  if (unclosed !== undefined) fail(text.length, 'unexpected end of input inside braces');
  return tokens;
}

function take(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function readToken(text: string, at: number, inBrackets: boolean): Token {
  const first = text[at] ?? '';
  if (first === '"' || first === "'" || first === '`') return { kind: 'string', text: readString(text, at), start: at };
  if (/[0-9.]/.test(first)) return readNumber(text, at);
  // Between brackets a colon divides range and step; elsewhere it is part of a name.
  if (!(inBrackets && first === ':')) {
    const word = take(WORD, text, at);
    if (word !== '') return { kind: 'identifier', text: word, start: at };
  }
  const operator = take(OPERATOR, text, at);
  if (operator !== '') return { kind: 'operator', text: operator, start: at };
  const punctuation = take(PUNCTUATION, text, at);
  if (punctuation !== '') return { kind: 'punctuation', text: punctuation, start: at };
  if (first === '!') {
    const next = text[at + 1];
    return fail(at, next === undefined ? 'unexpected end of input' : `unexpected character after '!': '${next}'`);
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return fail(at, `unexpected character: '${character}'`);
}

function readNumber(text: string, at: number): Token {
  const duration = take(DURATION, text, at);
  if (duration !== '') return { kind: 'duration', text: duration, start: at };
  const number = take(NUMBER, text, at);
  if (number !== '') return { kind: 'number', text: number, start: at };
  const bad = take(/[0-9a-zA-Z_.]+/y, text, at);
  return fail(at, bad === '.' ? "unexpected character: '.'" : `bad number or duration syntax: ${quoteGo(bad)}`);
}

function readString(text: string, at: number): string {
  const quote = text[at] ?? '';
  for (let i = at + 1; i < text.length; i++) {
    const character = text[i];
    if (character === quote) return text.slice(at, i + 1);
    if (quote === '`') continue;
    if (character === '\n') break;
    if (character === '\\') refuseEscape(text, ++i, quote, at);
  }
  return fail(at, quote === '`' ? 'unterminated raw string' : 'unterminated quoted string');
}

function refuseEscape(text: string, at: number, quote: string, stringStart: number): void {
  const code = text.codePointAt(at);
  if (code === undefined) return;
  const letter = String.fromCodePoint(code);
  if (letter === quote || /^[abfnrtv\\0-7xuU]$/.test(letter)) return;
  const hex = code.toString(16).toUpperCase().padStart(4, '0');
  fail(stringStart, `unknown escape sequence U+${hex} '${letter}'`);
}

function checkBracket(token: Token, open: Token[]): void {
  if (token.text in CLOSING) {
    if (token.text === '}' && open.length === 0) fail(token.start, "unexpected character: '}'");
    if (open.at(-1)?.text !== CLOSING[token.text]) {
      fail(token.start, `unexpected ${BRACKETS[token.text] ?? ''} '${token.text}'`);
    }
    open.pop();
  } else if (token.text in BRACKETS) open.push(token);
}

const KEYWORDS =
  /^(?:by|without|on|ignoring|group_left|group_right|bool|offset|smoothed|anchored|fill|fill_left|fill_right)$/i;
const WORD_OPERATORS = /^(?:and|or|unless|atan2)$/i;
const AGGREGATORS =
  /^(?:sum|avg|count|min|max|group|stddev|stdvar|topk|bottomk|count_values|quantile|limitk|limit_ratio)$/i;

/** A token as a message names it: `<op:+>`, `identifier "foo"`, `end of input`. */
export function describeToken(token: Token | undefined): string {
  if (token === undefined) return 'end of input';
  const quoted = token.text.length > 10 ? `${quoteGo(token.text.slice(0, 10))}...` : quoteGo(token.text);
  switch (token.kind) {
    case 'number':
      return `number ${quoted}`;
    case 'duration':
      return `duration ${quoted}`;
    case 'string':
      return `string ${quoted}`;
    case 'operator':
      return token.text === '=' ? '"="' : `<op:${token.text}>`;
    case 'punctuation':
      return quoted;
    case 'identifier':
      if (KEYWORDS.test(token.text)) return `<${token.text}>`;
      if (WORD_OPERATORS.test(token.text)) return `<op:${token.text}>`;
      if (AGGREGATORS.test(token.text)) return `<aggr:${token.text}>`;
      return `identifier ${quoteGo(token.text)}`;
  }
}
