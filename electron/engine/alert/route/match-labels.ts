import { RE2JS } from 're2js';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';

/** Whether labels meet all conditions. */
export type LabelTest = (labels: LabelRecord) => boolean;

/**
 * Prepare matchers of routes and inhibition rules; a missing label counts as `''`, a list without matchers accepts all.
 *
 * @throws when a regular expression is not RE2; the configuration is checked for that before
 * Source: Alertmanager, pkg/labels: anchored as `^(?:…)$`; unlike in PromQL `.` does not match a newline.
 */
export function compileMatchers(matchers: readonly Matcher[]): LabelTest {
  const tests = matchers.map(compileMatcher);
  return (labels) => tests.every((test) => test(labels));
}

function compileMatcher({ name, operator, value }: Matcher): LabelTest {
  const read = (labels: LabelRecord): string => (Object.hasOwn(labels, name) ? (labels[name] ?? '') : '');
  switch (operator) {
    case '=':
      return (labels) => read(labels) === value;
    case '!=':
      return (labels) => read(labels) !== value;
    case '=~':
    case '!~': {
      const pattern = RE2JS.compile(`^(?:${value})$`);
      return (labels) => pattern.matches(read(labels)) === (operator === '=~');
    }
  }
}

/** The matchers as Alertmanager writes them in a group key: `{env="prod",job=~"a.*"}`. */
export function formatMatchers(matchers: readonly Matcher[]): string {
  const sorted = [...matchers].sort((a, b) =>
    a.name !== b.name ? (a.name < b.name ? -1 : 1) : a.value < b.value ? -1 : a.value > b.value ? 1 : 0,
  );
  return `{${sorted.map(({ name, operator, value }) => `${name}${operator}${JSON.stringify(value)}`).join(',')}}`;
}
