import { formatFloat } from './format-float.ts';
import { sortedKeys, typeName, type TemplateValue } from './template-value.ts';

/** A value as Go's `%v` prints it: `map[a:b c:d]`, `[1 2]`, `1.5e+09`, `<nil>`. */
export function formatValue(value: TemplateValue): string {
  if (value === null) return '<nil>';
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return formatFloat(value, 'g', -1);
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      break;
  }
  if (value.kind === 'struct') return value.text;
  if (value.kind === 'list') return `[${value.items.map(formatValue).join(' ')}]`;
  return `map[${sortedKeys(value)
    .map((key) => `${key}:${formatValue(value.entries.get(key) ?? null)}`)
    .join(' ')}]`;
}

/** Go's fmt.Sprint: a space between neighbours when neither is a string. */
export function sprint(values: readonly TemplateValue[]): string {
  let text = '';
  values.forEach((value, index) => {
    const isSpaced = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
    text += (isSpaced ? ' ' : '') + formatValue(value);
  });
  return text;
}

interface Directive {
  readonly flags: string;
  readonly width: number | null;
  readonly precision: number | null;
  readonly verb: string;
}

const DIRECTIVE = /%([-+# 0]*)(?:(\d+)|(\*))?(?:\.(?:(\d+)|(\*))?)?(?:\[(\d+)\])?(.)?/gsu;

/**
 * Go's fmt.Sprintf. A mistake in the format shows in the result, as in Go: `%!d(float64=1.5)`, `%!s(MISSING)`,
 * `%!(EXTRA int=1)`.
 */
export function sprintf(format: string, values: readonly TemplateValue[]): string {
  let next = 0;
  const chosen = new Set<string>();
  const text = format.replace(
    DIRECTIVE,
    (
      whole: string,
      flags: string,
      width: string | undefined,
      widthStar: string | undefined,
      precision: string | undefined,
      precisionStar: string | undefined,
      index: string | undefined,
      verb: string | undefined,
    ) => {
      if (verb === undefined) return '%!(NOVERB)';
      const star = (): number => Number(values[next++] ?? 0);
      const chosenWidth = widthStar === undefined ? (width === undefined ? null : Number(width)) : star();
      const hasPoint = /^%[-+# 0]*(?:\d+|\*)?\./.test(whole);
      const digits = precisionStar === undefined ? Number(precision ?? 0) : star();
      if (verb === '%') return '%';
      if (index !== undefined) {
        next = Number(index) - 1;
        chosen.add(index);
        if (next < 0 || next >= values.length) return `%!${verb}(BADINDEX)`;
      }
      if (next >= values.length) return `%!${verb}(MISSING)`;
      const value = values[next++] ?? null;
      return formatDirective({ flags, width: chosenWidth, precision: hasPoint ? digits : null, verb }, value);
    },
  );
  // With explicit indexes Go does not look for what is left over.
  if (chosen.size > 0 || next >= values.length) return text;
  const extra = values
    .slice(next)
    .map((value) => (value === null ? '<nil>' : `${typeName(value)}=${formatValue(value)}`));
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

function formatDirective(directive: Directive, value: TemplateValue): string {
  const text = body(directive, value);
  if (text === null) {
    const shown = value === null ? '<nil>' : `${typeName(value)}=${formatValue(value)}`;
    return `%!${directive.verb}(${shown})`;
  }
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  return pad(text, directive, isNumber && !/Inf|NaN/.test(text));
}

function body(directive: Directive, value: TemplateValue): string | null {
  const { verb, precision, flags } = directive;
  if (verb === 'T') return typeName(value);
  if (verb === 'v') {
    if (typeof value === 'number') return signed(formatFloat(value, 'g', precision ?? -1), flags);
    return typeof value === 'bigint' ? signed(String(value), flags) : formatValue(value);
  }
  if (value === null) return null;
  switch (typeof value) {
    case 'number':
      return floatBody(value, verb, precision, flags);
    case 'bigint':
      return intBody(value, verb, flags);
    case 'boolean':
      return verb === 't' ? String(value) : null;
    case 'string':
      return textBody(value, verb, precision, flags);
    default:
      if (value.kind === 'struct') return textBody(value.text, verb, precision, flags);
      return value.kind === 'list'
        ? `[${value.items.map((item) => formatDirective({ ...directive, width: null }, item)).join(' ')}]`
        : `map[${sortedKeys(value)
            .map((key) => {
              const element = value.entries.get(key) ?? null;
              return `${formatDirective({ ...directive, width: null }, key)}:${formatDirective({ ...directive, width: null }, element)}`;
            })
            .join(' ')}]`;
  }
}

function floatBody(value: number, verb: string, precision: number | null, flags: string): string | null {
  switch (verb) {
    case 'f':
    case 'F':
      return signed(formatFloat(value, 'f', precision ?? 6), flags);
    case 'e':
    case 'E':
    case 'g':
    case 'G': {
      const lower = verb.toLowerCase() as 'e' | 'g';
      const text = formatFloat(value, lower, precision ?? (lower === 'e' ? 6 : -1));
      return signed(verb === lower ? text : text.replace('e', 'E'), flags);
    }
    default:
      return null;
  }
}

function intBody(value: bigint, verb: string, flags: string): string | null {
  const prefix = (text: string): string => (flags.includes('#') ? text : '');
  const magnitude = value < 0n ? -value : value;
  const inBase = (base: number, before: string): string => (value < 0n ? '-' : '') + before + magnitude.toString(base);
  switch (verb) {
    case 'd':
      return signed(String(value), flags);
    case 'x':
      return signed(inBase(16, prefix('0x')), flags);
    case 'X':
      return signed(inBase(16, prefix('0X')).toUpperCase(), flags);
    case 'o':
      return signed(inBase(8, prefix('0')), flags);
    case 'b':
      return signed(inBase(2, prefix('0b')), flags);
    case 'c':
      return value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : '\ufffd';
    case 'q':
      return value >= 0n && value <= 0x10ffffn ? `'${String.fromCodePoint(Number(value))}'` : `'\ufffd'`;
    case 'U':
      return `U+${magnitude.toString(16).toUpperCase().padStart(4, '0')}`;
    default:
      return null;
  }
}

function textBody(value: string, verb: string, precision: number | null, flags: string): string | null {
  const cut = precision === null ? value : Array.from(value).slice(0, precision).join('');
  switch (verb) {
    case 's':
      return cut;
    case 'q':
      return flags.includes('#') && !/[`\n]/.test(cut) ? `\`${cut}\`` : JSON.stringify(cut);
    case 'x':
    case 'X': {
      const hex = [...new TextEncoder().encode(cut)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
    default:
      return null;
  }
}

function signed(text: string, flags: string): string {
  if (/^[-+]/.test(text)) return text;
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
}

function pad(text: string, directive: Directive, isNumber: boolean): string {
  const missing = Math.abs(directive.width ?? 0) - Array.from(text).length;
  if (missing <= 0) return text;
  if (directive.flags.includes('-') || (directive.width ?? 0) < 0) return text + ' '.repeat(missing);
  if (!directive.flags.includes('0') || !isNumber) return ' '.repeat(missing) + text;
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
