/**
 * Numbers as Go writes and reads them, which is how PromQL and its HTTP API do.
 */

/** The shortest text of a float: `1e-07`, `1e+21`, `+Inf`, `NaN`. Source: Go, strconv.FormatFloat as encoding/json uses it. */
export function formatGoFloat(value: number): string {
  if (value !== value) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const text = String(value);
  const size = value < 0 ? -value : value;
  if (size >= 1e-6 && size < 1e21) return text;
  const exponent = text.indexOf('e');
  // JavaScript switches to the exponent at the same magnitudes, but writes it with one digit.
  const digits = text.slice(exponent + 2);
  return digits.length === 1 ? `${text.slice(0, exponent + 2)}0${digits}` : text;
}

/** The shortest text of a float without an exponent. Source: Go, strconv.FormatFloat(value, 'f', -1, 64). */
export function formatGoDecimal(value: number): string {
  const text = formatGoFloat(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = parts;
  const exponent = Number(exponentText);
  const digits = whole + fraction;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + digits.padEnd(exponent + 1, '0');
}

/** The text of Go's `%g`: the exponent form starts at 1e21 and below 1e-4. */
export function formatGoGeneral(value: number): string {
  if (value === 0 || !Number.isFinite(value) || Math.abs(value) >= 1e-4) return formatGoFloat(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e-');
  return `${mantissa}e-${exponent.padStart(2, '0')}`;
}

const NUMBER = /^(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;

/** The value of an unsigned number literal (`1_000`, `0x1F`, `1.`, `017`, `Inf`); `null` when it is none. */
export function parseGoNumber(text: string): number | null {
  const lower = text.toLowerCase();
  if (lower === 'inf' || lower === '+inf') return Infinity;
  if (lower === '-inf') return -Infinity;
  if (lower === 'nan') return NaN;
  if (/^0x[0-9a-f]+(?:_[0-9a-f]+)*$/.test(lower)) return Number(lower.replaceAll('_', ''));
  if (!NUMBER.test(text)) return null;
  const plain = text.replaceAll('_', '');
  // Go reads an integer with a leading zero as octal where that is possible.
  if (/^0[0-7]+$/.test(plain)) return parseInt(plain, 8);
  return Number(plain);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  y: 365 * 86_400_000,
  w: 7 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};
const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const UNITS = ['y', 'w', 'd', 'h', 'm', 's', 'ms'];

/** Milliseconds of a duration such as `1h30m`; `null` when it is none. Source: prometheus/common, model.ParseDuration. */
export function parsePromDuration(text: string): number | null {
  if (text === '0') return 0;
  const parts = text === '' ? null : DURATION.exec(text);
  if (parts === null) return null;
  return UNITS.reduce((sum, unit, i) => sum + Number(parts[i + 1] ?? 0) * (UNIT_MS[unit] ?? 0), 0);
}

/** The text of a duration: weeks and years only where nothing remains. Source: prometheus/common, Duration.String. */
export function formatPromDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  let rest = Math.abs(durationMs);
  let text = durationMs < 0 ? '-' : '';
  for (const unit of UNITS) {
    const unitMs = UNIT_MS[unit] ?? 1;
    if ((unit === 'y' || unit === 'w') && rest % unitMs !== 0) continue;
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${String(count)}${unit}`;
    rest -= count * unitMs;
  }
  return text;
}
