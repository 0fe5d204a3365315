import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { runScript, type CaseResult } from '../engine/query/promqltest/index.ts';
import { systemClock } from '../engine/schedule/clock.ts';
import type { ExitCode, Output } from './output.ts';

interface ScriptReport {
  readonly name: string;
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly CaseResult[];
}

/** `vedette test promql FILE…`: run scripts in the language of Prometheus's promqltest; a line for each file. */
export async function testPromqlCommand(files: readonly string[], json: boolean, output: Output): Promise<ExitCode> {
  const reports: ScriptReport[] = [];
  for (const file of files) {
    const report = await runFile(file);
    reports.push(report);
    if (!json) printReport(report, output);
  }
  if (json) output.out(`${JSON.stringify(reports, null, 2)}\n`);
  return reports.every(({ failed }) => failed === 0) ? 0 : 1;
}

async function runFile(file: string): Promise<ScriptReport> {
  const cases = await runScript(await readFile(file, 'utf8'), { clock: systemClock });
  const failures = cases.filter(({ problem }) => problem !== null);
  const passed = cases.length - failures.length;
  return { name: basename(file), file, passed, failed: failures.length, failures };
}

function printReport({ name, passed, failed, failures }: ScriptReport, output: Output): void {
  output.out(`${name}: ${String(passed)} passed, ${String(failed)} failed\n`);
  for (const { line, query, problem } of failures) {
    output.out(`  line ${String(line)}: ${query === '' ? '' : `${query}: `}${problem ?? ''}\n`);
  }
}
