import { describe, expect, it } from 'vitest';
import { compileRelabel } from '../../../../electron/engine/collect/relabel/index.ts';
import type { RelabelStep } from '../../../../electron/engine/config/relabel-step.ts';

const DEFAULTS: RelabelStep = {
  action: 'replace',
  sourceLabels: [],
  separator: ';',
  regex: '(.*)',
  targetLabel: '',
  replacement: '$1',
  modulus: 0,
  nameScheme: 'utf8',
};

/** The labels afterwards; null when they were dropped. */
function relabel(labels: Record<string, string>, ...steps: Partial<RelabelStep>[]): Record<string, string> | null {
  const run = compileRelabel(steps.map((step) => ({ ...DEFAULTS, ...step })));
  const map = new Map(Object.entries(labels));
  return run === null || run(map) ? Object.fromEntries(map) : null;
}

// Inputs and results are those of Prometheus 2.42, which the side by side test asks for the common ones, too.
describe('relabelling', () => {
  it.each<[string, Record<string, string>, Partial<RelabelStep>, Record<string, string> | null]>([
    [
      'replace joins the sources and expands groups',
      { a: 'foo', b: 'bar' },
      { sourceLabels: ['a', 'b'], regex: 'f(.*);(.*)r', targetLabel: 'd', replacement: 'ch${1}-${2}' },
      { a: 'foo', b: 'bar', d: 'choo-ba' },
    ],
    [
      'replace changes nothing where the pattern does not match the whole',
      { a: 'foobar' },
      { sourceLabels: ['a'], regex: 'foo', targetLabel: 'd', replacement: 'x' },
      { a: 'foobar' },
    ],
    [
      'replace with an empty result removes the label',
      { a: 'foo', d: 'old' },
      { sourceLabels: ['a'], regex: '(f).*', targetLabel: 'd', replacement: '$2' },
      { a: 'foo' },
    ],
    [
      'replace expands groups in the name of the target, by number and by name',
      { a: 'some-name-value' },
      { sourceLabels: ['a'], regex: 'some-(?P<name>[^-]+)-([^,]+)', targetLabel: '${name}', replacement: '$2' },
      { a: 'some-name-value', name: 'value' },
    ],
    [
      'a group that is not there, and one whose name goes on, are empty',
      { a: 'foo' },
      { sourceLabels: ['a'], targetLabel: 'd', replacement: '[$9|$1x|$$|${1}x]' },
      { a: 'foo', d: '[||$|foox]' },
    ],
    ['keep keeps what matches', { a: 'foo' }, { action: 'keep', sourceLabels: ['a'], regex: 'fo+' }, { a: 'foo' }],
    ['keep drops the rest', { a: 'foo' }, { action: 'keep', sourceLabels: ['a'], regex: 'o+' }, null],
    ['drop drops alternatives', { a: 'bar' }, { action: 'drop', sourceLabels: ['a'], regex: 'foo|bar' }, null],
    [
      'drop of an absent label matches nothing',
      { a: 'b' },
      { action: 'drop', sourceLabels: ['x'], regex: '.+' },
      { a: 'b' },
    ],
    ['a dot matches a line break', { a: 'x\ny' }, { action: 'drop', sourceLabels: ['a'], regex: 'x.y' }, null],
    [
      'keepequal',
      { a: 'x', b: 'x' },
      { action: 'keepequal', sourceLabels: ['a'], targetLabel: 'b' },
      { a: 'x', b: 'x' },
    ],
    ['keepequal drops what differs', { a: 'x' }, { action: 'keepequal', sourceLabels: ['a'], targetLabel: 'b' }, null],
    ['dropequal', { a: 'x', b: 'x' }, { action: 'dropequal', sourceLabels: ['a'], targetLabel: 'b' }, null],
    [
      'hashmod takes the last eight bytes of the MD5',
      { c: 'baz' },
      { action: 'hashmod', sourceLabels: ['c'], targetLabel: 'd', modulus: 1000 },
      { c: 'baz', d: '976' },
    ],
    [
      'hashmod of two labels',
      { a: 'foo\nbar' },
      { action: 'hashmod', sourceLabels: ['a'], targetLabel: 'b', modulus: 1000 },
      { a: 'foo\nbar', b: '734' },
    ],
    [
      'labelmap copies to new names',
      { a: 'foo', __meta_b1: 'x', __meta_b2: 'y' },
      { action: 'labelmap', regex: '__meta_(b.*)' },
      { a: 'foo', __meta_b1: 'x', __meta_b2: 'y', b1: 'x', b2: 'y' },
    ],
    ['labeldrop', { a: 'foo', b1: 'x' }, { action: 'labeldrop', regex: 'b.*' }, { a: 'foo' }],
    ['labelkeep', { a: 'foo', b1: 'x' }, { action: 'labelkeep', regex: 'a' }, { a: 'foo' }],
    [
      'lowercase',
      { a: 'bAr123' },
      { action: 'lowercase', sourceLabels: ['a'], targetLabel: 'l' },
      { a: 'bAr123', l: 'bar123' },
    ],
    [
      'uppercase',
      { a: 'bAr123' },
      { action: 'uppercase', sourceLabels: ['a'], targetLabel: 'u' },
      { a: 'bAr123', u: 'BAR123' },
    ],
    [
      'in the classic scheme a target label with other characters is not made',
      { a: 'x' },
      { sourceLabels: ['a'], targetLabel: 'with.dot', nameScheme: 'legacy' },
      { a: 'x' },
    ],
  ])('%s', (_, labels, step, expected) => {
    expect(relabel(labels, step)).toEqual(expected);
  });

  it('goes on with what the step before made, and ends with a drop', () => {
    const steps: Partial<RelabelStep>[] = [
      { sourceLabels: ['a'], regex: 'f(.*)', targetLabel: 'd', replacement: 'c$1' },
      { action: 'keep', sourceLabels: ['d'], regex: 'coo' },
    ];
    expect(relabel({ a: 'foo' }, ...steps)).toEqual({ a: 'foo', d: 'coo' });
    expect(relabel({ a: 'bar' }, ...steps)).toBeNull();
  });

  it('is left out altogether where there are no steps', () => {
    expect(compileRelabel([])).toBeNull();
  });
});
