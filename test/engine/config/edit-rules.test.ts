import { describe, expect, it } from 'vitest';
import { addRuleFile, addRules, type NewRule } from '../../../electron/engine/config/edit-rules.ts';
import { loadRuleFile } from '../../../electron/engine/config/load-rule-file.ts';
import { languageChecks } from '../../../electron/engine/language-checks.ts';

const RULE: NewRule = {
  name: 'HighLoad',
  expr: 'load > 5\nand on (instance) up == 1',
  forMs: 90_000,
  keepFiringForMs: 600_000,
  labels: { severity: 'warning' },
  annotations: { summary: 'The load of {{ $labels.instance }} is {{ $value }}' },
};

const FILE = `# Rules of the shop.
groups:
  - name: own   # mine
    rules:
      - alert: Down
        expr: up == 0   # 没有响应
  - name: other
    rules: []
`;

function textOf(edited: ReturnType<typeof addRules>): string {
  if (!edited.ok) throw new Error(edited.problems[0]?.message);
  return edited.text;
}

describe('adding rules to a file', () => {
  it('writes them to the end of their group and leaves every other line as it is', () => {
    const text = textOf(addRules(FILE, 'own', [RULE]));
    expect(text).toBe(
      FILE.replace(
        '# 没有响应\n',
        `# 没有响应
      - alert: HighLoad
        expr: |-
          load > 5
          and on (instance) up == 1
        for: 1m30s
        keep_firing_for: 10m
        labels:
          severity: warning
        annotations:
          summary: The load of {{ $labels.instance }} is {{ $value }}
`,
      ),
    );
  });

  it('makes the group and the file where they are missing, and a file that Prometheus takes', () => {
    for (const before of ['', FILE, 'groups:\n']) {
      const text = textOf(addRules(before, 'new', [RULE]));
      const loaded = loadRuleFile(text, 'rules.yml', languageChecks);
      if (!loaded.ok) throw new Error(loaded.problems[0]?.message);
      const group = loaded.value.find(({ name }) => name === 'new');
      expect(group?.rules).toMatchObject([
        { alert: 'HighLoad', expr: RULE.expr, forMs: 90_000, keepFiringForMs: 600_000 },
      ]);
    }
  });

  it('passes over a rule that is there', () => {
    const once = textOf(addRules(FILE, 'other', [RULE]));
    expect(textOf(addRules(once, 'other', [RULE]))).toBe(once);
  });

  it('refuses a file that is something else', () => {
    expect(addRules('groups: 5\n', 'own', [RULE])).toMatchObject({ ok: false });
  });
});

it('names a rule file in the main file once', () => {
  const main = 'global: {}\nrule_files:\n  - a.yml # first\n';
  const text = textOf(addRuleFile(main, 'rules.yml'));
  expect(text).toBe(`${main}  - rules.yml\n`);
  expect(textOf(addRuleFile(text, 'rules.yml'))).toBe(text);
});
