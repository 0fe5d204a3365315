/** The shortest form turns to an exponent at this power of ten: 1234567 becomes 1.234567e+06. */
const SHORTEST_EXPONENT_LIMIT = 6;

/**
 * Floating-point numbers as Go's strconv.FormatFloat writes them, rounding exact halves to even where JavaScript rounds
 * them up.
 *
 * @param verb      `e`, `f` or `g`
 * @param precision digits after the point (`e`, `f`) or significant digits (`g`); -1 for the shortest that reads back
 */
export function formatFloat(value: number, verb: 'e' | 'f' | 'g', precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const negative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  const text =
    verb === 'f'
      ? plain(magnitude, precision)
      : verb === 'e'
        ? exponential(magnitude, precision)
        : general(magnitude, precision);
  return negative ? `-${text}` : text;
}

function general(value: number, precision: number): string {
  const isShortest = precision < 0;
  const significant = precision === 0 ? 1 : precision;
  const { digits, exponent } = scientific(value, isShortest ? -1 : significant - 1);
  const trimmed = digits.replace(/0+$/, '') || '0';
  const threshold = isShortest
    ? SHORTEST_EXPONENT_LIMIT
    : significant > trimmed.length && trimmed.length >= exponent + 1
      ? trimmed.length
      : significant;
  if (exponent < -4 || exponent >= threshold) return withExponent(trimmed, exponent);
  return position(trimmed, exponent);
}

function exponential(value: number, precision: number): string {
  const { digits, exponent } = scientific(value, precision);
  return withExponent(digits, exponent);
}

function withExponent(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits.charAt(0)}.${digits.slice(1)}` : digits;
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Digits with the decimal point put where the exponent says. */
function position(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function plain(value: number, precision: number): string {
  if (precision < 0) {
    const { digits, exponent } = scientific(value, -1);
    return position(digits.replace(/0+$/, '') || '0', exponent);
  }
  if (value >= 1e21) {
    const whole = BigInt(value).toString();
    return precision > 0 ? `${whole}.${'0'.repeat(precision)}` : whole;
  }
  const places = Math.min(precision, 100);
  const exact = value.toFixed(100);
  const point = exact.indexOf('.');
  const cut = point + 1 + places;
  const rounded = isHalfAfterEven(exact, cut) ? exact.slice(0, places === 0 ? point : cut) : value.toFixed(places);
  return precision > 100 ? rounded.padEnd(rounded.length + precision - 100, '0') : rounded;
}

/** Decimal digits and the exponent of the first one; `places` digits after the first, or the shortest form for -1. */
function scientific(value: number, places: number): { digits: string; exponent: number } {
  const text = places < 0 ? value.toExponential() : value.toExponential(Math.min(places, 100));
  const [mantissa = '', exponent = '0'] = text.split('e');
  let digits = mantissa.replace('.', '');
  if (places >= 0 && places < 100) {
    const [exactMantissa = '', exactExponent = '0'] = value.toExponential(100).split('e');
    const exact = exactMantissa.replace('.', '');
    if (isHalfAfterEven(exact, places + 1))
      return { digits: exact.slice(0, places + 1), exponent: Number(exactExponent) };
  }
  if (places > 100) digits = digits.padEnd(places + 1, '0');
  return { digits, exponent: Number(exponent) };
}

/** Whether exactly a half is cut off after an even digit: Go then keeps the digit, JavaScript rounds up. */
function isHalfAfterEven(exact: string, cut: number): boolean {
  if (!/^50*$/.test(exact.slice(cut))) return false;
  const before = exact.charAt(cut - 1) === '.' ? exact.charAt(cut - 2) : exact.charAt(cut - 1);
  return before !== '' && '02468'.includes(before);
}
