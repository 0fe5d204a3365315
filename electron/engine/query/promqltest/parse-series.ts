import { labelsFrom, METRIC_NAME } from '../../../../shared/model/labels.ts';
import type { Labels } from '../../../../shared/model/labels.ts';
import { parseGoNumber } from '../promql/syntax/go-number.ts';
import { unquoteGo } from '../promql/syntax/go-text.ts';

/** A point of a series line: a number, the end of the series, nothing, or a native histogram, which is kept as text. */
export type ScriptPoint = number | 'stale' | null | ScriptHistogram;

/** The text of a native histogram, and of one that was added to it (or taken from it) so many times. */
export interface ScriptHistogram {
  readonly histogram: string;
  readonly step: { readonly sign: 1 | -1; readonly histogram: string; readonly times: number } | null;
}

/** `name{a="b"} 1 2+3x4 _`, the way scripts write series. */
export interface SeriesLine {
  readonly labels: Labels;
  readonly points: readonly ScriptPoint[];
  /** The line gives start timestamps instead of points. */
  readonly isStartTimes: boolean;
}

/** A line that cannot be read. Thrown by the readers of scripts and caught by `parseScript`. */
export class ScriptFailure extends Error {}

/** Read a series with its points. Throws `ScriptFailure`. */
export function parseSeriesLine(line: string): SeriesLine {
  const { labels, rest } = parseMetric(line);
  const isStartTimes = rest.startsWith('@st');
  return { labels, points: isStartTimes ? [] : parsePoints(rest), isStartTimes };
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const QUOTED = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*/;

type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** Read a series with its points. */
export function parseSeries(line: string): Reading<SeriesLine> {
  return attempt(() => parseSeriesLine(line.trim()));
}

/** Read a series alone: a name, labels in braces, or both. */
export function parseMetricLabels(text: string): Reading<Labels> {
  return attempt(() => {
    const { labels, rest } = parseMetric(text.trim());
    if (rest.trim() !== '') throw new ScriptFailure(`unexpected ${rest.trim()}`);
    return labels;
  });
}

function attempt<T>(read: () => T): Reading<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (!(error instanceof ScriptFailure)) throw error;
    return { ok: false, message: error.message };
  }
}

function parseMetric(line: string): { readonly labels: Labels; readonly rest: string } {
  const pairs: [string, string][] = [];
  let rest = line;
  const take = (pattern: RegExp): string | null => {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) return null;
    rest = rest.slice(found.length).trimStart();
    return found;
  };
  const name = NAME.exec(rest)?.[0] ?? '';
  rest = rest.slice(name.length);
  if (name !== '') pairs.push([METRIC_NAME, name]);
  const spaced = rest;
  rest = rest.trimStart();
  if (!rest.startsWith('{') || rest.startsWith('{{')) return { labels: labelsFrom(pairs), rest: spaced };
  rest = rest.slice(1).trimStart();
  while (!rest.startsWith('}')) {
    const quoted = take(QUOTED);
    const label = quoted === null ? take(LABEL_NAME) : unquoteGo(quoted);
    if (label === null) throw new ScriptFailure(`cannot read the labels of: ${line}`);
    if (take(/^=/) === null) pairs.push([METRIC_NAME, label]);
    else pairs.push([label, unquote(take(QUOTED), line)]);
    if (take(/^,/) === null && !rest.startsWith('}')) throw new ScriptFailure(`cannot read the labels of: ${line}`);
  }
  return { labels: labelsFrom(pairs), rest: rest.slice(1) };
}

function unquote(quoted: string | null, line: string): string {
  const value = quoted === null ? null : unquoteGo(quoted);
  if (value === null) throw new ScriptFailure(`cannot read the labels of: ${line}`);
  return value;
}

// No hexadecimal numbers: `0x10` is ten times more of 0.
const NUMBER = '[-+]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?|[iI]nf|[nN]a[nN])';
const POINT = new RegExp(
  `^(?:(?<blank>_)(?:x(?<blanks>\\d+))?|(?<stale>stale)(?:x(?<stales>\\d+))?` +
    `|(?<start>${NUMBER})(?:(?<step>[-+]${NUMBER.slice('[-+]?'.length)}))?(?:x(?<times>\\d+))?)$`,
);

function parsePoints(text: string): ScriptPoint[] {
  const words = text.match(/(?:\{\{[^}]*\}\}[^\s{]*)+|\S+/g) ?? [];
  return words.flatMap(parsePoint);
}

const HISTOGRAM = /^(\{\{[^}]*\}\})(?:([-+])(\{\{[^}]*\}\}))?(?:x(\d+))?$/;

function parsePoint(word: string): ScriptPoint[] {
  if (word.startsWith('{{')) {
    const parts = HISTOGRAM.exec(word);
    // Whoever reads histograms refuses what is none; the others leave all of them out.
    if (parts === null) return [{ histogram: word, step: null }];
    const [, histogram = '', sign, added, times = '0'] = parts;
    return Array.from({ length: Number(times) + 1 }, (_, index): ScriptHistogram => {
      const step = { sign: sign === '-' ? (-1 as const) : (1 as const), histogram: added ?? '', times: index };
      return { histogram, step: added === undefined ? null : step };
    });
  }
  const groups = POINT.exec(word)?.groups;
  if (groups === undefined) throw new ScriptFailure(`cannot read the point: ${word}`);
  const { blank, blanks, stale, stales, start, step, times } = groups;
  if (blank !== undefined) return Array.from({ length: Number(blanks ?? 1) }, () => null);
  if (stale !== undefined) return Array.from({ length: Number(stales ?? 0) + 1 }, () => 'stale' as const);
  const first = parseSigned(start ?? '');
  if (times === undefined) return [first];
  const by = step === undefined ? 0 : parseSigned(step);
  const points: number[] = [];
  let value = first;
  for (let i = 0; i <= Number(times); i++) {
    points.push(value);
    value += by;
  }
  return points;
}

/** A number with an optional sign. Throws `ScriptFailure`. */
export function parseSigned(text: string): number {
  const value = parseGoNumber(text.replace(/^[-+]/, ''));
  if (value === null) throw new ScriptFailure(`cannot read the number: ${text}`);
  return text.startsWith('-') ? -value : value;
}
