import { readFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import { checkExposition, type ExpositionFormat, type ExpositionReport } from '../engine/collect/scrape/index.ts';
import type { ExitCode, Output } from './output.ts';

export interface CheckMetricsOptions {
  readonly json?: boolean;
  /** Told by the end of the text where it is left out. */
  readonly format?: ExpositionFormat;
}

/**
 * `vedette check metrics [FILE…]`: what is wrong with an exposition, and which of its names are against the habits; of
 * `input` where no file, or `-`, is named.
 */
export async function checkMetricsCommand(
  files: readonly string[],
  { json, format }: CheckMetricsOptions,
  input: NodeJS.ReadableStream,
  output: Output,
): Promise<ExitCode> {
  const reports: (ExpositionReport & { readonly file: string; readonly ok: boolean })[] = [];
  for (const file of files.length === 0 ? ['-'] : files) {
    const report = checkExposition(
      file === '-' ? await readStream(input) : await readFile(file, 'utf8'),
      format ?? null,
    );
    reports.push({ file, ok: report.problem === null && report.advice.length === 0, ...report });
  }
  if (json === true) output.out(`${JSON.stringify(reports, null, 2)}\n`);
  else for (const report of reports) printReport(report.file === '-' ? 'stdin' : report.file, report, output);
  return reports.every(({ ok }) => ok) ? 0 : 1;
}

function printReport(name: string, { problem, advice, metrics }: ExpositionReport, output: Output): void {
  if (problem !== null) output.err(`${name}:${String(problem.line)}: ${problem.message}\n`);
  for (const { metric, message } of advice) output.err(`${metric} ${message}\n`);
  if (problem === null && advice.length === 0) output.out(`${name}: ok (${String(metrics)} metrics)\n`);
}
