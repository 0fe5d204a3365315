import { labelValue, type Labels } from '../../../shared/model/labels.ts';
import type { Matcher } from '../../../shared/model/matcher.ts';
import { compileMatcher } from '../store/metrics/index.ts';

/** Tells whether labels fit one of the selectors; all do when there is none. */
export function selectorsTest(selectors: readonly (readonly Matcher[])[]): (labels: Labels) => boolean {
  if (selectors.length === 0) return () => true;
  const compiled = selectors.map((matchers) => matchers.map(compileMatcher));
  return (labels) => compiled.some((tests) => tests.every(({ name, test }) => test(labelValue(labels, name))));
}
