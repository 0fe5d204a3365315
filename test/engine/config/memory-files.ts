import { dirname, basename } from 'node:path';
import type { ConfigFiles } from '../../../electron/engine/config/file-pattern.ts';
import { loadConfiguration } from '../../../electron/engine/config/load-configuration.ts';
import type { LoadedConfiguration, LoadOptions } from '../../../electron/engine/config/load-configuration.ts';
import type { Configuration } from '../../../electron/engine/config/configuration.ts';
import type { Problem } from '../../../electron/engine/config/problem.ts';

/** A file system of these texts alone, by absolute path. */
export function memoryFiles(texts: Readonly<Record<string, string>>): ConfigFiles {
  return {
    read: (path) => Promise.resolve(texts[path] ?? null),
    list: (directory) =>
      Promise.resolve(
        Object.keys(texts)
          .filter((path) => dirname(path) === directory)
          .map((path) => basename(path)),
      ),
    exists: (path) => Promise.resolve(path in texts),
  };
}

/** Load `/etc/vedette.yml` with this text, beside the other files. */
export function load(
  text: string,
  others: Readonly<Record<string, string>> = {},
  options: Partial<LoadOptions> = {},
): Promise<LoadedConfiguration> {
  const files = memoryFiles({ '/etc/vedette.yml': text, ...others });
  return loadConfiguration({ file: '/etc/vedette.yml', environment: {}, files, ...options });
}

export async function loadValue(
  text: string,
  others: Readonly<Record<string, string>> = {},
  options: Partial<LoadOptions> = {},
): Promise<Configuration> {
  const loaded = await load(text, others, options);
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => problem.message).join('\n'));
  return loaded.value;
}

export async function loadProblems(
  text: string,
  others: Readonly<Record<string, string>> = {},
  options: Partial<LoadOptions> = {},
): Promise<readonly Problem[]> {
  const loaded = await load(text, others, options);
  return loaded.ok ? [] : loaded.problems;
}

/** `file:line:column message`, with the base name of the file. */
export function brief(problems: readonly Problem[]): string[] {
  return problems.map(
    ({ file, line, column, message }) => `${basename(file)}:${String(line)}:${String(column)} ${message}`,
  );
}
