import type { ExposedFamily } from './read-families.ts';

/**
 * What of a metric's naming is against the habits that dashboards and people rely on.
 *
 * @param isOpenMetrics names come without the suffixes of their type then, which that format adds itself
 * Source: Prometheus, "Metric and label naming"; the rules and words are those of `promtool check metrics`.
 */
export function lintFamily(family: ExposedFamily, isOpenMetrics: boolean): string[] {
  return [
    ...lintHelp(family),
    ...lintUnits(family),
    ...(isOpenMetrics ? [] : lintCounter(family)),
    ...lintReserved(family),
    ...lintTypeInName(family),
    ...lintSpelling(family),
    ...lintAbbreviations(family),
  ];
}

function lintHelp({ help }: ExposedFamily): string[] {
  return help === null ? ['no help text'] : [];
}

/** Units with the one that each is measured in. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ...['amperes', 'bytes', 'celsius', 'grams', 'joules', 'kelvin', 'meters', 'metres', 'moles', 'seconds', 'volts'].map(
    (unit): [string, string] => [unit, unit],
  ),
  ...['minutes', 'hours', 'days', 'weeks'].map((unit): [string, string] => [unit, 'seconds']),
  ['kelvins', 'kelvin'],
  ['fahrenheit', 'celsius'],
  ['rankine', 'celsius'],
  ...['inches', 'yards', 'miles'].map((unit): [string, string] => [unit, 'meters']),
  ['bits', 'bytes'],
  ['calories', 'joules'],
  ['pounds', 'grams'],
  ['ounces', 'grams'],
]);
const PREFIXES = `pico nano micro milli centi deci deca hecto kilo kibi mega mibi giga gibi tera tebi peta pebi`.split(
  ' ',
);

function lintUnits({ name }: ExposedFamily): string[] {
  for (const word of name.split('_')) {
    const prefix = UNITS.has(word)
      ? ''
      : PREFIXES.find((start) => word.startsWith(start) && UNITS.has(word.slice(start.length)));
    const base = prefix === undefined ? undefined : UNITS.get(word.slice(prefix.length));
    if (base !== undefined) return base === word ? [] : [`use base unit "${base}" instead of "${word}"`];
  }
  return [];
}

function lintCounter({ name, type }: ExposedFamily): string[] {
  const hasTotal = name.endsWith('_total');
  if (type === 'counter' && !hasTotal) return ['counter metrics should have "_total" suffix'];
  const isOther = type !== 'counter' && type !== 'untyped';
  return isOther && hasTotal ? ['non-counter metrics should not have "_total" suffix'] : [];
}

function lintReserved({ name, type, labelNames }: ExposedFamily): string[] {
  if (type === 'untyped') return [];
  const isHistogram = type === 'histogram';
  const isSummary = type === 'summary';
  const advice: string[] = [];
  if (!isHistogram && name.endsWith('_bucket')) advice.push('non-histogram metrics should not have "_bucket" suffix');
  for (const suffix of ['_count', '_sum']) {
    if (isHistogram || isSummary || !name.endsWith(suffix)) continue;
    advice.push(`non-histogram and non-summary metrics should not have "${suffix}" suffix`);
  }
  if (!isHistogram && labelNames.has('le')) advice.push('non-histogram metrics should not have "le" label');
  if (!isSummary && labelNames.has('quantile')) advice.push('non-summary metrics should not have "quantile" label');
  return advice;
}

function lintTypeInName({ name, type }: ExposedFamily): string[] {
  if (type === 'untyped') return [];
  const lower = name.toLowerCase();
  const isNamed = lower.includes(`_${type}_`) || lower.endsWith(`_${type}`);
  return isNamed ? [`metric name should not include type '${type}'`] : [];
}

const CAMEL_CASE = /[a-z][A-Z]/;

function lintSpelling({ name, labelNames }: ExposedFamily): string[] {
  const advice: string[] = [];
  if (name.includes(':')) advice.push("metric names should not contain ':'");
  if (CAMEL_CASE.test(name)) advice.push("metric names should be written in 'snake_case' not 'camelCase'");
  for (const label of labelNames) {
    if (CAMEL_CASE.test(label)) advice.push("label names should be written in 'snake_case' not 'camelCase'");
  }
  return advice;
}

const ABBREVIATIONS = ['s', 'ms', 'us', 'ns', 'sec', 'b', 'kb', 'mb', 'gb', 'tb', 'pb', 'm', 'h', 'd'];

function lintAbbreviations({ name }: ExposedFamily): string[] {
  const lower = name.toLowerCase();
  const isShort = ABBREVIATIONS.some((unit) => lower.includes(`_${unit}_`) || lower.endsWith(`_${unit}`));
  return isShort ? ['metric names should not contain abbreviated units'] : [];
}
