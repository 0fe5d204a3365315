import { describe, expect, it } from 'vitest';
import { readYaml } from '../../../electron/engine/config/yaml-source.ts';
import type { ConfigSource } from '../../../electron/engine/config/yaml-source.ts';

function source(text: string): ConfigSource {
  const reading = readYaml(text, 'f.yml');
  if (!reading.ok) throw new Error(reading.problems[0]?.message);
  return reading.source;
}

describe('a YAML file', () => {
  it('keeps every scalar as it is written', () => {
    expect(source('a: 1.0\nb: yes\nc: 010\nd: "null"\ne: null\nf: ~\ng:').value).toEqual({
      a: '1.0',
      b: 'yes',
      c: '010',
      d: 'null',
      e: null,
      f: null,
      g: null,
    });
  });

  it('resolves aliases and merge keys, with own keys first', () => {
    const { value } = source('base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\nagain: *b');
    expect(value).toMatchObject({ use: { x: '1', y: '3' }, again: { x: '1', y: '2' } });
  });

  it('tells the place of keys, of values and of what is missing', () => {
    const { at } = source('a:\n  - b: 1\n    c:\n');
    expect(at(['a', 0, 'b'])).toEqual({ file: 'f.yml', line: 2, column: 8 });
    expect(at(['a', 0, 'b'], 'key')).toEqual({ file: 'f.yml', line: 2, column: 5 });
    expect(at(['a', 0, 'c'])).toEqual({ file: 'f.yml', line: 3, column: 5 });
    expect(at(['a', 0, 'missing'])).toEqual({ file: 'f.yml', line: 2, column: 5 });
  });

  it('tells the place inside a plain, a quoted and a block text', () => {
    const { inside } = source('a: up == 0\nb: "up"\nc: |\n    first\n    second\n');
    expect(inside(['a'], 1, 4)).toMatchObject({ line: 1, column: 7 });
    expect(inside(['b'], 1, 1)).toMatchObject({ line: 2, column: 5 });
    expect(inside(['c'], 2, 3)).toMatchObject({ line: 5, column: 7 });
  });

  it('reports every syntax error with its place', () => {
    const reading = readYaml('a: 1\na: 2\nb: [1,\nc: "x', 'f.yml');
    expect(reading.ok ? [] : reading.problems.map(({ line }) => line)).toEqual([2, 4, 4]);
  });

  it('ignores a second document with a warning', () => {
    const reading = readYaml('a: 1\n---\nb: 2\n', 'f.yml');
    expect(reading).toMatchObject({ ok: true, source: { value: { a: '1' } }, warnings: [{ line: 2 }] });
  });

  it('stops at a bomb of aliases', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i += 1) {
      const name = `*a${String(i - 1)}`;
      lines.push(`a${String(i)}: &a${String(i)} [${Array.from({ length: 10 }, () => name).join(', ')}]`);
    }
    const reading = readYaml(lines.join('\n'), 'f.yml');
    expect(reading.ok ? '' : reading.problems[0]?.message).toContain('aliases');
  });

  it('takes __proto__ for an ordinary key', () => {
    expect(Object.keys(source('__proto__: {a: 1}').value ?? {})).toEqual(['__proto__']);
  });
});
