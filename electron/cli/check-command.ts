import { checkFiles, formatProblem, type CheckedFile, type CheckedKind } from '../engine/config/index.ts';
import { languageChecksWith } from '../engine/language-checks.ts';
import type { PromqlFeature } from '../engine/query/promql/index.ts';
import type { ExitCode, Output } from './output.ts';

export interface CheckOptions {
  readonly json?: boolean;
  /** Names of experimental parts of PromQL, as Prometheus's `--enable-feature` has them. */
  readonly enableFeature?: readonly PromqlFeature[];
}

/** `vedette check config|rules|alertmanager|blackbox FILE…`: every problem of every file; exit code 1 when there is one. */
export async function checkCommand(
  kind: CheckedKind,
  files: readonly string[],
  { json, enableFeature }: CheckOptions,
  output: Output,
): Promise<ExitCode> {
  const checks = languageChecksWith(new Set(enableFeature));
  const results = await checkFiles(kind, files, { environment: process.env, ...checks });
  if (json === true) output.out(`${JSON.stringify(results, null, 2)}\n`);
  else for (const result of results) printResult(result, output);
  return results.every(({ ok }) => ok) ? 0 : 1;
}

function printResult({ file, ok, problems, warnings, counts }: CheckedFile, output: Output): void {
  for (const warning of warnings) output.err(`warning: ${formatProblem(warning)}\n`);
  for (const problem of problems) output.err(`${formatProblem(problem)}\n`);
  const what = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) =>
      counted(
        count,
        name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
      ),
    )
    .join(', ');
  output.out(
    ok ? `${file}: ok${what === '' ? '' : ` (${what})`}\n` : `${file}: ${counted(problems.length, 'problems')}\n`,
  );
}

/** `1 rule`, `2 rules`. @param plural ends in a plain s */
function counted(count: number, plural: string): string {
  return `${count} ${count === 1 ? plural.slice(0, -1) : plural}`;
}
