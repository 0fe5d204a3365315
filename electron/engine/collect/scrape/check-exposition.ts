import { checkOpenMetrics } from './check-openmetrics.ts';
import type { ExpositionFormat } from './parse-exposition.ts';
import { readFamilies } from './read-families.ts';
import { lintFamily } from './lint-family.ts';

/** What an author should know of an exposition. `line` is 1-based. */
export interface ExpositionReport {
  /** What makes the text unreadable: the first fault; the names are not looked at then. */
  readonly problem: { readonly message: string; readonly line: number } | null;
  /** Habits of naming that are not kept, each with its metric. */
  readonly advice: readonly { readonly metric: string; readonly message: string }[];
  readonly metrics: number;
}

/**
 * Check an exposition as its author would want it: to the letter, and by the habits of naming. Where no format is named,
 * a text that ends with `# EOF` is OpenMetrics, any other one Prometheus's text format 0.0.4.
 */
export function checkExposition(text: string, format: ExpositionFormat | null = null): ExpositionReport {
  const isOpenMetrics = format === null ? /(?:^|\n)# EOF\n?$/.test(text) : format === 'openmetrics';
  const strict = isOpenMetrics ? checkOpenMetrics(text) : null;
  if (strict?.ok === false) return { problem: strict.problem, advice: [], metrics: 0 };
  const read = readFamilies(text, isOpenMetrics ? 'openmetrics' : 'prometheus');
  if (!read.ok) return { problem: read.problem, advice: [], metrics: 0 };
  const families = read.families.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const advice = families.flatMap((family) =>
    lintFamily(family, isOpenMetrics).map((message) => ({ metric: family.name, message })),
  );
  return { problem: null, advice, metrics: families.length };
}
