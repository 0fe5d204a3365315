import type { Span } from './expr.ts';

/** Why a text is not a query. Line and column count from 1; `message` already starts with them, as Prometheus writes it. */
export interface ParseProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** Thrown inside the parser only; `parsePromql` turns it into a value. */
export class SyntaxFailure extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export function fail(at: Span | number, message: string): never {
  throw new SyntaxFailure(message, typeof at === 'number' ? at : at.start);
}

/** Line and column, from 1, of an offset in a text. */
export function positionIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

export function parseProblem(text: string, failure: SyntaxFailure): ParseProblem {
  const { line, column } = positionIn(text, failure.offset);
  const message = `${String(line)}:${String(column)}: parse error: ${failure.message}`;
  return { message, line, column, offset: failure.offset };
}
