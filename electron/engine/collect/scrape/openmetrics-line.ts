/** A line of OpenMetrics, read without any tolerance. */
export interface StrictSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  /** Seconds. */
  readonly timestamp: number | null;
  readonly hasExemplar: boolean;
}

export interface StrictMetadata {
  readonly keyword: 'HELP' | 'TYPE' | 'UNIT';
  readonly family: string;
  readonly text: string;
}

export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const REAL_NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^[+-]?inf(?:inity)?$/i;
/** The name, then the labels in braces with their quotes balanced, then one space and the rest. */
const SAMPLE = /^([^{ ]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\[^])*")*)\})? ([^]*)$/;
const REST = /^([^ ]+)(?: ([^ ]+))?$/;
const EXEMPLAR = /^([^ ]+(?: [^ ]+)?) # \{((?:[^"}]|"(?:[^"\\]|\\[^])*")*)\} ([^]*)$/;
/** Characters of an exemplar's label names and values together. Source: OpenMetrics 1.0, "Exemplars". */
const MOST_EXEMPLAR_CHARACTERS = 128;

export function readMetadata(line: string): Reading<StrictMetadata> {
  const [, keyword, family, text] = /^# (HELP|TYPE|UNIT) ("(?:[^"\\]|\\.)+"|[^ ]+) ([^]*)$/.exec(line) ?? [];
  if (keyword === undefined || family === undefined || text === undefined) {
    return failure('a comment must be "# HELP name text", "# TYPE name type", "# UNIT name unit" or "# EOF"');
  }
  const name = family.startsWith('"') ? unescape(family.slice(1, -1)) : family;
  if (!family.startsWith('"') && !NAME.test(family)) return failure(`"${family}" is no metric name`);
  return { ok: true, value: { keyword: keyword as StrictMetadata['keyword'], family: name, text } };
}

export function readSample(line: string): Reading<StrictSample> {
  const [, plainName = '', braces, rest] = SAMPLE.exec(line) ?? [];
  if (rest === undefined)
    return failure('a sample must be "name value" or "name{label=\\"value\\"} value", with one space');
  const labels = readLabels(braces ?? '');
  if (!labels.ok) return labels;
  const name = plainName === '' ? (labels.value.name ?? '') : plainName;
  if (plainName !== '' && (!NAME.test(plainName) || labels.value.name !== null)) {
    return failure(`"${plainName}" is no metric name`);
  }
  if (name === '') return failure('the metric name is missing');
  const [, measured = rest, exemplarLabels, exemplarRest = ''] = EXEMPLAR.exec(rest) ?? [];
  const number = readNumbers(measured, 'the value');
  if (!number.ok) return number;
  if (exemplarLabels !== undefined) {
    const fault = faultOfExemplar(exemplarLabels, exemplarRest);
    if (fault !== null) return failure(fault);
  }
  const hasExemplar = exemplarLabels !== undefined;
  return { ok: true, value: { name, labels: labels.value.labels, ...number.value, hasExemplar } };
}

/** A value and perhaps a timestamp, separated by exactly one space. */
function readNumbers(text: string, what: string): Reading<{ value: number; timestamp: number | null }> {
  const [, valueText, timestampText] = REST.exec(text) ?? [];
  if (valueText === undefined) return failure(`${what} and a timestamp must follow, each after exactly one space`);
  const value = parseStrictNumber(valueText);
  if (value === null) return failure(`${what} "${valueText}" is no number`);
  if (timestampText === undefined) return { ok: true, value: { value, timestamp: null } };
  const timestamp = parseStrictNumber(timestampText);
  if (timestamp === null || !Number.isFinite(timestamp))
    return failure(`the timestamp "${timestampText}" is no finite number`);
  return { ok: true, value: { value, timestamp } };
}

/** Null for what is no OpenMetrics number: underscores and other bases are not. */
export function parseStrictNumber(text: string): number | null {
  if (REAL_NUMBER.test(text)) return Number(text);
  if (INFINITE.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^nan$/i.test(text) ? NaN : null;
}

function faultOfExemplar(labelsText: string, rest: string): string | null {
  const labels = readLabels(labelsText);
  if (!labels.ok) return `in the exemplar, ${labels.message}`;
  const characters = [...labels.value.labels].reduce(
    (sum, [name, value]) => sum + Array.from(name).length + Array.from(value).length,
    0,
  );
  if (characters > MOST_EXEMPLAR_CHARACTERS) {
    return `the labels of the exemplar have ${String(characters)} characters; ${String(MOST_EXEMPLAR_CHARACTERS)} are allowed`;
  }
  const numbers = readNumbers(rest, 'the value of the exemplar');
  return numbers.ok ? null : numbers.message;
}

interface StrictLabels {
  /** A quoted name inside the braces, as Prometheus 3 writes names outside the classic alphabet. */
  readonly name: string | null;
  readonly labels: ReadonlyMap<string, string>;
}

function readLabels(text: string): Reading<StrictLabels> {
  const labels = new Map<string, string>();
  let name: string | null = null;
  const pair = /(?:("(?:[^"\\]|\\[^])*")|([^"=,]*))(?:=("(?:[^"\\]|\\[^])*"))?(,|$)/y;
  for (let hasMore = text !== ''; hasMore;) {
    const isFirst = pair.lastIndex === 0;
    const match = pair.exec(text);
    if (!match) return failure('the labels must be name="value", separated by single commas');
    const [, quoted, plain = '', value, separator] = match;
    const key = quoted === undefined ? plain : unescape(quoted.slice(1, -1));
    if (value === undefined) {
      if (quoted === undefined || !isFirst) return failure(`label "${key}" has no quoted value`);
      name = key;
    } else {
      if (quoted === undefined && !LABEL_NAME.test(plain)) return failure(`"${plain}" is no label name`);
      if (labels.has(key)) return failure(`label "${key}" is given twice`);
      labels.set(key, unescape(value.slice(1, -1)));
    }
    hasMore = separator === ',';
    if (hasMore && pair.lastIndex === text.length) return failure('a comma ends the labels');
  }
  return { ok: true, value: { name, labels } };
}

function unescape(text: string): string {
  return text.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function failure(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
