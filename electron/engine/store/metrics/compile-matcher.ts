import { RE2JS } from 're2js';
import type { Matcher } from '../../../../shared/model/matcher.ts';

/** A matcher made ready: a test, and, where the pattern is only a list of texts, that list. */
export interface CompiledMatcher {
  readonly name: string;
  /** Whether a label value (`''` for none) fits. */
  readonly test: (value: string) => boolean;
  /** The only values that fit, when they can be listed. */
  readonly values: readonly string[] | null;
}

const PLAIN = /^[^\\.+*?()|[\]{}^$]*$/;

/**
 * @throws an error with RE2's message when the regular expression is not valid
 * Source: Prometheus, model/labels/matcher.go and regexp.go: anchored at both ends, `.` matches a line break.
 */
export function compileMatcher(matcher: Matcher): CompiledMatcher {
  const { name, operator, value } = matcher;
  switch (operator) {
    case '=':
      return { name, test: (text) => text === value, values: [value] };
    case '!=':
      return { name, test: (text) => text !== value, values: null };
    case '=~':
      return { name, ...compilePattern(value) };
    case '!~': {
      const { test } = compilePattern(value);
      return { name, test: (text) => !test(text), values: null };
    }
  }
}

function compilePattern(pattern: string): Pick<CompiledMatcher, 'test' | 'values'> {
  if (pattern === '.*') return { test: () => true, values: null };
  if (pattern === '.+') return { test: (text) => text !== '', values: null };
  const alternatives = pattern.split('|');
  if (alternatives.every((alternative) => PLAIN.test(alternative))) {
    const texts = new Set(alternatives);
    return { test: (text) => texts.has(text), values: [...texts] };
  }
  const prefix = pattern.slice(0, -2);
  if (PLAIN.test(prefix)) {
    if (pattern.endsWith('.*')) return { test: (text) => text.startsWith(prefix), values: null };
    if (pattern.endsWith('.+')) {
      return { test: (text) => text.length > prefix.length && text.startsWith(prefix), values: null };
    }
  }
  const compiled = RE2JS.compile(`^(?:${pattern})$`, RE2JS.DOTALL);
  const known = new Map<string, boolean>();
  return {
    values: null,
    test(text) {
      let isMatch = known.get(text);
      if (isMatch === undefined) {
        isMatch = compiled.testExact(text);
        known.set(text, isMatch);
      }
      return isMatch;
    },
  };
}
