import { RE2JS, RE2JSException } from 're2js';
import { foldText, isAsciiWord, termsOf } from './index-terms.ts';
import type { IndexTerm } from './index-terms.ts';

/**
 * What a search box holds, taken apart. All terms must hold for an entry:
 *
 * - `word`: somewhere in the text, whatever the case. A word that begins with digits or has one in its first run of
 *   letters and digits must stand at the start of such a run: `500` finds `500ms`, and not `1500`.
 * - `"a phrase"`: exactly these characters, anywhere, whatever the case; `\"` and `\\` stand for themselves.
 * - `/regexp/`, with `i`, `m`, `s` after it: RE2 syntax, case as written; matched in linear time.
 * - `-` before any of these: must not occur.
 */
export type TextTerm = LiteralTerm | RegexpTerm;

export interface LiteralTerm {
  readonly kind: 'literal';
  readonly folded: string;
  readonly startsAtWord: boolean;
  readonly isNegated: boolean;
}

export interface RegexpTerm {
  readonly kind: 'regexp';
  readonly source: string;
  readonly test: (text: string) => boolean;
  readonly isNegated: boolean;
}

export interface TextQuery {
  readonly terms: readonly TextTerm[];
  /** Terms of the block index that a block with a match must have. */
  readonly indexTerms: readonly IndexTerm[];
}

export interface QueryProblem {
  readonly message: string;
  /** Offset in the query, in UTF-16 units. */
  readonly position: number;
}

export type ParsedTextQuery =
  { readonly ok: true; readonly value: TextQuery } | { readonly ok: false; readonly problem: QueryProblem };

/** What more of them would exclude is not worth asking for. */
const MAX_INDEX_TERMS = 64;

const REGEXP_FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};
/** A slash, no bare slash inside, a slash and flags before a space or the end. */
const REGEXP = /\/((?:[^/\\]|\\[^])+)\/([a-z]*)(?=\s|$)/y;
const PHRASE = /"((?:[^"\\]|\\[^])*)"/y;
const WORD = /\S+/y;

/** Take a search text apart. The empty text gives no terms and fits every entry. */
export function parseTextQuery(text: string): ParsedTextQuery {
  const terms: TextTerm[] = [];
  const indexTerms: IndexTerm[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    const isNegated = text[at] === '-' && /\S/.test(text.charAt(at + 1));
    if (isNegated) at++;
    const regexp = matchAt(REGEXP, text, at);
    if (regexp !== null) {
      const compiled = compile(regexp[1] ?? '', regexp[2] ?? '', isNegated);
      if (typeof compiled === 'string') return { ok: false, problem: { message: compiled, position: at } };
      terms.push(compiled);
      if (!isNegated) indexTerms.push(...termsOfRegexp(compiled.source));
      at += regexp[0].length;
      continue;
    }
    const phrase = text[at] === '"' ? matchAt(PHRASE, text, at) : null;
    if (text[at] === '"' && phrase === null) {
      return { ok: false, problem: { message: 'The quotation mark is not closed.', position: at } };
    }
    const found = phrase ?? matchAt(WORD, text, at);
    if (found === null) break;
    at += found[0].length;
    const folded = foldText(phrase === null ? found[0] : (phrase[1] ?? '').replace(/\\([^])/g, '$1'));
    if (folded === '') continue;
    const startsAtWord = phrase === null && hasDigitInFirstRun(folded);
    terms.push({ kind: 'literal', folded, startsAtWord, isNegated });
    if (!isNegated) indexTerms.push(...termsOf(folded, startsAtWord));
  }
  return { ok: true, value: { terms, indexTerms: indexTerms.slice(0, MAX_INDEX_TERMS) } };
}

/** Whether a folded text holds the literal, by the rules above. */
export function containsLiteral(folded: string, term: LiteralTerm): boolean {
  return findLiteral(folded, term, 0) >= 0;
}

/** Offset of the literal at or after `from`, or -1. */
export function findLiteral(folded: string, term: LiteralTerm, from: number): number {
  let at = folded.indexOf(term.folded, from);
  if (!term.startsAtWord) return at;
  while (at > 0 && isAsciiWord(folded.charCodeAt(at - 1))) at = folded.indexOf(term.folded, at + 1);
  return at;
}

function compile(source: string, flags: string, isNegated: boolean): RegexpTerm | string {
  let bits = 0;
  for (const flag of flags) {
    const bit = REGEXP_FLAGS[flag];
    if (bit === undefined) return `/${source}/${flags}: unknown flag "${flag}"; use i, m or s.`;
    bits |= bit;
  }
  try {
    const pattern = RE2JS.compile(source.replaceAll('\\/', '/'), bits);
    return { kind: 'regexp', source, isNegated, test: (text) => pattern.test(text) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const hint = /\\[1-9]|\(\?[=!<]/.test(source) ? ' Lookarounds and backreferences are not supported.' : '';
    return `/${source}/: ${error.message}.${hint}`;
  }
}

/** Terms of the plain letters that a pattern can't match without; the pattern's case is no matter, as the index is folded. */
function termsOfRegexp(source: string): IndexTerm[] {
  const pieces: string[] = [];
  let piece = '';
  const flush = (): void => {
    pieces.push(piece);
    piece = '';
  };
  for (let at = 0; at < source.length; at++) {
    const character = source.charAt(at);
    // Groups and alternatives make text optional in too many ways to follow here; blocks are read instead.
    if (character === '|' || character === '(') return [];
    if (character === '[') {
      flush();
      at = endOfClass(source, at);
    } else if (character === '\\') {
      flush();
      at = endOfEscape(source, at);
    } else if (character === '*' || character === '?' || character === '{') {
      piece = piece.slice(0, -1);
      flush();
      if (character === '{') at = Math.max(at, source.indexOf('}', at));
    } else if (character === '.' || character === '^' || character === '$' || character === '+') flush();
    else piece += character;
  }
  flush();
  return pieces.flatMap((found) => termsOf(foldText(found), false));
}

function endOfClass(source: string, start: number): number {
  let at = start + 1;
  if (source[at] === '^') at++;
  if (source[at] === ']') at++;
  for (; at < source.length && source[at] !== ']'; at++) {
    if (source[at] === '\\') at++;
    else if (source.startsWith('[:', at)) at = Math.max(at, source.indexOf(':]', at) + 1);
  }
  return at;
}

function endOfEscape(source: string, start: number): number {
  const long = /\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|[pP]\{[^}]*\}|[0-7]{1,3}|Q[^]*?(?:\\E|$)|[^])/y;
  const match = matchAt(long, source, start);
  return start + (match?.[0].length ?? 1) - 1;
}

function hasDigitInFirstRun(folded: string): boolean {
  return /^[a-z0-9]*[0-9]/.test(folded);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
