import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileTemplate, RULE_PREFIX } from '../../electron/engine/alert/template/index.ts';
import { checkFiles } from '../../electron/engine/config/check-files.ts';
import type { CheckPorts } from '../../electron/engine/config/check-files.ts';
import { DEFAULT_RULES } from '../../electron/engine/config/default-rules.ts';
import { loadConfiguration } from '../../electron/engine/config/load-configuration.ts';
import { loadRuleFile } from '../../electron/engine/config/load-rule-file.ts';
import {
  parseClassicMatchers,
  parseMatchers,
  parseNewerMatchers,
} from '../../electron/engine/config/parse-matchers.ts';
import type { MatcherReading } from '../../electron/engine/config/parse-matchers.ts';
import { parsePromql } from '../../electron/engine/query/promql/index.ts';

const ROOT = '../shared/conformance';
const EXAMPLES = '../shared/examples';

const ports: CheckPorts = {
  environment: { TEST: 'value' },
  checkExpression: (text) => {
    const parsed = parsePromql(text);
    return parsed.ok ? null : parsed.problem;
  },
  checkTemplate: (text) => {
    const compiled = compileTemplate('rule', text, RULE_PREFIX);
    return compiled.ok ? null : compiled.problem;
  },
};

function filesIn(folder: string, ending: RegExp): string[] {
  if (!existsSync(folder)) throw new Error(`${folder} is missing: run this beside the conformance data.`);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .toSorted();
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

describe('configuration files of Prometheus', () => {
  const folder = join(ROOT, 'config');

  it('are refused with line and column when they are bad', async () => {
    const bad = filesIn(folder, /^[^/]*\.bad\.yml$/);
    const missed: string[] = [];
    for (const name of bad) {
      const loaded = await loadConfiguration({ ...ports, file: join(folder, name) });
      const isPlaced = !loaded.ok && loaded.problems.every(({ line, column }) => line > 0 && column > 0);
      if (!isPlaced) missed.push(name);
    }
    expect(missed).toEqual([]);
    expect(bad).toHaveLength(70);
  });

  it('are accepted when they are good', async () => {
    const good = filesIn(folder, /^[^/]*(?<!\.bad)\.yml$/);
    const refused: string[] = [];
    for (const name of good) {
      const loaded = await loadConfiguration({ ...ports, file: join(folder, name) });
      if (!loaded.ok) refused.push(name, ...loaded.problems.map(({ message }) => message));
    }
    expect(refused).toEqual([]);
    expect(good).toHaveLength(39);
  });
});

describe('rule files', () => {
  it('of rulefmt are refused with the words of Prometheus, or accepted', () => {
    const cases = json('rulefmt/rulefmt.json') as { file: string; errorContains: string | null }[];
    // Prometheus says "field annotation not found"; the answer here names the key and the nearest one that exists.
    const otherWords: Readonly<Record<string, string>> = { 'bad_field.bad.yaml': 'Unknown key "annotation"' };
    const failed = cases.filter(({ file, errorContains }) => {
      const text = readFileSync(join(ROOT, 'rulefmt/files', file), 'utf8');
      const nameScheme = file.startsWith('legacy_') ? 'legacy' : 'utf8';
      const loaded = loadRuleFile(text, file, { ...ports, nameScheme });
      if (errorContains === null || loaded.ok) return (errorContains === null) !== loaded.ok;
      const wanted = otherWords[file] ?? errorContains;
      return !loaded.problems.some(({ message, line }) => message.includes(wanted) && line > 0);
    });
    expect(failed).toEqual([]);
    expect(cases).toHaveLength(16);
  });

  it('that people share are accepted', async () => {
    const folder = join(ROOT, 'awesome-rules');
    const names = filesIn(folder, /^dist\/.*\.ya?ml$/);
    const checked = await checkFiles(
      'rules',
      names.map((name) => join(folder, name)),
      ports,
    );
    const refused = checked
      .filter(({ ok }) => !ok)
      .flatMap(({ file, problems }) => [
        file,
        ...problems.map((problem) => `${String(problem.line)}: ${problem.message}`),
      ]);
    expect(refused).toEqual([]);
    expect(checked.reduce((sum, { counts }) => sum + (counts['rules'] ?? 0), 0)).toBeGreaterThan(900);
  });

  it('that are built in are right', () => {
    expect(loadRuleFile(DEFAULT_RULES, '', ports)).toMatchObject({ ok: true, warnings: [] });
  });
});

describe('configuration of Alertmanager', () => {
  it('is accepted or refused as by Alertmanager', async () => {
    const inline = json('alertmanager/cases/config-inline.json') as {
      test: string;
      yaml: string;
      error: string | null;
    }[];
    const files = json('alertmanager/cases/config-files.json') as { file: string; error: string | null }[];
    const cases = [
      ...inline.map(({ test, yaml, error }) => ({ name: test, text: yaml, error })),
      ...files.map(({ file, error }) => ({
        name: file,
        text: readFileSync(join(ROOT, 'alertmanager', file), 'utf8'),
        error,
      })),
    ];
    const wrong: string[] = [];
    for (const { name, text, error } of cases) {
      const [checked] = await checkFiles('alertmanager', ['/am.yml'], {
        ...ports,
        readFile: () => Promise.resolve(text),
      });
      if (checked?.ok !== (error === null)) wrong.push(name);
    }
    expect(wrong).toEqual([]);
    expect(cases).toHaveLength(76);
  });

  it.each([
    ['utf8_list', parseNewerMatchers, 45],
    ['utf8_single', parseNewerMatchers, 31],
    ['classic_list', parseClassicMatchers, 53],
    ['compliance_both', parseMatchers, 54],
  ] as const)('reads the matchers of %s', (key, parse: (text: string) => MatcherReading, count) => {
    interface Case {
      readonly input: string;
      readonly want: readonly { name: string; op: string; value: string }[] | null;
      readonly error: string | null;
    }
    const cases = (json('alertmanager/cases/matchers.json') as Record<string, readonly Case[]>)[key] ?? [];
    const wrong = cases.filter(({ input, want, error }) => {
      const reading = parse(input);
      // One matcher alone is asked for by the command line only; here a list may be empty or longer.
      if (error !== null) return key === 'utf8_single' ? reading.ok && reading.value.length === 1 : reading.ok;
      const found = reading.ok
        ? reading.value.map(({ name, operator, value }) => ({ name, op: operator, value }))
        : null;
      return JSON.stringify(found) !== JSON.stringify(want);
    });
    expect(wrong).toEqual([]);
    expect(cases).toHaveLength(count);
  });
});

describe('the files of the owner', () => {
  it.each([
    ['config', 'prometheus.yml'],
    ['config', 'monitoring_config.json'],
    ['rules', 'alert_rules.yml'],
    ['rules', 'alerting-rules-1688sync.yml'],
    ['alertmanager', 'alertmanager.yml'],
  ] as const)('%s %s loads', async (kind, name) => {
    const [checked] = await checkFiles(kind, [join(EXAMPLES, name)], ports);
    expect(checked?.problems).toEqual([]);
    expect(checked?.ok).toBe(true);
  });
});
