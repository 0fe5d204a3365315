import type { Matcher, MatchOperator } from '../../../shared/model/matcher.ts';
import { isPattern } from './schema/values.ts';

export type MatcherReading =
  { readonly ok: true; readonly value: readonly Matcher[] } | { readonly ok: false; readonly message: string };

/**
 * Read one entry of `matchers`: `severity="critical"`, several after commas, with or without braces.
 *
 * Two grammars are tried as Alertmanager does by default: the newer one, and the classic one, which wins where both read
 * the text but differently. Source: Alertmanager manual, "Matchers"; its `matcher/compat`.
 */
export function parseMatchers(text: string): MatcherReading {
  const classic = read(text, parseClassic);
  return classic.ok ? classic : read(text, parseNewer);
}

/** Only the newer grammar: names and values may be any UTF-8, and what is special must be quoted. */
export function parseNewerMatchers(text: string): MatcherReading {
  return read(text, parseNewer);
}

/** Only the classic grammar: a value may hold blanks and stray quotes. */
export function parseClassicMatchers(text: string): MatcherReading {
  return read(text, parseClassic);
}

class MatcherFault extends Error {}

function read(text: string, parse: (text: string) => Matcher[]): MatcherReading {
  try {
    const value = parse(text);
    const wrong = value.find(({ operator, value: regex }) => operator.endsWith('~') && !isPattern(`^(?:${regex})$`));
    if (wrong !== undefined) throw new MatcherFault(`"${wrong.value}" is not a valid regular expression`);
    return { ok: true, value };
  } catch (error) {
    if (error instanceof MatcherFault) return { ok: false, message: `bad matcher format: ${text}: ${error.message}` };
    throw error;
  }
}

const OPERATOR = /^(?:=~|!~|!=|=)/;
const UNQUOTED = /^[^\s{}!=~,\\"'`]+/u;
const QUOTED = /^"(?:[^"\\\n]|\\.)*"/su;

function parseNewer(text: string): Matcher[] {
  let rest = text.trim();
  const isBraced = rest.startsWith('{');
  if (isBraced !== rest.endsWith('}')) throw new MatcherFault('the braces do not match');
  if (isBraced) rest = rest.slice(1, -1).trim();
  const found: Matcher[] = [];
  const take = (pattern: RegExp): string | undefined => {
    const [token] = pattern.exec(rest) ?? [];
    if (token !== undefined) rest = rest.slice(token.length).trimStart();
    return token;
  };
  const takeText = (what: string): string => {
    const quoted = take(QUOTED);
    if (quoted !== undefined) return unquote(quoted.slice(1, -1));
    const plain = take(UNQUOTED);
    if (plain === undefined) throw new MatcherFault(`${what} is missing at "${rest}"`);
    return plain;
  };
  while (rest !== '') {
    const name = takeText('a label name');
    if (name === '') throw new MatcherFault('a label name is empty');
    const operator = take(OPERATOR) as MatchOperator | undefined;
    if (operator === undefined) throw new MatcherFault(`an operator (=, !=, =~, !~) is missing at "${rest}"`);
    found.push({ name, operator, value: takeText('a value') });
    if (rest !== '' && take(/^,/) === undefined) throw new MatcherFault(`a comma is missing at "${rest}"`);
  }
  return found;
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

/** Go's escapes; bytes (`\xf0`, `\360`) are joined as UTF-8. */
function unquote(text: string): string {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))|[^\\]+/gsu;
  for (const [match, hex, short, long, octal, char] of text.matchAll(escape)) {
    const point = short ?? long;
    if (hex !== undefined) bytes.push(parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(parseInt(octal, 8));
    else if (point !== undefined && parseInt(point, 16) <= 0x10ffff)
      bytes.push(...encoder.encode(String.fromCodePoint(parseInt(point, 16))));
    else if (char === undefined && point === undefined) bytes.push(...encoder.encode(match));
    else {
      const value = SIMPLE_ESCAPES[char ?? ''];
      if (value === undefined) throw new MatcherFault(`"${match}" is not an escape sequence`);
      bytes.push(...encoder.encode(value));
    }
  }
  return decodeUtf8(Uint8Array.from(bytes));
}

function decodeUtf8(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  if (text.includes('\uFFFD')) throw new MatcherFault('a value is not UTF-8');
  return text;
}

const CLASSIC = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*(.*?)\s*$/s;

function parseClassic(text: string): Matcher[] {
  let rest = text;
  if (rest.startsWith('{')) rest = rest.slice(1);
  if (rest.endsWith('}')) rest = rest.slice(0, -1);
  const parts = splitOutsideQuotes(rest);
  // A trailing comma is allowed, an empty list is a list.
  if (parts.at(-1)?.trim() === '' && (parts.length > 1 || rest === '')) parts.pop();
  return parts.map((part) => {
    const [, name, operator, raw] = CLASSIC.exec(part) ?? [];
    if (name === undefined || raw === undefined) throw new MatcherFault(`"${part.trim()}" is no matcher`);
    return { name, operator: operator as MatchOperator, value: classicValue(raw) };
  });
}

function splitOutsideQuotes(text: string): string[] {
  const parts = [''];
  let isQuoted = false;
  let isEscaped = false;
  for (const char of text) {
    if (char === ',' && !isQuoted) {
      parts.push('');
      continue;
    }
    if (char === '"' && !isEscaped) isQuoted = !isQuoted;
    isEscaped = char === '\\' && !isEscaped;
    parts.push((parts.pop() ?? '') + char);
  }
  return parts;
}

/** `\"`, `\\` and `\n` are escapes, any other backslash is itself; an unescaped quote may only enclose the whole. */
function classicValue(raw: string): string {
  const isOpen = raw.startsWith('"');
  let body = isOpen ? raw.slice(1) : raw;
  let isClosed = false;
  let value = '';
  for (let i = 0; i < body.length; i += 1) {
    const char = body.charAt(i);
    const next = body.charAt(i + 1);
    if (char === '\\' && ['\\', '"', 'n'].includes(next)) {
      value += next === 'n' ? '\n' : next;
      i += 1;
    } else if (char === '"') {
      if (!isOpen || i < body.length - 1) throw new MatcherFault(`"${raw}" holds an unescaped quote`);
      isClosed = true;
    } else value += char;
  }
  body = value;
  if (isOpen !== isClosed) throw new MatcherFault(`"${raw}" is not closed`);
  return body;
}
