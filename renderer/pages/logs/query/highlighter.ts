import type { QueryTerm } from './query-terms.ts';

/** Start and end of a part of a text, in UTF-16 units. */
export type TextRange = readonly [start: number, end: number];

/** Where a text is to be marked: ascending, without overlaps. */
export type Highlighter = (text: string) => readonly TextRange[];

/** A part of a text that a pattern finds at or after a place; null when there is none. */
export type FindNext = (text: string, from: number) => TextRange | null;

/** Marks per text at most; a line of a hundred thousand dots is not worth more. */
const MOST_MARKS = 50;

/** Marks what the literal terms ask for, and what the finders find; nothing for terms that must not occur. */
export function createHighlighter(terms: readonly QueryTerm[], finders: readonly FindNext[]): Highlighter {
  const literals = terms.flatMap((term) =>
    term.kind === 'literal' && !term.isNegated ? [findLiteral(term.text.toLowerCase())] : [],
  );
  const all = [...literals, ...finders];
  if (all.length === 0) return () => [];
  return (text) => {
    const found: TextRange[] = [];
    for (const find of all) {
      let from = 0;
      for (let marks = 0; marks < MOST_MARKS; marks++) {
        const range = find(text, from);
        if (range === null) break;
        if (range[1] > range[0]) found.push(range);
        from = Math.max(range[1], range[0] + 1);
      }
    }
    return mergeRanges(found);
  };
}

/** Overlapping parts become one. */
export function mergeRanges(ranges: readonly TextRange[]): readonly TextRange[] {
  const merged: [number, number][] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/**
 * Finders for the regexps of a search. The engine for them runs in linear time, as the store's does: one pattern must
 * not be able to stop the page. It is loaded when the first regexp is typed; one that it refuses marks nothing.
 */
export async function regexpFinders(terms: readonly QueryTerm[]): Promise<readonly FindNext[]> {
  const wanted = terms.filter((term) => term.kind === 'regexp' && !term.isNegated);
  if (wanted.length === 0) return [];
  const { RE2JS, RE2JSException } = await import('re2js');
  const bits: Readonly<Record<string, number>> = {
    i: RE2JS.CASE_INSENSITIVE,
    m: RE2JS.MULTILINE,
    s: RE2JS.DOTALL,
  };
  return wanted.flatMap((term): FindNext[] => {
    if (term.kind !== 'regexp') return [];
    try {
      const flags = Array.from(term.flags).reduce((sum, flag) => sum | (bits[flag] ?? 0), 0);
      const pattern = RE2JS.compile(term.source.replaceAll('\\/', '/'), flags);
      return [
        (text, from) => {
          const matcher = pattern.matcher(text);
          return matcher.find(from) ? [matcher.start(), matcher.end()] : null;
        },
      ];
    } catch (error) {
      if (error instanceof RE2JSException) return [];
      throw error;
    }
  });
}

function findLiteral(folded: string): FindNext {
  return (text, from) => {
    // Folding may change the length of a few letters; then the exact spelling has to do.
    const lower = text.toLowerCase();
    const at = (lower.length === text.length ? lower : text).indexOf(folded, from);
    return at < 0 ? null : [at, at + folded.length];
  };
}
