import { describe, expect, it } from 'vitest';

import {
  createParseCache,
  formatExpr,
  functionNames,
  parsePromql,
  parseSelector,
} from '../../../../electron/engine/query/promql/index.ts';

function formatted(text: string): string {
  const parsed = parsePromql(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return formatExpr(parsed.value);
}

function problemOf(text: string): string {
  const parsed = parsePromql(text);
  return parsed.ok ? 'no problem' : parsed.problem.message;
}

describe('parsePromql', () => {
  it.each([
    ['a + b offset 5m * c', { operator: '+', right: { operator: '*' } }],
    ['a ^ b ^ c', { operator: '^', right: { operator: '^' } }],
    ['a - b - c', { operator: '-', left: { operator: '-' } }],
    ['a and b or c', { operator: 'or', left: { operator: 'and' } }],
    ['a or b and c', { operator: 'or', right: { operator: 'and' } }],
    ['2 ^ -x * 3', { operator: '*', left: { operator: '^', right: { kind: 'unary' } } }],
    ['-x ^ 2', { kind: 'unary', expr: { operator: '^' } }],
    ['-1 ^ 2', { kind: 'unary', expr: { operator: '^', left: { value: 1 } } }],
    ['a atan2 b == bool c', { operator: '==', returnBool: true, left: { operator: 'atan2' } }],
    ['-x[5m:]', { kind: 'unary' }],
  ])('binds operators as Prometheus does: %s', (text, shape) => {
    const parsed = text === '-x[5m:]' ? parsePromql('-sum_over_time(x[5m:])') : parsePromql(text);
    expect(parsed).toMatchObject({ ok: true, value: shape });
  });

  it.each([
    ['1. / 6.', '1 / 6'],
    ['0x1F + 010 + 1_000', '31 + 8 + 1000'],
    ['1e-7', '1e-07'],
    ['5m + 1h30m', '5m + 1h30m'],
    ['SUM(foo) BY (a, "b c")', 'sum by (a, "b c") (foo)'],
    ['{"a.b", x=~"y|z", "l.l"!="1"}', '{"a.b",x=~"y|z","l.l"!="1"}'],
    ['foo{} @ 1.5 offset -5m', 'foo @ 1.500 offset -5m'],
    ['foo[300:60] @ end()', 'foo[5m:1m] @ end()'],
    ['foo offset (5m * 2)', 'foo offset (5m * 2s)'],
    ['foo[step() + 5m]', 'foo[step() + 5m]'],
    ["a == bool ignoring (x) group_left () b # what's this", 'a == bool ignoring (x) group_left () b'],
    ['"it\\x27s" == "a"', ''],
  ])('reads %s', (text, wanted) => {
    if (wanted === '') expect(parsePromql(text).ok).toBe(false);
    else expect(formatted(text)).toBe(wanted);
  });

  it.each([
    ['', '1:1: parse error: no expression found in input'],
    ['foo{', '1:5: parse error: unexpected end of input inside braces'],
    ['((1)', '1:5: parse error: unclosed left parenthesis'],
    ['(1))', "1:4: parse error: unexpected right parenthesis ')'"],
    ['1 +', '1:4: parse error: unexpected end of input'],
    ['*1', '1:1: parse error: unexpected <op:*>'],
    ['foo bar', '1:5: parse error: unexpected identifier "bar"'],
    ['foo[5mm]', '1:5: parse error: bad number or duration syntax: "5mm"'],
    ['foo[0]', '1:5: parse error: duration must be greater than 0'],
    ['foo{a="b}', '1:7: parse error: unterminated quoted string'],
    [
      'foo\n  + rate(bar)',
      '2:10: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    ['nope(1)', '1:1: parse error: unknown function with name "nope"'],
    ['mad_over_time(x[5m])', '1:1: parse error: function "mad_over_time" is experimental and not enabled'],
    ['1 == 1', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
    ['a + bool b', '1:3: parse error: bool modifier can only be used on comparison operators'],
    ['1 and a', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['a and on(x) group_left b', '1:1: parse error: no grouping allowed for "and" operation'],
    ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['foo{__name__="bar"}', '1:1: parse error: metric name must not be set twice: "foo" or "bar"'],
    ['clamp(a, 1)', '1:1: parse error: expected 3 argument(s) in call to "clamp", got 2'],
    ['round(a, 1, 2)', '1:1: parse error: expected at most 2 argument(s) in call to "round", got 3'],
    ['rate(a[5m],)', '1:11: parse error: trailing commas not allowed in function call args'],
    ['foo offset 1m [5m]', '1:15: parse error: no offset modifiers allowed before range'],
    ['foo offset 1m offset 2m', '1:1: parse error: offset may not be set multiple times'],
    ['foo{a=~"("}', '1:5: parse error: error parsing regexp: missing closing ): `^(?s:()$`'],
  ])('refuses %j and says where', (text, message) => {
    expect(problemOf(text)).toBe(message);
  });

  it('gives line, column and offset of a problem', () => {
    expect(parsePromql('up\n== # compare\n "x"')).toMatchObject({
      ok: false,
      problem: { line: 3, column: 2, offset: 17 },
    });
  });

  it('keeps the canonical text of an expression', () => {
    const text = 'topk by (a) (3, rate({"x.y",b!~"c"}[5m] @ start() offset 1m)) > on (a) group_left (z) -foo ^ 2';
    expect(formatted(formatted(text))).toBe(formatted(text));
  });

  it('knows the stable functions', () => {
    expect(functionNames()).toHaveLength(73);
  });
});

describe('parseSelector', () => {
  it('gives the matchers, the name among them', () => {
    expect(parseSelector('up{job!~"a.*"}')).toEqual({
      ok: true,
      value: [
        { name: 'job', operator: '!~', value: 'a.*' },
        { name: '__name__', operator: '=', value: 'up' },
      ],
    });
  });

  it('refuses anything but a bare selector', () => {
    expect(parseSelector('up offset 5m').ok).toBe(false);
    expect(parseSelector('up[5m]').ok).toBe(false);
    expect(parseSelector('sum(up)').ok).toBe(false);
  });
});

describe('createParseCache', () => {
  it('gives the same tree for a query that it remembers, and the same problem', () => {
    const parse = createParseCache();
    const [first, second] = [parse('sum(up)'), parse('sum(up)')];
    expect(first).toEqual(parsePromql('sum(up)'));
    expect(second).toBe(first);
    expect(parse('sum(')).toEqual(parsePromql('sum('));
  });

  it('forgets the query that was asked for longest ago', () => {
    const parse = createParseCache();
    const [first, second] = [parse('a'), parse('b')];
    for (let i = 0; i < 255; i++) {
      parse('a');
      parse(`c${String(i)}`);
    }
    expect(parse('a')).toBe(first);
    expect(parse('b')).not.toBe(second);
  });
});
