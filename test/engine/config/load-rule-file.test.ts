import { describe, expect, it } from 'vitest';
import { loadRuleFile } from '../../../electron/engine/config/load-rule-file.ts';
import type { RuleFileOptions } from '../../../electron/engine/config/load-rule-file.ts';
import { brief } from './memory-files.ts';

function problems(text: string, options: RuleFileOptions = {}): string[] {
  const loaded = loadRuleFile(text, 'r.yml', options);
  return loaded.ok ? [] : brief(loaded.problems);
}

/** One group with these rules, each a line of its own from line 4 on. */
function group(...rules: readonly string[]): string {
  return `groups:\n  - name: g\n    rules:\n${rules.map((rule) => `      - ${rule}\n`).join('')}`;
}

describe('a rule file', () => {
  it('gives its groups, with rules, lines and defaults', () => {
    const text = `groups:
  - name: a
    interval: 30s
    limit: 5
    query_offset: 1m
    labels: {team: x}
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
        labels: {severity: 1.0}
      - alert: Down
        expr: up == 0
        for: 5m
        keep_firing_for: 10m
        labels: {severity: critical}
        annotations: {summary: '{{ $labels.job }} is down'}
  - name: b
`;
    const loaded = loadRuleFile(text, '/r.yml', { defaultIntervalMs: 15_000, defaultQueryOffsetMs: 2000 });
    expect(loaded).toEqual({
      ok: true,
      warnings: [],
      value: [
        {
          name: 'a',
          file: '/r.yml',
          intervalMs: 30_000,
          limit: 5,
          queryOffsetMs: 60_000,
          labels: { team: 'x' },
          rules: [
            {
              kind: 'recording',
              record: 'job:up:sum',
              expr: 'sum by (job) (up)',
              labels: { severity: '1.0' },
              line: 8,
            },
            {
              kind: 'alerting',
              alert: 'Down',
              expr: 'up == 0',
              forMs: 300_000,
              keepFiringForMs: 600_000,
              labels: { severity: 'critical' },
              annotations: { summary: '{{ $labels.job }} is down' },
              line: 11,
            },
          ],
        },
        { name: 'b', file: '/r.yml', intervalMs: 15_000, limit: 0, queryOffsetMs: 2000, labels: {}, rules: [] },
      ],
    });
  });

  it.each(['', '# nothing\n', 'groups:\n', 'groups: []\n'])('may be empty: %j', (text) => {
    expect(loadRuleFile(text, 'r.yml')).toMatchObject({ ok: true, value: [] });
  });

  it('tells all that is wrong, in order', () => {
    const text = group(
      '{alert: A, expr: up, annotation: {a: b}}',
      '{alert: A, record: r, expr: up}',
      '{expr: up}',
      '{alert: A}',
      '{record: "a{b=\'c\'}", expr: up}',
      '{record: r, expr: up, for: 1m, annotations: {a: b}}',
      '{alert: A, expr: up, for: 5 m}',
      '{alert: A, expr: up, labels: {__name__: x}}',
    );
    expect(problems(text)).toEqual([
      'r.yml:4:30 Unknown key "annotation".',
      `r.yml:5:17 only one of 'record' and 'alert' must be set.`,
      `r.yml:6:9 one of 'record' or 'alert' must be set.`,
      `r.yml:7:9 field 'expr' must be set in rule.`,
      `r.yml:8:18 braces present in the recording rule name; should it be in expr?: a{b='c'}.`,
      `r.yml:9:36 invalid field 'for' in recording rule.`,
      `r.yml:9:53 invalid field 'annotations' in recording rule.`,
      'r.yml:10:35 "5 m" is not a duration.',
      'r.yml:11:39 invalid label name: "__name__".',
    ]);
  });

  it('refuses two groups of one name', () => {
    expect(problems('groups:\n  - name: g\n  - name: g\n')).toEqual([
      'r.yml:3:11 groupname: "g" is repeated in the same file.',
    ]);
  });

  it('tells where in an expression its fault is', () => {
    const checkExpression = (text: string): { message: string; line: number; column: number } | null => {
      const index = text.indexOf('!');
      if (index < 0) return null;
      const before = text.slice(0, index).split('\n');
      return { message: 'Unexpected !', line: before.length, column: (before.at(-1) ?? '').length + 1 };
    };
    const text = `groups:
  - name: g
    rules:
      - {alert: A, expr: up ! down}
      - alert: B
        expr: |
          sum(
            up !
          )
      - alert: C
        expr: 'up !'
`;
    expect(problems(text, { checkExpression })).toEqual([
      'r.yml:4:29 Unexpected !',
      'r.yml:8:16 Unexpected !',
      'r.yml:11:19 Unexpected !',
    ]);
  });

  it('checks the templates of alerts', () => {
    const checkTemplate = (text: string): { message: string; line: number; column: number } | null =>
      text.includes('{{ $x') ? { message: 'undefined variable "$x"', line: 1, column: 4 } : null;
    const text = group(`{alert: A, expr: up, labels: {a: '{{ $x }}'}, annotations: {b: 'fine'}}`);
    expect(problems(text, { checkTemplate })).toEqual(['r.yml:4:46 undefined variable "$x"']);
  });

  it('warns about a rule that repeats another', () => {
    const text = group('{record: r, expr: up}', '{record: r, expr: down}', '{record: r, expr: up, labels: {a: b}}');
    const loaded = loadRuleFile(text, 'r.yml');
    expect(loaded.ok && brief(loaded.warnings)).toEqual(['r.yml:5:1 The rule "r" repeats that of line 4.']);
  });
});
