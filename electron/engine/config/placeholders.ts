import { below, problemAt } from './problem.ts';
import type { Place, Problem } from './problem.ts';
import { isPlainMap } from './yaml-source.ts';
import type { PlainValue } from './yaml-source.ts';

/** Text that an example leaves for its reader to fill in. */
const PLACEHOLDER = /\bYOUR[_-][A-Z0-9_-]+|<your[^>]*>|\bchange[_-]?me\b|\bREPLACE[_-]ME\b/i;

const VARIABLE = /^\$\{env:([^}]+)\}$/;

/**
 * A warning for each value that still is the placeholder of an example, and for each `${env:NAME}` without a NAME in the
 * environment. The value is not repeated: it may be a secret.
 */
export function warnPlaceholders(
  value: PlainValue,
  place: Place,
  environment: Readonly<Record<string, string | undefined>>,
): Problem[] {
  if (typeof value === 'string') {
    const [, name] = VARIABLE.exec(value) ?? [];
    if (name !== undefined && environment[name] === undefined) {
      return [problemAt(place, `The environment variable ${name} is not set.`, 'Set it before the program starts.')];
    }
    return PLACEHOLDER.test(value)
      ? [problemAt(place, 'The value still holds the placeholder of an example.', 'Put your own value in its place.')]
      : [];
  }
  const entries = isPlainMap(value) ? Object.entries(value) : [...(value ?? []).entries()];
  return entries.flatMap(([key, entry]) => warnPlaceholders(entry, below(place, key), environment));
}
