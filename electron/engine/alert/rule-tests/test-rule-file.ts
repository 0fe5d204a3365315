import { dirname } from 'node:path';
import type { RuleGroupConfig } from '../../config/configuration.ts';
import { expandPattern, resolveBeside, type ConfigFiles } from '../../config/file-pattern.ts';
import { loadRuleFile, type LanguageChecks } from '../../config/load-rule-file.ts';
import { loadRuleTestFile } from '../../config/load-rule-test-file.ts';
import { formatProblem } from '../../config/problem.ts';
import type { PromqlFeature } from '../../query/promql/index.ts';
import type { Clock } from '../../schedule/clock.ts';
import { runRuleTest } from './run-rule-test.ts';

export interface RuleTestPorts extends LanguageChecks {
  readonly files: ConfigFiles;
  readonly clock: Clock;
  /** Only tests whose names one of these finds; all when there is none. */
  readonly only?: readonly RegExp[];
  readonly ignoresUnknownKeys?: boolean;
  readonly features?: ReadonlySet<PromqlFeature>;
}

/** How the tests of one file went. */
export interface RuleTestReport {
  readonly ok: boolean;
  /** How many tests ran. */
  readonly tests: number;
  /** What is wrong, in the words of promtool; a text may have several lines. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Run the tests of rules in one file, in the format of `promtool test rules`. `path` is absolute. */
export async function testRuleFile(path: string, ports: RuleTestPorts): Promise<RuleTestReport> {
  const text = await ports.files.read(path);
  if (text === null) return failed([`open ${path}: no such file or directory`]);
  const loaded = loadRuleTestFile(text, path);
  if (!loaded.ok) return failed(loaded.problems.map(formatProblem));
  const file = loaded.value;
  const rules = await loadRules(path, file.ruleFiles, file.evaluationIntervalMs, ports);
  const chosen = file.tests.filter(({ name }) => {
    return ports.only === undefined || ports.only.length === 0 || ports.only.some((pattern) => pattern.test(name));
  });
  if (rules.problems.length > 0) {
    // Without a test nothing needs the rules.
    return { ...failed(chosen.length === 0 ? [] : rules.problems), ok: chosen.length === 0, warnings: rules.warnings };
  }
  const rank = ({ name }: RuleGroupConfig): number => Math.max(0, file.groupOrder.indexOf(name));
  const options = {
    groups: rules.groups.toSorted((a, b) => rank(a) - rank(b)),
    evaluationIntervalMs: file.evaluationIntervalMs,
    isFuzzy: file.isFuzzy,
    features: ports.features ?? new Set(),
    clock: ports.clock,
  };
  const problems: string[] = [];
  for (const test of chosen) problems.push(...(await runRuleTest(test, options)));
  return { ok: problems.length === 0, tests: chosen.length, problems, warnings: rules.warnings };
}

function failed(problems: readonly string[]): RuleTestReport {
  return { ok: false, tests: 0, problems, warnings: [] };
}

interface LoadedRules {
  readonly groups: readonly RuleGroupConfig[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

async function loadRules(
  path: string,
  patterns: readonly string[],
  defaultIntervalMs: number,
  ports: RuleTestPorts,
): Promise<LoadedRules> {
  const groups: RuleGroupConfig[] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const pattern of patterns.map((relative) => resolveBeside(dirname(path), relative))) {
    const found = await expandPattern(pattern, ports.files);
    if (found.length === 0) warnings.push(`no file match pattern ${pattern}`);
    for (const ruleFile of found) {
      const loaded = loadRuleFile((await ports.files.read(ruleFile)) ?? '', ruleFile, { ...ports, defaultIntervalMs });
      if (loaded.ok) groups.push(...loaded.value);
      else problems.push(...loaded.problems.map(formatProblem));
    }
  }
  return { groups, problems, warnings };
}
