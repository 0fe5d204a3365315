/** The output of a monitoring plugin, read. Source: Monitoring Plugins Development Guidelines, "Plugin Output". */
export interface NagiosOutput {
  /** The first line, without performance data. */
  readonly text: string;
  /** What follows on further lines. */
  readonly longText: string;
  readonly performance: readonly PerformanceValue[];
}

/** One item of performance data, in base units: seconds, bytes, a share of 1. */
export interface PerformanceValue {
  readonly label: string;
  /** Null for `U`: the plugin could not tell. */
  readonly value: number | null;
  /** `seconds`, `bytes`, `ratio`, `total` (a counter), else as it was written. */
  readonly unit: string;
  readonly warning: number | null;
  readonly critical: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** The first line has performance data after its first bar; so have the lines after the first that has one. */
export function parseNagiosOutput(output: string): NagiosOutput {
  const [first = '', ...rest] = output.replaceAll('\r\n', '\n').trimEnd().split('\n');
  const [text, firstData] = splitAtBar(first);
  const long: string[] = [];
  const data = [firstData];
  let isData = false;
  for (const line of rest) {
    if (isData) {
      data.push(line);
      continue;
    }
    const [words, more, hasBar] = splitAtBar(line);
    long.push(words);
    data.push(more);
    isData = hasBar;
  }
  return { text: text.trim(), longText: long.join('\n').trim(), performance: parsePerformance(data.join(' ')) };
}

function splitAtBar(line: string): readonly [before: string, after: string, hasBar: boolean] {
  const at = line.indexOf('|');
  return at === -1 ? [line, '', false] : [line.slice(0, at), line.slice(at + 1), true];
}

/** `'label'=value[unit];warn;crit;min;max`, with spaces between; a quote in a label is written twice. */
const ITEM = /(?:'((?:[^']|'')+)'|([^\s='][^\s=]*))=(\S+)/g;
const VALUE = /^(U|[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?)([^\d;]*)$/;

export function parsePerformance(text: string): PerformanceValue[] {
  const values: PerformanceValue[] = [];
  for (const [, quoted, plain = '', body = ''] of text.matchAll(ITEM)) {
    const label = quoted === undefined ? plain : quoted.replaceAll("''", "'");
    const [amount = '', warning, critical, min, max] = body.split(';');
    const [, number, written = ''] = VALUE.exec(amount) ?? [];
    if (number === undefined) continue;
    const [unit, factor] = UNITS[written] ?? [written, 1];
    const scaled = (one: string | undefined): number | null => {
      const parsed = numberOf(one ?? '');
      return parsed === null ? null : parsed * factor;
    };
    const limit = (range: string | undefined): number | null => scaled(upperEnd(range ?? ''));
    values.push({
      label,
      value: number === 'U' ? null : scaled(number),
      unit,
      warning: limit(warning),
      critical: limit(critical),
      min: scaled(min),
      max: scaled(max),
    });
  }
  return values;
}

/** Units and what makes base units of them. Sizes step by 1,024, as the plugins reckon them. */
const UNITS: Readonly<Record<string, readonly [unit: string, factor: number]>> = {
  '': ['', 1],
  s: ['seconds', 1],
  ms: ['seconds', 1e-3],
  us: ['seconds', 1e-6],
  ns: ['seconds', 1e-9],
  '%': ['ratio', 0.01],
  B: ['bytes', 1],
  KB: ['bytes', 1024],
  MB: ['bytes', 1024 ** 2],
  GB: ['bytes', 1024 ** 3],
  TB: ['bytes', 1024 ** 4],
  KiB: ['bytes', 1024],
  MiB: ['bytes', 1024 ** 2],
  GiB: ['bytes', 1024 ** 3],
  TiB: ['bytes', 1024 ** 4],
  c: ['total', 1],
};

function numberOf(text: string): number | null {
  if (text === '') return null;
  const value = Number(text.replace(',', '.'));
  return Number.isFinite(value) ? value : null;
}

/**
 * Where a range ends above: that of `10`, `10:20`, `@10:20` and `~:20` is 10 or 20. A range without such an end (`10:`)
 * gives its start, below which it warns.
 */
function upperEnd(range: string): string {
  const [first = '', second] = range.replace('@', '').split(':');
  if (second === undefined) return first;
  return second === '' ? first : second;
}
