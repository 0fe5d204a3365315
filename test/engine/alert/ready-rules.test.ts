import { describe, expect, it } from 'vitest';
import { metricNames, READY_RULES, readyDraft } from '../../../electron/engine/alert/ready-rules/index.ts';
import { addRules, loadRuleFile } from '../../../electron/engine/config/index.ts';
import { languageChecks } from '../../../electron/engine/language-checks.ts';

describe('the ready rules', () => {
  it.each(READY_RULES.map((set) => [set.exporter, set] as const))('for %s pass the check of rules', (_, set) => {
    const written = addRules('', set.exporter, set.rules.map(readyDraft));
    if (!written.ok) throw new Error(written.problems[0]?.message);
    const loaded = loadRuleFile(written.text, 'ready.yml', languageChecks);
    expect(loaded.ok ? [] : loaded.problems).toEqual([]);
    expect(loaded.warnings).toEqual([]);
    expect(loaded.ok && loaded.value[0]?.rules.length).toBe(set.rules.length);
    // What is read back is what was written, so that a rule in use is recognised.
    const exprs = loaded.ok ? loaded.value.flatMap(({ rules }) => rules.map(({ expr }) => expr)) : [];
    expect(exprs).toEqual(set.rules.map(({ expr }) => expr));
  });

  it('are five to ten for each of the most usual exporters, and each has a name of its own', () => {
    for (const { exporter, rules } of READY_RULES.slice(0, 8)) {
      expect(rules.length, exporter).toBeGreaterThanOrEqual(5);
      expect(rules.length, exporter).toBeLessThanOrEqual(10);
    }
    const names = READY_RULES.flatMap(({ rules }) => rules.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });

  it('say what metrics they read', () => {
    expect(metricNames('rate(a[5m]) / on (x) b > avg_over_time((c)[1h:1m]) unless d == 1')).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
    expect(READY_RULES.flatMap(({ rules }) => rules).filter(({ expr }) => metricNames(expr).length === 0)).toEqual([]);
  });
});
