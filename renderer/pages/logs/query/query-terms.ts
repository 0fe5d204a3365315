/** A part of a search text that must (or must not) occur. */
export type QueryTerm =
  | { readonly kind: 'literal'; readonly text: string; readonly isNegated: boolean }
  | { readonly kind: 'regexp'; readonly source: string; readonly flags: string; readonly isNegated: boolean };

const REGEXP = /\/((?:[^/\\]|\\[^])+)\/([a-z]*)(?=\s|$)/y;
const PHRASE = /"((?:[^"\\]|\\[^])*)"/y;
const WORD = /\S+/y;

/**
 * Take a search text apart as the store does, to mark what was found: words, `"a phrase"`, `-word`, `/regexp/ims`.
 * What is wrong in it is the store's to say; here a phrase that is not closed counts as words.
 */
export function queryTerms(text: string): readonly QueryTerm[] {
  const terms: QueryTerm[] = [];
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
      terms.push({ kind: 'regexp', source: regexp[1] ?? '', flags: regexp[2] ?? '', isNegated });
      at += regexp[0].length;
      continue;
    }
    const phrase = text[at] === '"' ? matchAt(PHRASE, text, at) : null;
    const found = phrase ?? matchAt(WORD, text, at);
    if (found === null) break;
    at += found[0].length;
    const literal = phrase === null ? found[0] : (phrase[1] ?? '').replace(/\\([^])/g, '$1');
    if (literal !== '') terms.push({ kind: 'literal', text: literal, isNegated });
  }
  return terms;
}

/** A value as a term that finds exactly it; `isNegated` for one that leaves it out. */
export function termFor(value: string, isNegated: boolean): string {
  const plain = /^[^\s"/\\-][^\s"]*$/.test(value);
  const quoted = plain ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
  return isNegated ? `-${quoted}` : quoted;
}

/** Add a term to a search text, unless it is there. */
export function withTerm(text: string, term: string): string {
  const trimmed = text.trim();
  if (` ${trimmed} `.includes(` ${term} `)) return trimmed;
  return trimmed === '' ? term : `${trimmed} ${term}`;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
