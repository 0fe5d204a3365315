/**
 * Strings as Go writes and reads them, which is how PromQL does.
 *
 * A `\xNN` escape may put bytes in a string that are not UTF-8. JavaScript strings cannot hold those, so each stray byte
 * becomes the lone surrogate U+DC00 + byte; `isWellFormed()` tells such strings apart.
 * Source: Go specification, string literals; Prometheus util/strutil/quote.go (single quotes work like double ones).
 */
const SIMPLE_ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
const STRAY_BYTE = 0xdc00;

/** The value of a quoted string, or `null` when an escape in it is not valid. */
export function unquoteGo(quoted: string): string | null {
  const quote = quoted[0] ?? '';
  const body = quoted.slice(1, -1);
  if (quote === '`') return body;
  if (!body.includes('\\')) return body.includes('\n') ? null : body;
  let result = '';
  let bytes: number[] = [];
  const flush = (): void => {
    result += decodeBytes(bytes);
    bytes = [];
  };
  for (let i = 0; i < body.length;) {
    if (body[i] !== '\\') {
      flush();
      result += body[i++] ?? '';
      continue;
    }
    const escape = readEscape(body, i + 1, quote);
    if (escape === null) return null;
    if (escape.isByte) bytes.push(escape.code);
    else {
      flush();
      result += String.fromCodePoint(escape.code);
    }
    i = escape.end;
  }
  flush();
  return result;
}

interface Escape {
  readonly code: number;
  readonly isByte: boolean;
  readonly end: number;
}

function readEscape(body: string, at: number, quote: string): Escape | null {
  const letter = body[at] ?? '';
  const simple = SIMPLE_ESCAPES[letter];
  if (simple !== undefined) return { code: simple, isByte: false, end: at + 1 };
  if (letter === quote) return { code: quote.charCodeAt(0), isByte: false, end: at + 1 };
  if (letter === 'x') return readDigits(body, at + 1, 2, 16, true);
  if (letter === 'u') return readDigits(body, at + 1, 4, 16, false);
  if (letter === 'U') return readDigits(body, at + 1, 8, 16, false);
  if (letter >= '0' && letter <= '7') return readDigits(body, at, 3, 8, true);
  return null;
}

function readDigits(body: string, start: number, count: number, radix: 8 | 16, isByte: boolean): Escape | null {
  const digits = body.slice(start, start + count);
  if (digits.length !== count || !(radix === 16 ? /^[0-9a-fA-F]+$/ : /^[0-7]+$/).test(digits)) return null;
  const code = parseInt(digits, radix);
  if (code > (isByte ? 0xff : 0x10ffff) || (!isByte && code >= 0xd800 && code <= 0xdfff)) return null;
  return { code, isByte, end: start + count };
}

function decodeBytes(bytes: readonly number[]): string {
  if (bytes.length === 0) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    // Not UTF-8 as a whole: ASCII stays readable, the rest is marked byte by byte.
    return bytes.map((byte) => String.fromCharCode(byte < 0x80 ? byte : STRAY_BYTE + byte)).join('');
  }
}

/** A string as Go's `%q` prints it. */
export function quoteGo(text: string): string {
  let result = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') result += `\\${character}`;
    else if (code === 10) result += '\\n';
    else if (code === 13) result += '\\r';
    else if (code === 9) result += '\\t';
    else if (code < 32 || code === 127) result += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code >= STRAY_BYTE && code <= STRAY_BYTE + 0xff) result += `\\x${(code - STRAY_BYTE).toString(16)}`;
    else result += character;
  }
  return `${result}"`;
}
