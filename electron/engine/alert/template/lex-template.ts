/**
 * Tokens of Go's text/template. Positions are UTF-16 offsets into the text.
 * Source: Go, text/template/parse/lex.go.
 */
export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'space'
  | 'assign'
  | 'declare'
  | 'comma'
  | 'pipe'
  | 'leftParen'
  | 'rightParen'
  | 'dot'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'bool'
  | 'nil'
  | 'number'
  | 'char'
  | 'string'
  | 'rawString'
  | 'error'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly position: number;
}

const KEYWORDS = new Set(['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with']);
const SPACE = /[ \t\r\n]*/y;
const WORD = /[\p{L}\p{Nd}_]*/uy;
const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[bB][01_]*|0[oO][0-7_]*|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y;
const TERMINATORS = new Set(['', ' ', '\t', '\r', '\n', '.', ',', '|', ':', '=', ')', '(']);

/** Cut a template into tokens. A mistake becomes a last token of kind `error` whose text is the message. */
export function lexTemplate(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const open = text.indexOf('{{', position);
    if (open < 0) {
      tokens.push({ kind: 'text', text: text.slice(position), position });
      break;
    }
    const trimsLeft = /^-[ \t\r\n]/.test(text.slice(open + 2, open + 4));
    const before = text.slice(position, open);
    const kept = trimsLeft ? before.replace(/[ \t\r\n]+$/, '') : before;
    if (kept !== '') tokens.push({ kind: 'text', text: kept, position });
    const inside = lexAction(text, open, open + (trimsLeft ? 4 : 2), tokens);
    if (inside === null) return tokens;
    position = inside;
  }
  tokens.push({ kind: 'end', text: '', position: text.length });
  return tokens;
}

/** Lex one action; gives the position after it, or null after an error token. */
function lexAction(text: string, open: number, start: number, tokens: Token[]): number | null {
  const fail = (message: string, position: number): null => {
    tokens.push({ kind: 'error', text: message, position });
    return null;
  };
  if (text.startsWith('/*', start)) {
    const end = text.indexOf('*/', start);
    if (end < 0) return fail('unclosed comment', start);
    const close = closeLength(text, end + 2);
    if (close === 0) return fail('comment ends before closing delimiter', end);
    return afterClose(text, end + 2, close);
  }
  tokens.push({ kind: 'open', text: '{{', position: open });
  let depth = 0;
  let at = start;
  for (;;) {
    const close = closeLength(text, at);
    if (close > 0) {
      if (depth > 0) return fail('unclosed left paren', at);
      tokens.push({ kind: 'close', text: '}}', position: at });
      return afterClose(text, at, close);
    }
    const token = nextToken(text, at);
    if (token.kind === 'leftParen') depth++;
    if (token.kind === 'rightParen' && --depth < 0) return fail('unexpected right paren', at);
    tokens.push(token);
    if (token.kind === 'error') return null;
    at += token.text.length;
  }
}

/** Length of the closing delimiter here, with its trim marker (` -}}`); 0 when there is none. */
function closeLength(text: string, at: number): number {
  if (text.startsWith('}}', at)) return 2;
  return /^[ \t\r\n]-\}\}/.test(text.slice(at, at + 4)) ? 4 : 0;
}

function afterClose(text: string, at: number, length: number): number {
  return length === 2 ? at + 2 : at + length + matchAt(SPACE, text, at + length).length;
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function nextToken(text: string, at: number): Token {
  const make = (kind: TokenKind, value: string): Token => ({ kind, text: value, position: at });
  const char = text.charAt(at);
  if (char === '') return make('error', 'unclosed action');
  const space = matchAt(SPACE, text, at);
  if (space !== '') {
    // A space before ` -}}` belongs to the trim marker.
    const marker = text.startsWith('-}}', at + space.length) ? space.length - 1 : space.length;
    return make('space', space.slice(0, Math.max(marker, 1)));
  }
  if (char === '=') return make('assign', '=');
  if (char === ':') return text.startsWith(':=', at) ? make('declare', ':=') : make('error', 'expected :=');
  if (char === '|') return make('pipe', '|');
  if (char === '(') return make('leftParen', '(');
  if (char === ')') return make('rightParen', ')');
  if (char === ',') return make('comma', ',');
  if (char === '"' || char === '`' || char === "'") return quoted(text, at, char);
  if (char === '.' && !/[0-9]/.test(text.charAt(at + 1))) {
    const word = matchAt(WORD, text, at + 1);
    return terminated(text, make(word === '' ? 'dot' : 'field', `.${word}`));
  }
  if (char === '$') return terminated(text, make('variable', `$${matchAt(WORD, text, at + 1)}`));
  if (/[0-9.+-]/.test(char)) return number(text, at);
  const word = matchAt(WORD, text, at);
  if (word === '') return make('error', `unrecognized character in action: ${unicodeName(text, at)}`);
  const kind = KEYWORDS.has(word)
    ? 'keyword'
    : word === 'true' || word === 'false'
      ? 'bool'
      : word === 'nil'
        ? 'nil'
        : 'identifier';
  return terminated(text, make(kind, word));
}

function terminated(text: string, token: Token): Token {
  const end = token.position + token.text.length;
  const next = text.charAt(end);
  if (token.kind === 'dot' || TERMINATORS.has(next) || text.startsWith('}}', end)) return token;
  return { kind: 'error', text: `bad character ${unicodeName(text, end)}`, position: token.position };
}

function number(text: string, at: number): Token {
  const value = matchAt(NUMBER, text, at);
  const after = matchAt(WORD, text, at + value.length);
  if (after !== '' || !/[0-9]/.test(value)) {
    const bad = value + after || text.charAt(at);
    return { kind: 'error', text: `bad number syntax: ${JSON.stringify(bad)}`, position: at };
  }
  return { kind: 'number', text: value, position: at };
}

function quoted(text: string, at: number, quote: string): Token {
  for (let i = at + 1; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === quote) {
      const kind = quote === '"' ? 'string' : quote === '`' ? 'rawString' : 'char';
      return { kind, text: text.slice(at, i + 1), position: at };
    }
    if (quote === '`') continue;
    if (char === '\n') break;
    if (char === '\\' && text.charAt(i + 1) !== '\n') i++;
  }
  const what = quote === '"' ? 'quoted string' : quote === '`' ? 'raw quoted string' : 'character constant';
  return { kind: 'error', text: `unterminated ${what}`, position: at };
}

/** `U+0023 '#'`, without the character when it cannot be printed: Go's `%#U`. */
function unicodeName(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0xfffd;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const char = String.fromCodePoint(code);
  return /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char) ? `${name} '${char}'` : name;
}
