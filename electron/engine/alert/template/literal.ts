/** A Go number or character constant: a bigint for a whole number, a number for a floating one; null when malformed. */
export function parseNumber(source: string): bigint | number | null {
  if (source.startsWith("'")) {
    const value = unquote(source);
    return value === null || Array.from(value).length !== 1 ? null : BigInt(value.codePointAt(0) ?? 0);
  }
  if (source.endsWith('i')) return null;
  const negative = source.startsWith('-');
  const digits = source.replace(/^[+-]/, '').replaceAll('_', '');
  if (/^0[xX][0-9a-fA-F]+$|^0[bB][01]+$|^0[oO][0-7]+$/.test(digits))
    return sign(BigInt(digits.toLowerCase()), negative);
  if (/^0[0-7]+$/.test(digits)) return sign(BigInt(`0o${digits.slice(1)}`), negative);
  if (/^[0-9]+$/.test(digits)) return sign(BigInt(digits), negative);
  if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(digits)) return null;
  return negative ? -Number(digits) : Number(digits);
}

function sign(value: bigint, negative: boolean): bigint {
  return negative ? -value : value;
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** The text of a Go string, raw string or character literal; null when an escape is malformed. */
export function unquote(source: string): string | null {
  const inner = source.slice(1, -1);
  if (source.startsWith('`')) return inner.replaceAll('\r', '');
  if (!inner.includes('\\')) return inner;
  const malformed: string[] = [];
  const value = inner.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gsu,
    (escape, hex?: string, short?: string, long?: string, octal?: string, simple?: string) => {
      const digits = hex ?? short ?? long;
      const code = digits !== undefined ? parseInt(digits, 16) : octal !== undefined ? parseInt(octal, 8) : null;
      if (code !== null && code <= 0x10ffff) return String.fromCodePoint(code);
      const plain = SIMPLE_ESCAPES[simple ?? ''];
      if (plain === undefined) malformed.push(escape);
      return plain ?? '';
    },
  );
  return malformed.length === 0 ? value : null;
}
