const ZERO = 48;
const NINE = 57;
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => Number(`1e${String(exponent)}`));

/**
 * Read `text` from `start` to `end` as a number, without cutting it out when it is an ordinary decimal.
 *
 * Up to 15 digits and a power of ten up to 22 are both exact doubles, so that one multiplication or division rounds
 * correctly; everything else goes to the language's own parser.
 *
 * @returns NaN also for what is no number; {@link isNotANumberText} tells the two apart
 * Source: Clinger, "How to read floating point numbers accurately", the fast path.
 */
export function readNumber(text: string, start: number, end: number): number {
  let at = start;
  let sign = 1;
  const first = text.charCodeAt(at);
  if (first === 45 || first === 43) {
    if (first === 45) sign = -1;
    at++;
  }
  let mantissa = 0;
  let digits = 0;
  let scale = 0;
  let hasPoint = false;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      mantissa = mantissa * 10 + (code - ZERO);
      digits++;
      if (hasPoint) scale--;
    } else if (code === 46 && !hasPoint) hasPoint = true;
    else break;
  }
  if (digits === 0 || digits > 15) return slowNumber(text, start, end);
  if (at < end) {
    const code = text.charCodeAt(at);
    if (code !== 101 && code !== 69) return slowNumber(text, start, end);
    let exponent = 0;
    let exponentSign = 1;
    at++;
    const mark = text.charCodeAt(at);
    if (mark === 45 || mark === 43) {
      if (mark === 45) exponentSign = -1;
      at++;
    }
    if (at >= end || end - at > 4) return slowNumber(text, start, end);
    for (; at < end; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) return slowNumber(text, start, end);
      exponent = exponent * 10 + digit;
    }
    scale += exponentSign * exponent;
  }
  if (scale === 0) return sign * mantissa;
  if (scale < -22 || scale > 22) return slowNumber(text, start, end);
  const power = POWERS_OF_TEN[Math.abs(scale)] as number; // 0–22 by the check above
  return scale < 0 ? (sign * mantissa) / power : sign * mantissa * power;
}

/** As {@link readNumber}, of bytes: most values are some digits, with a point or none. */
export function readNumberBytes(bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === 45;
  let mantissa = 0;
  let point = -1;
  const first = isNegative ? start + 1 : start;
  for (let at = first; at < end; at++) {
    const code = bytes[at] as number; // within the body
    if (code >= ZERO && code <= NINE) mantissa = mantissa * 10 + (code - ZERO);
    else if (code === 46 && point < 0) point = at;
    else return readNumber(bytes.toString('latin1', start, end), 0, end - start);
  }
  const digits = end - first - (point < 0 ? 0 : 1);
  if (digits < 1 || digits > 15) return readNumber(bytes.toString('latin1', start, end), 0, end - start);
  const value = point < 0 ? mantissa : mantissa / (POWERS_OF_TEN[end - point - 1] as number); // at most 15 by the check above
  return isNegative ? -value : value;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITY = /^[+-]?inf(?:inity)?$/i;
const HEXADECIMAL = /^([+-]?)0x([0-9a-f]+)$/i;

/** The forms that Go's ParseFloat takes and a metric may hold; no underscores and no hexadecimal fractions. */
function slowNumber(text: string, start: number, end: number): number {
  const word = text.slice(start, end);
  if (NUMBER.test(word)) return Number(word);
  if (INFINITY.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  const hexadecimal = HEXADECIMAL.exec(word);
  return hexadecimal ? (hexadecimal[1] === '-' ? -1 : 1) * Number(`0x${hexadecimal[2] ?? ''}`) : NaN;
}

/** Whether the text says NaN, the value. */
export function isNotANumberText(text: string, start: number, end: number): boolean {
  return end - start <= 4 && /^[+-]?nan$/i.test(text.slice(start, end));
}
