import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadConfiguration, printConfiguration, saveConfiguration, type Problem } from '../config/index.ts';
import type { EngineParts } from '../engine-parts.ts';
import { languageChecks } from '../language-checks.ts';
import { contractOf, wireProblem } from './implementer.ts';

export function configCalls(parts: EngineParts) {
  const { config } = contractOf;
  const { configuration } = parts;

  /** Only what the configuration consists of can be read or written here, whatever path is asked for. */
  const ownFile = (path: string): string | null =>
    configuration.current().watchedFiles.find((file) => file === resolve(path) && !isPattern(file)) ?? null;

  /** The problems that the whole configuration would have with this text in place of the file. */
  async function problemsWith(path: string, text: string): Promise<readonly Problem[]> {
    const loaded = await loadConfiguration({
      file: configuration.current().file,
      environment: process.env,
      ...languageChecks,
      readFile: (file) => (resolve(file) === path ? Promise.resolve(text) : readFile(file, 'utf8')),
    });
    return loaded.ok ? [] : loaded.problems;
  }

  return {
    files: config.files.handler(async () => {
      const { file, watchedFiles } = configuration.current();
      const files = watchedFiles.filter((path) => !isPattern(path));
      return Promise.all(
        files.map(async (path) => ({
          path,
          kind:
            path === file
              ? ('main' as const)
              : /alertmanager/i.test(path)
                ? ('alertmanager' as const)
                : ('rules' as const),
          writable: await isWritable(path),
        })),
      );
    }),
    readFile: config.readFile.handler(async ({ input, errors }) => {
      const path = ownFile(input.path);
      if (path === null) throw errors.NOT_FOUND({ message: `${input.path} is not a file of the configuration.` });
      return { path, text: await readFile(path, 'utf8') };
    }),
    effective: config.effective.handler(() => ({ text: printConfiguration(configuration.loaded()) })),
    checkFile: config.checkFile.handler(async ({ input, errors }) => {
      const path = ownFile(input.path);
      if (path === null) throw errors.NOT_FOUND({ message: `${input.path} is not a file of the configuration.` });
      return { problems: (await problemsWith(path, input.text)).map(wireProblem) };
    }),
    saveFile: config.saveFile.handler(async ({ input, errors }) => {
      const path = ownFile(input.path);
      if (path === null) throw errors.NOT_FOUND({ message: `${input.path} is not a file of the configuration.` });
      const problems = await problemsWith(path, input.text);
      if (problems.length > 0) throw errors.BAD_CONFIG({ data: { problems: problems.map(wireProblem) } });
      const saved = await saveConfiguration(path, input.text, input.previousText);
      if (!saved.ok) throw errors.CONFLICT({ message: saved.message });
      await configuration.reload();
      return { loadedAt: configuration.loadedAt() };
    }),
  };
}

function isPattern(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
