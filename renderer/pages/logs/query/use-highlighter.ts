import { useEffect, useMemo, useState } from 'react';
import { createHighlighter, regexpFinders, type FindNext, type Highlighter } from './highlighter.ts';
import { queryTerms } from './query-terms.ts';

const NO_FINDERS: readonly FindNext[] = [];

/** Marks what a search text finds; regexps join as soon as their engine is loaded. */
export function useHighlighter(text: string): Highlighter {
  const terms = useMemo(() => queryTerms(text), [text]);
  const [loaded, setLoaded] = useState<{ readonly of: typeof terms; readonly finders: readonly FindNext[] } | null>(
    null,
  );
  useEffect(() => {
    if (!terms.some(({ kind }) => kind === 'regexp')) return;
    let isCurrent = true;
    void regexpFinders(terms).then((finders) => {
      if (isCurrent) setLoaded({ of: terms, finders });
    });
    return () => {
      isCurrent = false;
    };
  }, [terms]);
  const finders = loaded?.of === terms ? loaded.finders : NO_FINDERS;
  return useMemo(() => createHighlighter(terms, finders), [terms, finders]);
}
