import { useState } from 'react';
import { readExpressions, remember, toggleStar, writeExpressions, type KeptExpressions } from './kept-expressions.ts';

export interface KeptControl {
  readonly kept: KeptExpressions;
  readonly onRan: (expressions: readonly string[]) => void;
  readonly onStar: (expression: string) => void;
}

/** History and stars of expressions, kept in this browser. */
export function useKeptExpressions(): KeptControl {
  const [kept, setKept] = useState(() => readExpressions(localStorage));
  const change = (next: KeptExpressions): void => {
    writeExpressions(localStorage, next);
    setKept(next);
  };
  // Another window may have written meanwhile, so changes start from what is stored.
  return {
    kept,
    onRan: (expressions) => {
      change(remember(readExpressions(localStorage), expressions));
    },
    onStar: (expression) => {
      change(toggleStar(readExpressions(localStorage), expression));
    },
  };
}
