import { detachText, reorderLines, standsAt } from './line-cache.ts';
import type { CachedLine, LineCache } from './line-cache.ts';
import { readComment } from './metadata.ts';
import type { MetadataMap } from './metadata.ts';
import { isNotANumberText, readNumberBytes } from './number-text.ts';
import { endOfSeries, parseSeriesText, skipBlanks } from './series-text.ts';
import type { SeriesText } from './series-text.ts';

export type ExpositionFormat = 'prometheus' | 'openmetrics';

/** Samples as columns; only the first `count` places hold something. One is used again for every scrape. */
export interface ExpositionColumns<T> {
  count: number;
  /** Whether the text had the very lines of the one before, so that the series are those of last time. */
  isRepeat: boolean;
  hasTimestamps: boolean;
  series: T[];
  values: Float64Array;
  /** Epoch milliseconds; NaN when the line had none. */
  timestampsMs: Float64Array;
}

export interface ExpositionContext<T> {
  readonly format: ExpositionFormat;
  readonly cache: LineCache<T>;
  readonly metadata: MetadataMap;
  readonly columns: ExpositionColumns<T>;
  /** Called once for a series that the cache does not hold; a refusal fails the whole. */
  readonly resolve: (series: SeriesText & { ok: true }) => Resolved<T>;
}

export type Resolved<T> = { readonly ok: true; readonly series: T } | { readonly ok: false; readonly message: string };

export type ExpositionResult =
  { readonly ok: true } | { readonly ok: false; readonly problem: { readonly message: string; readonly line: number } };

export function createColumns<T>(): ExpositionColumns<T> {
  return {
    count: 0,
    isRepeat: false,
    hasTimestamps: false,
    series: [],
    values: new Float64Array(1024),
    timestampsMs: new Float64Array(1024),
  };
}

const SPACE = 32;
const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const HASH = 35;
const OPEN = 123;
const CLOSE = 125;

/**
 * Read a whole exposition, tolerantly, into `context.columns`. On a fault the columns are void and the cache is as good
 * as before: a scrape counts as a whole or not at all.
 *
 * Accepts what Prometheus accepts and somewhat more (blank lines, carriage returns). OpenMetrics differs in that
 * timestamps are seconds, exemplars may follow, and `# EOF` must come, because its absence means a cut body.
 *
 * Source: Prometheus text format 0.0.4; OpenMetrics 1.0.
 */
export function parseExposition<T>(body: Buffer, context: ExpositionContext<T>): ExpositionResult {
  const { cache, columns, format } = context;
  const isOpenMetrics = format === 'openmetrics';
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const end = body.length;
  const order = cache.order;
  let changedOrder: CachedLine<T>[] | null = null;
  let next = 0;
  let hasEnd = false;
  /** One character per byte, for what is new to the cache: only that is read as UTF-8. */
  let whole: string | null = null;
  columns.count = 0;
  columns.hasTimestamps = false;

  const fault = (message: string, at: number): ExpositionResult => {
    columns.count = 0;
    return { ok: false, problem: { message, line: lineNumber(body, at) } };
  };

  for (let start = 0; start < end;) {
    const expected = order[next];
    let line: CachedLine<T> | undefined;
    let at = start;
    if (expected !== undefined && standsAt(cache, next, view, start)) {
      at = start + expected.text.length;
      if (isWhole(body, at, expected)) line = expected;
    }
    if (line === undefined) {
      const text = (whole ??= body.toString('latin1'));
      start = skipBlanks(text, start);
      const first = text.charCodeAt(start);
      if (first === NEWLINE || (first === RETURN && text.charCodeAt(start + 1) === NEWLINE)) {
        start += first === NEWLINE ? 1 : 2;
        continue;
      }
      if (start >= end) break;
      at = first === HASH ? endOfLine(text, start) : endOfSeries(text, start);
      if (at < 0) return fault('the labels are not closed before the end of the line', start);
      const key = text.slice(start, at);
      if (isOpenMetrics && first === HASH && END_MARK.test(key)) {
        hasEnd = true;
        break;
      }
      line = cache.byText.get(key);
      if (line === undefined) {
        const bytes = detachText(key);
        if (first === HASH) {
          readComment(bytes, context.metadata);
          line = { text: bytes, series: null, position: -1 };
        } else {
          const series = parseSeriesText(bytes);
          if (!series.ok) return fault(series.message, start);
          const resolved = context.resolve(series);
          if (!resolved.ok) return fault(resolved.message, start);
          line = { text: bytes, series: resolved.series, position: -1 };
        }
        cache.byText.set(bytes, line);
      }
    }

    if (line === expected) next++;
    else {
      changedOrder ??= order.slice(0, next);
      if (line.position >= 0) next = line.position + 1;
    }
    changedOrder?.push(line);
    if (line.series === null) {
      start = at + 1;
      continue;
    }

    const valueStart = skipBlankBytes(body, at);
    const valueEnd = endOfWord(body, valueStart);
    const value = readNumberBytes(body, valueStart, valueEnd);
    if (value !== value && !isNotANumberText(body.toString('latin1', valueStart, valueEnd), 0, valueEnd - valueStart)) {
      return fault(describeBadNumber('value', body.toString('latin1', valueStart, valueEnd)), valueStart);
    }
    let timestampMs = NaN;
    at = skipBlankBytes(body, valueEnd);
    let code = at < end ? (body[at] as number) : NEWLINE;
    if (code !== NEWLINE && code !== RETURN && code !== HASH) {
      const wordEnd = endOfWord(body, at);
      timestampMs = readNumberBytes(body, at, wordEnd);
      if (!Number.isFinite(timestampMs))
        return fault(describeBadNumber('timestamp', body.toString('latin1', at, wordEnd)), at);
      timestampMs = isOpenMetrics ? Math.round(timestampMs * 1000) : Math.trunc(timestampMs);
      columns.hasTimestamps = true;
      at = skipBlankBytes(body, wordEnd);
      code = at < end ? (body[at] as number) : NEWLINE;
    }
    if (code === HASH && isOpenMetrics) at = endOfLineBytes(body, at);
    else if (code === RETURN) at++;
    if (at < end && body[at] !== NEWLINE) {
      const rest = body.toString('latin1', at, Math.min(endOfLineBytes(body, at), at + 40));
      return fault(`unexpected "${rest}" after the sample`, at);
    }
    add(columns, line.series, value, timestampMs);
    start = at + 1;
  }

  if (isOpenMetrics && !hasEnd) return fault('the text does not end with "# EOF": the answer was cut short', end);
  columns.isRepeat = changedOrder === null && next === order.length;
  if (!columns.isRepeat) {
    const hasLostComment = reorderLines(cache, changedOrder ?? order.slice(0, next));
    if (hasLostComment) readCommentsAgain(context);
  }
  return { ok: true };
}

/** What a lost comment said must be forgotten, as a target may go on naming new families for ever. */
function readCommentsAgain<T>({ cache, metadata }: ExpositionContext<T>): void {
  metadata.clear();
  for (const line of cache.order) if (line.series === null) readComment(line.text, metadata);
}

const END_MARK = /^# EOF\r?$/;

/** Whether the line goes on as the cached one does: `up` must not match the start of `up_total` or of `up{…}`. */
function isWhole<T>(body: Buffer, at: number, line: CachedLine<T>): boolean {
  if (line.series !== null && body[at - 1] === CLOSE) return true;
  if (at >= body.length) return false;
  const code = body[at] as number; // by the check above
  if (line.series === null) return code === NEWLINE;
  if (code !== SPACE && code !== TAB) return false;
  const after = skipBlankBytes(body, at);
  return after >= body.length || body[after] !== OPEN;
}

function skipBlankBytes(body: Buffer, start: number): number {
  let at = start;
  while (at < body.length && (body[at] === SPACE || body[at] === TAB)) at++;
  return at;
}

function endOfLineBytes(body: Buffer, start: number): number {
  const at = body.indexOf(NEWLINE, start);
  return at < 0 ? body.length : at;
}

function add<T>(columns: ExpositionColumns<T>, series: T, value: number, timestampMs: number): void {
  const index = columns.count++;
  if (index === columns.values.length) {
    columns.values = grown(columns.values);
    columns.timestampsMs = grown(columns.timestampsMs);
  }
  columns.series[index] = series;
  columns.values[index] = value;
  columns.timestampsMs[index] = timestampMs;
}

function grown(column: Float64Array): Float64Array {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}

function endOfLine(text: string, start: number): number {
  const at = text.indexOf('\n', start);
  return at < 0 ? text.length : at;
}

function endOfWord(body: Buffer, start: number): number {
  let at = start;
  for (; at < body.length; at++) {
    const code = body[at] as number; // within the body
    if (code <= SPACE && (code === SPACE || code === NEWLINE || code === TAB || code === RETURN)) break;
  }
  return at;
}

function lineNumber(body: Buffer, at: number): number {
  let line = 1;
  for (let found = body.indexOf(NEWLINE); found >= 0 && found < at; found = body.indexOf(NEWLINE, found + 1)) line++;
  return line;
}

function describeBadNumber(what: string, word: string): string {
  if (word === '') return `the ${what} is missing`;
  return `the ${what} "${word.length > 40 ? `${word.slice(0, 40)}…` : word}" is no number`;
}
