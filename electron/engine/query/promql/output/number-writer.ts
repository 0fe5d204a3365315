import { formatGoFloat } from '../syntax/go-number.ts';

/** Between these, the fast way below works: powers of ten up to 10^22 are exact doubles. */
const LEAST = 2 ** -16;
const MOST = 2 ** 49;
const LEAST_EXPONENT = -16;
const EXPONENTS = 49 - LEAST_EXPONENT;

/** Numbers as wide as a double can need: 17 digits. */
const DIGITS = 17;
const BEYOND = 1e17;
/** The digits are handled as a number of nine and one of eight, both exact. */
const LOW_PART = 1e8;
const HIGHEST = 1e9;
/** What rounding may have lost on the way is a millionth of this. */
const MARGIN = 1e-6;

const ZERO = 48;
const POINT = 46;
const MINUS = 45;
const [LOW, HIGH] = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? [0, 1] : [1, 0];
/** Veltkamp: splits a double into two halves whose products are exact. */
const SPLITTER = 2 ** 27 + 1;

/** How a number with a certain binary exponent is scaled to 17 digits before the point. */
interface Scale {
  /** `power` is ten to this; there are as many digits behind the point. */
  readonly decimals: number;
  readonly power: number;
  readonly powerHigh: number;
  readonly powerLow: number;
  /** Half the distance to the next double, scaled too: decimals nearer than this are read as the same double. */
  readonly half: number;
}

/** Two for each exponent, as the numbers between two powers of two may have one digit more or less. */
const SCALES: readonly Scale[] = Array.from({ length: 2 * EXPONENTS }, (_, i) => {
  const exponent = LEAST_EXPONENT + (i >> 1);
  let decimals = 22;
  while (2 ** exponent * 10 ** decimals >= BEYOND) decimals--;
  return scaleOf(exponent, decimals - (i & 1));
});

function scaleOf(exponent: number, decimals: number): Scale {
  const power = 10 ** decimals;
  const shifted = power * SPLITTER;
  const powerHigh = shifted - (shifted - power);
  return { decimals, power, powerHigh, powerLow: power - powerHigh, half: 2 ** (exponent - 53) * power };
}

/**
 * Writes numbers as {@link formatGoFloat} gives them, straight into bytes. Long answers are nearly all numbers, and making
 * a text of each and copying it took more than half of their time; this takes a quarter of that.
 *
 * The shortest decimal that is read as the same double is found by scaling the number to 17 digits before the point. The
 * product is kept exactly, as a sum of two doubles; what rounds to the number is known to lie within half the distance of
 * its neighbours. So the shortest is the multiple of 100, else of 10, else of 1 nearest to it, if that is near enough.
 * Whatever is too close to call, or out of range, is left to the ordinary way.
 */
export class NumberWriter {
  readonly #number = new Float64Array(1);
  readonly #words = new Uint32Array(this.#number.buffer);

  /** @returns where the number ends. There have to be 25 bytes of room. */
  write(bytes: Uint8Array, at: number, value: number): number {
    if (value < 0) {
      bytes[at] = MINUS;
      const end = this.#writePositive(bytes, at + 1, -value);
      return end < 0 ? writeText(bytes, at, formatGoFloat(value)) : end;
    }
    const end = value > 0 ? this.#writePositive(bytes, at, value) : -1;
    return end < 0 ? writeText(bytes, at, formatGoFloat(value)) : end;
  }

  /** @returns -1 where the fast way cannot tell */
  #writePositive(bytes: Uint8Array, at: number, value: number): number {
    if (value < HIGHEST && value === Math.floor(value)) return writeWhole(bytes, at, value);
    if (!(value >= LEAST && value < MOST)) return -1;
    this.#number[0] = value;
    const highWord = this.#words[HIGH] as number;
    // Below a power of two the doubles lie closer: half the distance is not the same on both sides.
    if ((highWord & 0xfffff) === 0 && this.#words[LOW] === 0) return -1;
    const index = 2 * ((highWord >>> 20) - 1023 - LEAST_EXPONENT);
    let scale = SCALES[index] as Scale;
    if (value * scale.power >= BEYOND) scale = SCALES[index + 1] as Scale;
    const product = value * scale.power;
    const shifted = value * SPLITTER;
    const valueHigh = shifted - (shifted - value);
    const valueLow = value - valueHigh;
    const { powerHigh, powerLow, half, decimals } = scale;
    const rest = valueHigh * powerHigh - product + valueHigh * powerLow + valueLow * powerHigh + valueLow * powerLow;

    let high = Math.floor(product / LOW_PART);
    const exact = product - high * LOW_PART + rest;
    let low = Math.round(exact / 100) * 100;
    let distance = Math.abs(low - exact);
    if (distance > half - MARGIN) {
      if (distance < half + MARGIN) return -1;
      low = Math.round(exact / 10) * 10;
      distance = Math.abs(low - exact);
      if (distance > 5 - MARGIN) return -1;
      if (distance > half - MARGIN) {
        if (distance < half + MARGIN) return -1;
        low = Math.round(exact);
        if (Math.abs(low - exact) > 0.5 - MARGIN) return -1;
      }
    }
    if (low < 0 || low > LOW_PART) return -1;
    if (low === LOW_PART) {
      low = 0;
      high++;
    }
    if (high < LOW_PART || high >= HIGHEST) return -1;
    return writeDecimal(bytes, at, high, low, decimals);
  }
}

/** Write nine and eight digits, of which `decimals` stand behind the point, without zeros at the end. */
function writeDecimal(bytes: Uint8Array, at: number, high: number, low: number, decimals: number): number {
  const whole = DIGITS - decimals;
  // The digits go to where those behind the point belong.
  const start = whole > 0 ? at + 1 : at + 2 - whole;
  writeDigits(bytes, start, high, 9);
  writeDigits(bytes, start + 9, low, 8);
  if (whole > 0) {
    for (let i = at; i < at + whole; i++) bytes[i] = bytes[i + 1] as number;
    bytes[at + whole] = POINT;
  } else {
    for (let i = at; i < start; i++) bytes[i] = ZERO;
    bytes[at + 1] = POINT;
  }
  let end = start + DIGITS;
  while (bytes[end - 1] === ZERO) end--;
  return bytes[end - 1] === POINT ? end - 1 : end;
}

/** Write a whole number below 10^9. */
function writeWhole(bytes: Uint8Array, at: number, value: number): number {
  let count = 1;
  for (let bound = 10; value >= bound; bound *= 10) count++;
  writeDigits(bytes, at, value, count);
  return at + count;
}

/** Write the last `count` digits of a whole number below 2^31. */
function writeDigits(bytes: Uint8Array, at: number, value: number, count: number): void {
  let left = value | 0;
  for (let i = at + count - 1; i >= at; i--) {
    const rest = (left / 10) | 0;
    bytes[i] = ZERO + left - rest * 10;
    left = rest;
  }
}

const MOST_SECONDS = 1e10;

/** Write epoch milliseconds as seconds with as many of three decimals as are needed. @returns where they end */
export function writeSeconds(bytes: Uint8Array, at: number, timestampMs: number): number {
  const seconds = Math.floor(timestampMs / 1000);
  const milliseconds = timestampMs - seconds * 1000;
  if (!(seconds >= 0 && seconds < MOST_SECONDS) || milliseconds !== Math.floor(milliseconds)) {
    return writeText(bytes, at, String(timestampMs / 1000));
  }
  const high = Math.floor(seconds / 1e5);
  let end = writeWhole(bytes, at, high > 0 ? high : seconds);
  if (high > 0) {
    writeDigits(bytes, end, seconds - high * 1e5, 5);
    end += 5;
  }
  if (milliseconds === 0) return end;
  bytes[end] = POINT;
  writeDigits(bytes, end + 1, milliseconds, 3);
  end += 4;
  while (bytes[end - 1] === ZERO) end--;
  return end;
}

function writeText(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}
