import { METRIC_NAME } from '../../../../shared/model/labels.ts';
import type { ExpositionFormat } from './parse-exposition.ts';
import { endOfSeries, parseSeriesText } from './series-text.ts';
import { isNotANumberText, readNumber } from './number-text.ts';

export type TextFamilyType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';

/** What an exposition says of one metric. */
export interface ExposedFamily {
  readonly name: string;
  /** `null` where there is no HELP line. */
  help: string | null;
  type: TextFamilyType;
  readonly labelNames: Set<string>;
  samples: number;
}

export type FamiliesResult =
  | { readonly ok: true; readonly families: readonly ExposedFamily[] }
  | { readonly ok: false; readonly problem: { readonly message: string; readonly line: number } };

const METADATA = /^#[ \t]*(HELP|TYPE)(?:[ \t]+(\S+)(?:[ \t]+(.*))?)?$/;
/** The types of OpenMetrics that mean the same to a reader of names as one of the older format. */
const TYPES: Readonly<Record<string, TextFamilyType>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  summary: 'summary',
  untyped: 'untyped',
  unknown: 'untyped',
  info: 'untyped',
  stateset: 'untyped',
  gaugehistogram: 'histogram',
};

/** Read the metrics of an exposition, refusing what its format does not allow. Source: Prometheus, expfmt.TextParser. */
export function readFamilies(text: string, format: ExpositionFormat): FamiliesResult {
  const families = new Map<string, ExposedFamily>();
  const typed = new Set<string>();
  const lines = text.split('\n');
  const isCut = lines.at(-1) !== '' && format === 'prometheus';
  for (const [index, line] of lines.entries()) {
    const content = line.trim();
    const fault =
      content === '' || (content.startsWith('#') && !METADATA.test(content))
        ? null
        : content.startsWith('#')
          ? readMetadata(content, families, typed)
          : readSample(content, families, format);
    if (fault !== null) return { ok: false, problem: { message: fault, line: index + 1 } };
  }
  if (isCut) return { ok: false, problem: { message: 'unexpected end of input stream', line: lines.length } };
  return { ok: true, families: [...families.values()].filter(({ samples }) => samples > 0) };
}

function readMetadata(line: string, families: Map<string, ExposedFamily>, typed: Set<string>): string | null {
  const [, keyword, name, text = ''] = METADATA.exec(line) ?? [];
  if (name === undefined) return null;
  const known = families.get(name);
  const family = known ?? newFamily(name);
  families.set(name, family);
  if (keyword === 'HELP') {
    if (family.help !== null) return `second HELP line for metric name "${name}"`;
    family.help = text;
    return null;
  }
  if (typed.has(name) || family.samples > 0) {
    return `second TYPE line for metric name "${name}", or TYPE reported after samples`;
  }
  const type = TYPES[text.toLowerCase()];
  if (type === undefined) return `unknown metric type "${text}"`;
  typed.add(name);
  family.type = type;
  return null;
}

function readSample(line: string, families: Map<string, ExposedFamily>, format: ExpositionFormat): string | null {
  const bytes = Buffer.from(line, 'utf8').toString('latin1');
  const end = endOfSeries(bytes, 0);
  if (end < 0) return 'the line does not begin with a metric';
  const series = parseSeriesText(bytes.slice(0, end));
  if (!series.ok) return series.message;
  if (format === 'prometheus') {
    const [value, timestamp, ...rest] = bytes
      .slice(end)
      .trim()
      .split(/[ \t]+/);
    if (value === undefined || value === '') return 'expected a value';
    if (Number.isNaN(readNumber(value, 0, value.length)) && !isNotANumberText(value, 0, value.length)) {
      return `expected float as value, got "${value}"`;
    }
    if (timestamp !== undefined && !/^[-+]?\d+$/.test(timestamp))
      return `expected integer as timestamp, got "${timestamp}"`;
    if (rest.length > 0) return `spurious string after timestamp: "${rest.join(' ')}"`;
  }
  const family = familyOf(series.name, families);
  family.samples++;
  const isCount = series.name !== family.name;
  for (const [label] of series.pairs) {
    // The labels that make up the type itself say nothing.
    if (label === METRIC_NAME || (isCount && label === 'le')) continue;
    if (family.type === 'summary' && label === 'quantile') continue;
    family.labelNames.add(label);
  }
  return null;
}

const SUFFIXES: Readonly<Record<TextFamilyType, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [],
  histogram: ['_bucket', '_count', '_sum', '_created', '_gcount', '_gsum'],
  summary: ['_count', '_sum', '_created'],
  untyped: ['_info'],
};

function familyOf(name: string, families: Map<string, ExposedFamily>): ExposedFamily {
  const exact = families.get(name);
  if (exact !== undefined) return exact;
  for (const [type, suffixes] of Object.entries(SUFFIXES)) {
    const suffix = suffixes.find((ending) => name.endsWith(ending));
    const base = suffix === undefined ? undefined : families.get(name.slice(0, -suffix.length));
    if (base?.type === type) return base;
  }
  const family = newFamily(name);
  families.set(name, family);
  return family;
}

function newFamily(name: string): ExposedFamily {
  return { name, help: null, type: 'untyped', labelNames: new Set(), samples: 0 };
}
