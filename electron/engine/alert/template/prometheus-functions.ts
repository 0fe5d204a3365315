import { RE2JS } from 're2js';
import { queryEscape } from './builtin-functions.ts';
import { DURATION_TYPE, goDuration, goTime, nanosecondsFromSeconds, nanosecondsOf } from './go-time.ts';
import { humanize, humanize1024, humanizeDuration, humanizePercentage, humanizeTimestamp } from './humanize.ts';
import { CallFailure, compareText, stringMap, textOf, typeName, type TemplateFunction, type TemplateList, type TemplateStruct, type TemplateValue } from './template-value.ts'; // prettier-ignore

/** One sample that a template's `query` gives. */
export interface TemplateSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface PrometheusFunctionOptions {
  /** The answer to a query, sorted as it came; a failure is thrown as {@link CallFailure}. */
  readonly query: (expression: string) => readonly TemplateSample[];
  /** The time of the evaluation in epoch milliseconds. */
  readonly nowMs: number;
  readonly externalUrl: string;
}

const SAMPLE_TYPE = '*template.sample';
const RESULT_TYPE = 'template.queryResult';

/** The functions that Prometheus adds to templates in rules. Source: Prometheus, template/template.go. */
export function prometheusFunctions(options: PrometheusFunctionOptions): ReadonlyMap<string, TemplateFunction> {
  return new Map<string, TemplateFunction>([
    ['query', text((expression) => resultList(options.query(expression).map(sampleStruct)))],
    ['first', { parameters: [RESULT_TYPE], call: (result) => first(result as TemplateList) }],
    ['label', { parameters: ['string', SAMPLE_TYPE], call: (name, sample) => labelOf(sample ?? null, textOf(name)) }],
    ['value', { parameters: [SAMPLE_TYPE], call: (sample = null) => fieldOf(sample, 'Value') }],
    ['strvalue', { parameters: [SAMPLE_TYPE], call: (sample = null) => labelOf(sample, '__value__') }],
    ['sortByLabel', { parameters: ['string', RESULT_TYPE], call: (name, result) => sortByLabel(textOf(name), result as TemplateList) }], // prettier-ignore
    ['args', { parameters: [], rest: 'any', call: (...values) => numbered(values) }],
    ['reReplaceAll', { parameters: ['string', 'string', 'string'], call: (pattern, by, subject) => replaceAll(textOf(pattern), textOf(by), textOf(subject)) }], // prettier-ignore
    ['match', { parameters: ['string', 'string'], call: (pattern, subject) => compile(textOf(pattern)).matcher(textOf(subject)).find() }], // prettier-ignore
    ['safeHtml', text((value) => value)],
    ['title', text(title)],
    ['toUpper', text((value) => value.toUpperCase())],
    ['toLower', text((value) => value.toLowerCase())],
    ['graphLink', text((expression) => `/graph?g0.expr=${queryEscape(expression)}&g0.tab=0`)],
    ['tableLink', text((expression) => `/graph?g0.expr=${queryEscape(expression)}&g0.tab=1`)],
    ['stripPort', text(stripPort)],
    ['stripDomain', text(stripDomain)],
    ['urlQueryEscape', text(queryEscape)],
    ['parseDuration', text(parseDuration)],
    ['humanize', number(humanize)],
    ['humanize1024', number(humanize1024)],
    ['humanizeDuration', number(humanizeDuration)],
    ['humanizePercentage', number(humanizePercentage)],
    ['humanizeTimestamp', number(humanizeTimestamp)],
    [
      'toTime',
      number((seconds) => goTime((nanosecondsFromSeconds(finite(seconds), 'timestamp') / 1_000_000n) * 1_000_000n)),
    ],
    ['toDuration', number((seconds) => goDuration(nanosecondsFromSeconds(finite(seconds), 'duration')))],
    ['now', { parameters: [], call: () => options.nowMs / 1000 }],
    ['externalURL', { parameters: [], call: () => options.externalUrl }],
    ['pathPrefix', { parameters: [], call: () => pathOf(options.externalUrl) }],
  ]);
}

/** The names that a template in a rule may call, besides the built-in ones. */
export const PROMETHEUS_FUNCTION_NAMES: readonly string[] = [
  ...prometheusFunctions({ query: () => [], nowMs: 0, externalUrl: '' }).keys(),
];

function text(call: (value: string) => TemplateValue): TemplateFunction {
  return { parameters: ['string'], call: (value) => call(textOf(value)) };
}

function number(call: (value: number) => TemplateValue): TemplateFunction {
  return { parameters: ['any'], call: (value = null) => call(toNumber(value)) };
}

/** Numbers come as numbers, as text, or as a duration in seconds. */
export function toNumber(value: TemplateValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return parseFloatAsGo(value);
  if (typeName(value) === DURATION_TYPE) return Number(nanosecondsOf(value)) / 1e9;
  throw new CallFailure(`can't convert ${typeName(value)} to float`);
}

function parseFloatAsGo(source: string): number {
  const named = /^([+-]?)(?:(inf(?:inity)?)|(nan))$/i.exec(source);
  if (named !== null) return named[3] !== undefined ? NaN : named[1] === '-' ? -Infinity : Infinity;
  if (!/^[+-]?(?:[0-9]+(?:_[0-9]+)*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(source)) {
    throw new CallFailure(`strconv.ParseFloat: parsing ${JSON.stringify(source)}: invalid syntax`);
  }
  return Number(source.replaceAll('_', ''));
}

function finite(seconds: number): number {
  if (!Number.isFinite(seconds)) throw new CallFailure('value is NaN or Inf');
  return seconds;
}

function sampleStruct(sample: TemplateSample): TemplateStruct {
  return {
    kind: 'struct',
    type: SAMPLE_TYPE,
    fields: new Map<string, TemplateValue>([
      ['Labels', stringMap(sample.labels)],
      ['Value', sample.value],
    ]),
    methods: new Map(),
    text: `&{${Object.keys(sample.labels).join(' ')} ${String(sample.value)}}`,
  };
}

function resultList(items: readonly TemplateValue[]): TemplateList {
  return { kind: 'list', type: RESULT_TYPE, items };
}

function first(result: TemplateList): TemplateValue {
  const [sample] = result.items;
  if (sample === undefined) throw new CallFailure('first() called on vector with no elements');
  return sample;
}

function fieldOf(sample: TemplateValue, name: string): TemplateValue {
  return sample !== null && typeof sample === 'object' && sample.kind === 'struct'
    ? (sample.fields.get(name) ?? null)
    : null;
}

function labelOf(sample: TemplateValue, name: string): string {
  const labels = fieldOf(sample, 'Labels');
  const value = labels !== null && typeof labels === 'object' && labels.kind === 'map' ? labels.entries.get(name) : '';
  return typeof value === 'string' ? value : '';
}

function sortByLabel(name: string, result: TemplateList): TemplateList {
  return resultList([...result.items].sort((a, b) => compareText(labelOf(a, name), labelOf(b, name))));
}

function numbered(values: readonly TemplateValue[]): TemplateValue {
  const entries = new Map(values.map((value, index) => [`arg${String(index)}`, value]));
  return { kind: 'map', type: 'map[string]interface {}', entries, zero: null };
}

export function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new CallFailure(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Go's Regexp.ReplaceAllString: `$1`, `${1}` and `$name` in the replacement; an unknown group is empty. */
export function replaceAll(pattern: string, replacement: string, subject: string): string {
  const compiled = compile(pattern);
  const names = compiled.namedGroups();
  const matcher = compiled.matcher(subject);
  let result = '';
  let end = 0;
  while (matcher.find()) {
    result += subject.slice(end, matcher.start());
    result += replacement.replace(
      /\$(?:(\$)|\{(\w+)\}|(\w+))/g,
      (_all, dollar?: string, braced?: string, bare?: string) => {
        if (dollar !== undefined) return '$';
        const name = braced ?? bare ?? '';
        const index = /^\d+$/.test(name) ? Number(name) : (names[name] ?? -1);
        return index < 0 || index > matcher.groupCount() ? '' : (matcher.group(index) ?? '');
      },
    );
    end = matcher.end();
  }
  return result + subject.slice(end);
}

/** Go's strings.Title: every letter after a non-letter is raised, the rest stays. */
export function title(value: string): string {
  return value.replace(
    /(^|[^\p{L}\p{Nd}_'])(\p{L})/gu,
    (_all, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

/** `host:port` split as Go's net.SplitHostPort does; null when it is not of that form. */
function splitHostPort(address: string): { host: string; port: string } | null {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(address);
  return match === null ? null : { host: match[1] ?? match[2] ?? '', port: match[3] ?? '' };
}

function stripPort(address: string): string {
  return splitHostPort(address)?.host ?? address;
}

function stripDomain(address: string): string {
  const parts = splitHostPort(address);
  const host = parts?.host ?? address;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host) || host.includes(':')) return address;
  const name = host.split('.')[0] ?? host;
  return parts === null ? name : `${name}:${parts.port}`;
}

const DURATION_UNITS: Readonly<Record<string, number>> = {
  y: 31_536_000,
  w: 604_800,
  d: 86_400,
  h: 3600,
  m: 60,
  s: 1,
  ms: 0.001,
};
const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** A Prometheus duration (`1h2m10ms`, also negative) in seconds. */
function parseDuration(source: string): number {
  const isNegative = source.startsWith('-');
  const positive = isNegative ? source.slice(1) : source;
  const match = DURATION.exec(positive);
  if (positive === '') throw new CallFailure('empty duration string');
  if (positive === '0') return 0;
  if (match === null) throw new CallFailure(`not a valid duration string: ${JSON.stringify(positive)}`);
  const seconds = Object.values(DURATION_UNITS).reduce(
    (sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unit,
    0,
  );
  return isNegative ? -seconds : seconds;
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname.replace(/\/$/, '') : '';
}
