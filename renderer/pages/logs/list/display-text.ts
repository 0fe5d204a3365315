import type { LogLevel } from '../../../../shared/contract/logs.ts';

/** A line is drawn up to here; its details show the rest. */
const MOST_CHARACTERS = 1500;
const MOST_WRAPPED = 6000;

/** Colour codes of terminals, which programs write into their logs. */
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** A time at the start of a line, as most programs write it. */
const HEAD_TIME = /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?\]?[\s:,-]+/;
const HEAD_LEVEL = /^[[(<]?([A-Za-z]{4,8})[\])>]?[\s:|-]+/;

/**
 * A line without the time and the level at its start, which stand in columns of their own. Only a level that is the
 * entry's own goes; its details show the line as it was written.
 */
export function withoutHead(text: string, level: LogLevel): string {
  const time = HEAD_TIME.exec(text);
  if (time === null) return text;
  const rest = text.slice(time[0].length);
  const word = HEAD_LEVEL.exec(rest);
  const isOwn = word?.[1]?.toLowerCase().startsWith(level) === true;
  const body = word !== null && isOwn ? rest.slice(word[0].length) : rest;
  return body.trim() === '' ? text : body;
}

/** An entry as a row shows it: one line, without colour codes, with a sign where the entry goes on in a new line. */
export function rowText(text: string): string {
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return cleanText(cut)
    .trimEnd()
    .replace(/\s*\r?\n\s*/g, ' ⏎ ')
    .replaceAll('\t', '  ');
}

/** An entry as a wrapped row shows it: with its line breaks. */
export function wrappedText(text: string): string {
  const cut = text.length > MOST_WRAPPED ? `${text.slice(0, MOST_WRAPPED)}…` : text;
  return cleanText(cut).trimEnd();
}

/** Without what a screen cannot show. */
export function cleanText(text: string): string {
  return text.replace(ANSI, '').replace(CONTROL, '�');
}

/** JSON in a readable form; null when the text is none. */
export function prettyJson(text: string): string | null {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) return null;
  try {
    return JSON.stringify(JSON.parse(trimmed), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** `14:02:11.084`, after the date when the list spans more than a day: `11-22 14:02:11.084`. */
export function rowTime(at: number, withDate: boolean): string {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return withDate ? `${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}` : time;
}

function two(value: number): string {
  return value < 10 ? `0${String(value)}` : String(value);
}
