/** Something wrong in a file of the configuration, told so that a person can put it right. */
export interface Problem {
  /** The file as it was named, or the layer (`VEDETTE_HOST_INTERVAL`, `--set host.interval`). */
  readonly file: string;
  /** 1-based; 0 where the place is not a text, as for an environment variable. */
  readonly line: number;
  readonly column: number;
  /** Where in the structure: `scrape_configs[2].static_configs`; `''` for the whole file. */
  readonly path: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

export type Path = readonly (string | number)[];

export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A text that can say where each of its values stands. */
export interface Locator {
  /** The nearest place that exists: a missing key is reported at the mapping that lacks it. */
  readonly at: (path: Path, part?: 'key' | 'value') => Position;
  /** The place of line and column (1-based) of a text that is itself a value, such as an expression in a block. */
  readonly inside: (path: Path, line: number, column: number) => Position;
}

/** A value's place: the file it is in and the path to it. */
export interface Place {
  readonly source: Locator;
  readonly path: Path;
}

/** What reading found. Errors stop the start or the reload; warnings do not. */
export interface Findings {
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

export function noFindings(): Findings {
  return { problems: [], warnings: [] };
}

export function below(place: Place, ...steps: Path): Place {
  return { source: place.source, path: [...place.path, ...steps] };
}

export function problemAt(place: Place, message: string, remedy: string, part: 'key' | 'value' = 'value'): Problem {
  return { ...place.source.at(place.path, part), path: formatPath(place.path), message, remedy };
}

/** `scrape_configs[2].static_configs`; keys that are not plain words are quoted. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${String(step)}]`;
    else if (!/^[\w$*-]+$/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** `file:line:column: path: message remedy`, the form that editors make clickable. */
export function formatProblem(problem: Problem): string {
  const position =
    problem.line > 0 ? `${problem.file}:${String(problem.line)}:${String(problem.column)}` : problem.file;
  const subject = problem.path === '' ? '' : `${problem.path}: `;
  // What another language says about its text, as a parser does, ends without a full stop.
  const stop = problem.remedy === '' || /[.!?…。]$/.test(problem.message) ? '' : '.';
  return `${position}: ${subject}${problem.message}${stop} ${problem.remedy}`.trimEnd();
}

/** By file in the order in which the files were read, then by place. What is found twice at one place is told once. */
export function sortProblems(problems: readonly Problem[], files: readonly string[]): Problem[] {
  const rank = (file: string): number => {
    const index = files.indexOf(file);
    return index < 0 ? files.length : index;
  };
  const keyOf = ({ file, line, column, message }: Problem): string => JSON.stringify([file, line, column, message]);
  return [...new Map(problems.toReversed().map((problem) => [keyOf(problem), problem])).values()]
    .toReversed()
    .toSorted((a, b) => rank(a.file) - rank(b.file) || a.line - b.line || a.column - b.column);
}
