/**
 * The terms under which a block is found. Searching means "contains", so words alone can't be the index:
 *
 * | in the text                                | terms                                  | answers                        |
 * |--------------------------------------------|----------------------------------------|--------------------------------|
 * | run of ASCII letters, 3 or more            | every 4 letters, and the last 3        | any part of a word, from 3 on  |
 * | run of letters and digits with a digit in it | the run itself (first 10 characters)| ids and numbers from their start |
 * | run of other characters (中文, é)          | every pair, and the last one           | any part                       |
 *
 * Pieces of ids are no terms: a few thousand hexadecimal ids hold every combination of four digits, and would fill the
 * index with what excludes nothing. All works on folded text.
 */
export interface IndexTerm {
  readonly text: string;
  /** Whether terms that only start with `text` fit too. */
  readonly isPrefix: boolean;
}

const MAX_ID_LENGTH = 10;
const MIN_ID_LENGTH = 3;
/** More of them cost time and exclude no more. */
const MAX_QUERY_TERMS = 24;
const LETTER_BITS = 5;
const GRAM_MASK = 0xfffff;
const TAIL_MASK = 0x7fff;
const FIRST_WIDE = 0x80;

/** Text in the form in which it is compared: lower case, both sigmas as one. Nearly always of the same length. */
export function foldText(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}

export function isAsciiWord(code: number): boolean {
  return isLetter(code) || isDigit(code);
}

/** Gathers the terms of one block after the other. It keeps a table of 1 MiB between them. */
export class TermCollector {
  /** One byte per combination of four letters; three letters have a zero in front. */
  readonly #seen = new Uint8Array(GRAM_MASK + 1);
  #grams: number[] = [];
  #pairs = new Set<number>();
  #ids = new Set<string>();

  add(folded: string): void {
    const length = folded.length;
    let at = 0;
    while (at < length) {
      const code = folded.charCodeAt(at);
      if (isAsciiWord(code)) at = this.#addWord(folded, at, length);
      else if (code >= FIRST_WIDE && !isSurrogate(code)) at = this.#addWide(folded, at, length);
      else at++;
    }
  }

  /** All terms since the last call, separated by spaces. */
  take(): string {
    const terms: string[] = [];
    for (const gram of this.#grams) {
      terms.push(gramText(gram));
      this.#seen[gram] = 0;
    }
    for (const pair of this.#pairs) {
      const first = Math.floor(pair / 0x10000);
      terms.push(first === 0 ? String.fromCharCode(pair) : String.fromCharCode(first, pair % 0x10000));
    }
    for (const id of this.#ids) terms.push(id);
    this.#grams = [];
    this.#pairs = new Set();
    this.#ids = new Set();
    return terms.join(' ');
  }

  #addWord(folded: string, start: number, length: number): number {
    let at = start;
    let gram = 0;
    let run = 0;
    let hasDigit = false;
    for (; at < length; at++) {
      const code = folded.charCodeAt(at);
      if (isLetter(code)) {
        gram = ((gram << LETTER_BITS) | (code - 0x60)) & GRAM_MASK;
        if (++run >= 4) this.#mark(gram);
        continue;
      }
      if (run >= 3) this.#mark(gram & TAIL_MASK);
      run = 0;
      gram = 0;
      if (!isDigit(code)) break;
      hasDigit = true;
    }
    if (run >= 3) this.#mark(gram & TAIL_MASK);
    if (hasDigit && at - start >= MIN_ID_LENGTH)
      this.#ids.add(folded.slice(start, Math.min(at, start + MAX_ID_LENGTH)));
    return at;
  }

  #addWide(folded: string, start: number, length: number): number {
    let previous = folded.charCodeAt(start);
    let at = start + 1;
    for (; at < length; at++) {
      const code = folded.charCodeAt(at);
      if (code < FIRST_WIDE || isSurrogate(code)) break;
      this.#pairs.add(previous * 0x10000 + code);
      previous = code;
    }
    this.#pairs.add(previous);
    return at;
  }

  #mark(gram: number): void {
    if (this.#seen[gram] !== 0) return;
    this.#seen[gram] = 1;
    this.#grams.push(gram);
  }
}

/**
 * Terms that every block with `folded` in it has. Empty when nothing can be excluded.
 *
 * @param startsAtWord whether no ASCII letter or digit stands before it in the text
 */
export function termsOf(folded: string, startsAtWord: boolean): IndexTerm[] {
  const terms = new Map<string, IndexTerm>();
  const add = (text: string, isPrefix: boolean): void => {
    if (terms.size < MAX_QUERY_TERMS) terms.set(isPrefix ? `${text}*` : text, { text, isPrefix });
  };
  const length = folded.length;
  let at = 0;
  while (at < length) {
    const start = at;
    const code = folded.charCodeAt(at);
    if (isAsciiWord(code)) {
      while (at < length && isAsciiWord(folded.charCodeAt(at))) at++;
      addWordTerms(folded, start, at, start > 0 || startsAtWord, add);
    } else if (code >= FIRST_WIDE && !isSurrogate(code)) {
      while (at < length && folded.charCodeAt(at) >= FIRST_WIDE && !isSurrogate(folded.charCodeAt(at))) at++;
      for (let pair = start; pair + 2 <= at; pair++) add(folded.slice(pair, pair + 2), false);
      if (at - start === 1) add(folded.slice(start, at), at === length);
    } else at++;
  }
  return [...terms.values()];
}

function addWordTerms(
  folded: string,
  start: number,
  end: number,
  isStartKnown: boolean,
  add: (text: string, isPrefix: boolean) => void,
): void {
  let run = start;
  let hasDigit = false;
  for (let at = start; at <= end; at++) {
    if (at < end && isLetter(folded.charCodeAt(at))) continue;
    if (at < end) hasDigit = true;
    if (at - run === 3) add(folded.slice(run, at), at === folded.length);
    for (let gram = run; gram + 4 <= at; gram++) add(folded.slice(gram, gram + 4), false);
    run = at + 1;
  }
  if (!hasDigit || !isStartKnown || end - start < MIN_ID_LENGTH) return;
  const isWhole = end < folded.length || end - start >= MAX_ID_LENGTH;
  add(folded.slice(start, Math.min(end, start + MAX_ID_LENGTH)), !isWhole);
}

function gramText(gram: number): string {
  const first = gram >> (3 * LETTER_BITS);
  const rest = String.fromCharCode(
    ((gram >> (2 * LETTER_BITS)) & 31) + 0x60,
    ((gram >> LETTER_BITS) & 31) + 0x60,
    (gram & 31) + 0x60,
  );
  return first === 0 ? rest : String.fromCharCode(first + 0x60) + rest;
}

function isLetter(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}
