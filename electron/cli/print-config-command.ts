import { homedir } from 'node:os';
import { defaultConfigFile, formatProblem, loadConfiguration, printConfiguration } from '../engine/config/index.ts';
import { languageChecks } from '../engine/language-checks.ts';
import type { ExitCode, Output } from './output.ts';

/** `vedette config print`: the configuration with every default filled in, each value with where it came from. */
export async function printConfigCommand(
  file: string | null,
  overrides: Readonly<Record<string, string>>,
  output: Output,
): Promise<ExitCode> {
  const loaded = await loadConfiguration({
    file: file ?? defaultConfigFile(process.env, process.platform, homedir()),
    overrides,
    environment: process.env,
    ...languageChecks,
  });
  for (const warning of loaded.warnings) output.err(`warning: ${formatProblem(warning)}\n`);
  if (!loaded.ok) {
    for (const problem of loaded.problems) output.err(`${formatProblem(problem)}\n`);
    return 1;
  }
  output.out(printConfiguration(loaded));
  return 0;
}
