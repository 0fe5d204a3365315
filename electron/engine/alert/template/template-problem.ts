/** What is wrong with a template, in Go's words. `line` counts from 1, `column` from 0 in UTF-8 bytes, as Go counts. */
export interface TemplateProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Line (from 1) and column (from 0, in UTF-8 bytes) of an offset. */
export function placeOf(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position);
  const lineStart = before.lastIndexOf('\n') + 1;
  return {
    line: before.split('\n').length,
    column: new TextEncoder().encode(before.slice(lineStart)).length,
  };
}
