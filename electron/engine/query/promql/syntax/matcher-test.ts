import { labelValue } from '../../../../../shared/model/labels.ts';
import type { Labels } from '../../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../../shared/model/matcher.ts';
import { anchoredRegex } from './anchored-regex.ts';

/** Whether a label's value, '' where the series has none, satisfies a matcher that the parser let pass. */
export function matcherTest({ name, operator, value }: Matcher): (text: string) => boolean {
  if (operator === '=') return (text) => text === value;
  if (operator === '!=') return (text) => text !== value;
  const regex = anchoredRegex(value);
  if (!regex.ok) throw new Error(`${name}: ${regex.message}`);
  const { pattern } = regex;
  const wanted = operator === '=~';
  return (text) => pattern.matches(text) === wanted;
}

/** Whether a series satisfies all matchers of a selector. */
export function selectorTest(matchers: readonly Matcher[]): (labels: Labels) => boolean {
  const tests = matchers.map((matcher) => ({ name: matcher.name, holds: matcherTest(matcher) }));
  return (labels) => tests.every(({ name, holds }) => holds(labelValue(labels, name)));
}
