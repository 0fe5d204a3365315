import { METRIC_NAME } from '../../../../shared/model/labels.ts';

/** A series as an exposition writes it, empty values included: `honor_labels` gives them a meaning. */
export type SeriesText =
  | { readonly ok: true; readonly name: string; readonly pairs: readonly (readonly [string, string])[] }
  | { readonly ok: false; readonly message: string };

const SPACE = 32;
const TAB = 9;
const NEWLINE = 10;
const QUOTE = 34;
const COMMA = 44;
const EQUALS = 61;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/**
 * Where the series that starts at `start` ends: after the closing brace, or after the name when there are no labels.
 * Braces and commas inside quotes do not count. -1 when the line ends first.
 */
export function endOfSeries(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN) break;
    if (code === NEWLINE) return at > start ? at : -1;
    if (code !== SPACE && code !== TAB) continue;
    const after = skipBlanks(text, at);
    if (text.charCodeAt(after) !== OPEN) return at;
    at = after;
    break;
  }
  if (at >= text.length) return at > start ? at : -1;
  let isQuoted = false;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) return -1;
    if (code === QUOTE) isQuoted = !isQuoted;
    else if (code === BACKSLASH && isQuoted) at++;
    else if (code === CLOSE && !isQuoted) return at + 1;
  }
  return -1;
}

export function skipBlanks(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code === SPACE || code === TAB; code = text.charCodeAt(at)) at++;
  return at;
}

/**
 * Read `name{label="value", …}` or `{"any name", "any label"="value"}`.
 *
 * @param bytes one character per byte, as `latin1` decodes; names and values come back as the UTF-8 that they are
 * Source: Prometheus text format 0.0.4; Prometheus 3, "UTF-8 in the exposition formats" (quoted names).
 */
export function parseSeriesText(bytes: string): SeriesText {
  const text = decodeBytes(bytes);
  if (text === null) return { ok: false, message: 'the line is no valid UTF-8' };
  const open = text.indexOf('{');
  let name = (open < 0 ? text : text.slice(0, open)).trimEnd();
  if (name !== '' && !PLAIN_NAME.test(name)) return { ok: false, message: `"${name}" is no metric name` };
  const pairs: [string, string][] = [];
  const labels = new Set<string>();
  for (
    let at = open < 0 ? text.length : skipBlanks(text, open + 1);
    at < text.length && text.charCodeAt(at) !== CLOSE;
  ) {
    const key = readKey(text, at);
    if (key === null)
      return { ok: false, message: `a label name is missing or not allowed near "${text.slice(at, at + 20)}"` };
    at = skipBlanks(text, key.end);
    if (text.charCodeAt(at) === EQUALS) {
      const value = readQuoted(text, skipBlanks(text, at + 1));
      if (value === null) return { ok: false, message: `the value of label "${key.word}" is not quoted` };
      if (labels.has(key.word)) return { ok: false, message: `label "${key.word}" is given twice` };
      labels.add(key.word);
      pairs.push([key.word, value.word]);
      at = skipBlanks(text, value.end);
    } else if (key.isQuoted && name === '') name = key.word;
    else return { ok: false, message: `label "${key.word}" has no value` };
    if (text.charCodeAt(at) === COMMA) at = skipBlanks(text, at + 1);
    else if (text.charCodeAt(at) !== CLOSE)
      return { ok: false, message: `expected a comma near "${text.slice(at, at + 20)}"` };
  }
  if (name === '') return { ok: false, message: 'the metric name is missing' };
  return { ok: true, name, pairs: [[METRIC_NAME, name], ...pairs] };
}

const PLAIN_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const PLAIN_LABEL = /[a-zA-Z_][a-zA-Z0-9_]*/y;

interface Word {
  readonly word: string;
  readonly end: number;
  readonly isQuoted: boolean;
}

function readKey(text: string, start: number): Word | null {
  if (text.charCodeAt(start) === QUOTE) return readQuoted(text, start);
  const plain = new RegExp(PLAIN_LABEL);
  plain.lastIndex = start;
  const match = plain.exec(text);
  return match ? { word: match[0], end: plain.lastIndex, isQuoted: false } : null;
}

function readQuoted(text: string, start: number): Word | null {
  if (text.charCodeAt(start) !== QUOTE) return null;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return { word: unescapeText(text.slice(start + 1, at)), end: at + 1, isQuoted: true };
  }
  return null;
}

/** `\\`, `\"` and `\n`; another backslash stands for itself. */
export function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([\\"n])/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

/** The text of bytes held one per character; null when they are no UTF-8. */
export function decodeBytes(bytes: string): string | null {
  // Names and labels are nearly always ASCII, where the two are the same.
  if (/^[\x00-\x7f]*$/.test(bytes)) return bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
