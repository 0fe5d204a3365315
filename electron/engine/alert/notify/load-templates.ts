import { glob, readFile } from 'node:fs/promises';
import type { Log } from '../../log.ts';
import { readTemplates, type TemplateFile, type TemplateSet } from '../template/notification-template.ts';
import { DEFAULT_TEMPLATES } from './default-templates.ts';

/** The defaults alone. */
export const PLAIN_TEMPLATES: TemplateSet = readOrThrow([DEFAULT_TEMPLATES]);

/**
 * The templates of the files over the defaults. A file that cannot be used is told about in the log and left out, so that
 * alerts are still told with the others.
 */
export async function loadTemplates(patterns: readonly string[], log: Log): Promise<TemplateSet> {
  const files: TemplateFile[] = [];
  for (const pattern of patterns) {
    const paths: string[] = [];
    for await (const path of glob(pattern)) paths.push(path);
    paths.sort();
    if (paths.length === 0) log('warn', `No file of templates is named ${pattern}.`);
    for (const path of paths) {
      try {
        const file = { name: path, text: await readFile(path, 'utf8') };
        const read = readTemplates([file]);
        if (read.ok) files.push(file);
        else
          log(
            'error',
            `The templates of ${path} are not used: ${read.problems.map(({ message }) => message).join('; ')}`,
          );
      } catch (error) {
        log(
          'error',
          `The templates of ${path} are not used: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
  return files.length === 0 ? PLAIN_TEMPLATES : readOrThrow([DEFAULT_TEMPLATES, ...files]);
}

function readOrThrow(files: readonly TemplateFile[]): TemplateSet {
  const read = readTemplates(files);
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('; '));
  return read.set;
}
