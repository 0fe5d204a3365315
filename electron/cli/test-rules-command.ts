import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { testRuleFile, type RuleTestReport } from '../engine/alert/rule-tests/index.ts';
import { nodeConfigFiles } from '../engine/config/file-pattern.ts';
import { languageChecksWith } from '../engine/language-checks.ts';
import type { PromqlFeature } from '../engine/query/promql/index.ts';
import { systemClock } from '../engine/schedule/clock.ts';
import type { ExitCode, Output } from './output.ts';

export interface TestRulesOptions {
  /** Regular expressions; only tests whose names one of them finds are run. */
  readonly run?: readonly string[];
  readonly ignoreUnknownFields?: boolean;
  /** Names of experimental parts of PromQL, as Prometheus's `--enable-feature` has them. */
  readonly enableFeature?: readonly PromqlFeature[];
  readonly json?: boolean;
}

/** `vedette test rules FILE…`: run unit tests of rules. Says what promtool says: the results on out, what failed on err. */
export async function testRulesCommand(
  files: readonly string[],
  options: TestRulesOptions,
  output: Output,
): Promise<ExitCode> {
  const features = new Set(options.enableFeature);
  const ports = {
    ...languageChecksWith(features),
    features,
    files: nodeConfigFiles((path) => readFile(path, 'utf8')),
    clock: systemClock,
    only: (options.run ?? []).map((pattern) => new RegExp(pattern)),
    ignoresUnknownKeys: options.ignoreUnknownFields === true,
  };
  const reports: (RuleTestReport & { readonly file: string })[] = [];
  for (const file of files) {
    if (options.json !== true) output.out(`Unit Testing:  ${file}\n`);
    const report = await testRuleFile(resolve(file), ports);
    reports.push({ file, ...report });
    if (options.json !== true) printReport(report, output);
  }
  if (options.json === true) output.out(`${JSON.stringify(reports, null, 2)}\n`);
  return reports.every(({ ok }) => ok) ? 0 : 1;
}

function printReport({ ok, problems, warnings }: RuleTestReport, output: Output): void {
  for (const warning of warnings) output.err(`  WARNING: ${warning}\n`);
  if (ok) output.out('  SUCCESS\n');
  else {
    output.err('  FAILED:\n');
    for (const problem of problems) {
      output.err(`${problem}\n`);
      output.out('\n');
    }
  }
  output.out('\n');
}
