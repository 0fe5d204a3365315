/** Seconds of PromQL's units of time; a duration may stand where a number does. */
const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

const TOKEN =
  /\s*(?:(?<duration>(?:\d+(?:ms|[smhdwy]))+)(?![\w.])|(?<number>0x[\da-f]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf|nan)(?![\w.])|(?<sign>[-+*/%^()]))/iy;

/** The value of an expression of numbers alone, as `14 * 24 * 3600`, `1e9`, `-5`, `10m`; null for anything else. */
export function readConstant(text: string): number | null {
  const tokens: (number | string)[] = [];
  TOKEN.lastIndex = 0;
  const trimmed = text.trim();
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed)?.groups;
    if (match === undefined) return null;
    if (match['duration'] !== undefined) tokens.push(durationSeconds(match['duration']));
    else if (match['number'] !== undefined) tokens.push(numberOf(match['number']));
    else tokens.push(match['sign'] ?? '');
  }
  let at = 0;
  const value = sum();
  return at === tokens.length && tokens.length > 0 ? value : null;

  function sum(): number | null {
    let left = product();
    while (left !== null && (tokens[at] === '+' || tokens[at] === '-')) {
      const sign = tokens[at++];
      const right = product();
      left = right === null ? null : sign === '+' ? left + right : left - right;
    }
    return left;
  }

  function product(): number | null {
    let left = signed();
    while (left !== null && (tokens[at] === '*' || tokens[at] === '/' || tokens[at] === '%')) {
      const sign = tokens[at++];
      const right = signed();
      if (right === null) return null;
      left = sign === '*' ? left * right : sign === '/' ? left / right : left % right;
    }
    return left;
  }

  function signed(): number | null {
    if (tokens[at] !== '-' && tokens[at] !== '+') return power();
    const isMinus = tokens[at++] === '-';
    const value = signed();
    return value === null ? null : isMinus ? -value : value;
  }

  function power(): number | null {
    const base = single();
    if (base === null || tokens[at] !== '^') return base;
    at++;
    const exponent = signed();
    return exponent === null ? null : base ** exponent;
  }

  function single(): number | null {
    const token = tokens[at++];
    if (typeof token === 'number') return token;
    if (token !== '(') return null;
    const inner = sum();
    return tokens[at++] === ')' ? inner : null;
  }
}

function numberOf(text: string): number {
  const plain = text.replaceAll('_', '').toLowerCase();
  return plain === 'inf' ? Infinity : Number(plain);
}

function durationSeconds(text: string): number {
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/gi)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[(unit ?? 's').toLowerCase()] ?? 1),
    0,
  );
}
