import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  addRuleFile,
  addRules,
  type Configuration,
  loadConfiguration,
  loadRuleFile,
  type NewRule,
  type Problem,
  readOrNull,
  saveConfiguration,
} from './config/index.ts';
import { languageChecks } from './language-checks.ts';

export interface RulesToSave {
  readonly rules: readonly NewRule[];
  readonly group: string;
  /** null takes the first rule file, or makes one beside the main file. */
  readonly file: string | null;
}

export type SavedRules =
  | { readonly ok: true; readonly file: string }
  | { readonly ok: false; readonly reason: 'noFile' | 'notFound' | 'conflict'; readonly message: string }
  | { readonly ok: false; readonly reason: 'problems'; readonly problems: readonly Problem[] };

interface Edit {
  readonly path: string;
  readonly previous: string | null;
  readonly text: string;
}

/** Where rules go when there is no rule file yet. */
const OWN_FILE = 'rules.yml';

/**
 * Write rules into a rule file. What the configuration would be with them is checked as a whole before anything is
 * written; the caller has it read again.
 */
export async function saveRules(
  { rules, group, file }: RulesToSave,
  { file: main, ruleFiles, promqlFeatures }: Pick<Configuration, 'file' | 'ruleFiles' | 'promqlFeatures'>,
): Promise<SavedRules> {
  if (main === null) {
    return { ok: false, reason: 'noFile', message: 'The program runs without a configuration file to add to.' };
  }
  const wanted = file === null ? (ruleFiles[0] ?? null) : resolve(file);
  if (wanted !== null && !ruleFiles.includes(wanted)) {
    return { ok: false, reason: 'notFound', message: `${wanted} is not a rule file of the configuration.` };
  }
  const path = wanted ?? join(dirname(main), OWN_FILE);
  const previous = await readOrNull(path);
  const edited = addRules(previous ?? '', group, rules);
  if (!edited.ok)
    return { ok: false, reason: 'problems', problems: edited.problems.map((one) => ({ ...one, file: path })) };
  // A file that is not there yet is no part of what the configuration reads, so it is checked by itself.
  const checked = loadRuleFile(edited.text, path, { ...languageChecks, promqlFeatures });
  if (!checked.ok) return { ok: false, reason: 'problems', problems: checked.problems };
  const edits: Edit[] = [{ path, previous, text: edited.text }];
  if (wanted === null) {
    const mainText = await readFile(main, 'utf8');
    const named = addRuleFile(mainText, OWN_FILE);
    if (!named.ok)
      return { ok: false, reason: 'problems', problems: named.problems.map((one) => ({ ...one, file: main })) };
    edits.push({ path: main, previous: mainText, text: named.text });
  }
  const problems = await problemsWith(main, edits);
  if (problems.length > 0) return { ok: false, reason: 'problems', problems };
  // The main file comes last: it names the other one.
  for (const edit of edits) {
    if (edit.text === edit.previous) continue;
    const saved = await saveConfiguration(edit.path, edit.text, edit.previous);
    if (!saved.ok) return { ok: false, reason: 'conflict', message: saved.message };
  }
  return { ok: true, file: path };
}

async function problemsWith(main: string, edits: readonly Edit[]): Promise<readonly Problem[]> {
  const texts = new Map(edits.map(({ path, text }) => [path, text]));
  const loaded = await loadConfiguration({
    file: main,
    environment: process.env,
    ...languageChecks,
    readFile: (path) => {
      const text = texts.get(resolve(path));
      return text === undefined ? readFile(path, 'utf8') : Promise.resolve(text);
    },
  });
  return loaded.ok ? [] : loaded.problems;
}
