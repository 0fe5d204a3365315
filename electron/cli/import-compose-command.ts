import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { addCheckEntry, formatProblem, importCompose, saveConfiguration } from '../engine/config/index.ts';
import type { ImportedCheck } from '../engine/config/index.ts';
import type { ExitCode, Output } from './output.ts';

export interface ImportComposeOptions {
  /** The main file to add the checks to; they are printed when it is left out. */
  readonly into?: string;
}

/** `vedette import compose FILE`: the health checks of a compose file as checks. Notes go to standard error. */
export async function importComposeCommand(
  file: string,
  { into }: ImportComposeOptions,
  output: Output,
): Promise<ExitCode> {
  const path = resolve(file);
  const imported = importCompose(await readFile(path, 'utf8'), path);
  if (!imported.ok) {
    for (const problem of imported.problems) output.err(`${formatProblem(problem)}\n`);
    return 1;
  }
  for (const note of imported.notes) output.err(`${note}\n`);
  if (into === undefined) {
    output.out(asYaml(imported.checks));
    return 0;
  }
  return addTo(resolve(into), imported.checks, output);
}

function asYaml(checks: readonly ImportedCheck[]): string {
  if (checks.length === 0) return 'checks: []\n';
  const entries = checks.map(({ entry, notes }) => {
    const comments = notes.map((note) => `  # ${note}\n`).join('');
    const lines = stringify([entry], { lineWidth: 0 }).trimEnd();
    return `${comments}${lines.replaceAll(/^/gm, '  ')}\n`;
  });
  return `checks:\n${entries.join('')}`;
}

/** All or none are added; comments and order of the file stay. */
async function addTo(file: string, checks: readonly ImportedCheck[], output: Output): Promise<ExitCode> {
  const before = await readFile(file, 'utf8');
  let text = before;
  for (const { entry, notes } of checks) {
    const edited = addCheckEntry(text, entry);
    if (!edited.ok) {
      for (const problem of edited.problems) output.err(`${formatProblem({ ...problem, file })}\n`);
      return 1;
    }
    text = edited.text;
    for (const note of notes) output.err(`${entry.name}: ${note}\n`);
  }
  const saved = await saveConfiguration(file, text, before);
  if (!saved.ok) {
    output.err(`${saved.message}\n`);
    return 1;
  }
  output.out(`Added to ${file}: ${checks.map(({ entry }) => entry.name).join(', ')}.\n`);
  return 0;
}
