import type { z } from 'zod';
import { below, problemAt } from './problem.ts';
import type { Findings, Path, Place, Problem } from './problem.ts';
import type { PlainValue } from './yaml-source.ts';

/** Check a value against its schema. Everything that does not fit is added to the findings, and undefined returned. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: PlainValue | undefined,
  place: Place,
  findings: Findings,
): z.output<Schema> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) findings.problems.push(...problemsOf(issue, value, place));
  return undefined;
}

function problemsOf(issue: z.core.$ZodIssue, value: PlainValue | undefined, root: Place): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const place = below(root, ...path);
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ');
    return issue.keys.map((key) => unknownKeyProblem(below(place, key), key, known));
  }
  const [message, remedy] = explain(issue, valueAt(value, path), place.path.at(-1));
  return [problemAt(place, message, remedy)];
}

export function unknownKeyProblem(place: Place, key: string, known: readonly string[]): Problem {
  const nearest = nearestWord(key, known);
  const remedy =
    nearest === undefined ? `Remove it; known here: ${known.toSorted().join(', ')}.` : `Did you mean "${nearest}"?`;
  return problemAt(place, `Unknown key "${key}".`, remedy, 'key');
}

function explain(
  issue: z.core.$ZodIssue,
  input: PlainValue | undefined,
  key: Path[number] | undefined,
): readonly [message: string, remedy: string] {
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = SHAPES[issue.expected] ?? issue.expected;
      if (input === undefined) return [`"${String(key)}" is missing.`, `Add it, as ${wanted}.`];
      if (input === null)
        return [typeof key === 'number' ? 'The entry is empty.' : 'The value is empty.', `Give ${wanted}.`];
      return [`Expected ${wanted}, found ${shapeOf(input)}.`, `Write ${wanted} here.`];
    }
    case 'invalid_value': {
      const words = issue.values.map(String);
      const shown = typeof input === 'string' ? `"${input}"` : shapeOf(input);
      const nearest = typeof input === 'string' ? nearestWord(input, words) : undefined;
      const choice = `Use one of: ${words.join(', ')}.`;
      if (input === undefined) return [`"${String(key)}" is missing.`, choice];
      return [`${shown} is not possible here.`, nearest === undefined ? choice : `Did you mean "${nearest}"?`];
    }
    case 'custom': {
      const remedy: unknown = issue.params?.['remedy'];
      return [issue.message, typeof remedy === 'string' ? remedy : ''];
    }
    default:
      return [`${issue.message}.`, 'Correct the value.'];
  }
}

const SHAPES: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function shapeOf(value: PlainValue | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  return Array.isArray(value) ? 'a list' : 'a mapping';
}

function valueAt(value: PlainValue | undefined, path: Path): PlainValue | undefined {
  let current: unknown = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[step];
  }
  return current as PlainValue | undefined;
}

/** The known word within two edits (one for short words); undefined when none is near. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const limit = word.length <= 4 ? 1 : Math.max(2, Math.floor(word.length / 5));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substituted));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
