import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMissing } from './file-pattern.ts';

export type SavedConfiguration =
  | { readonly ok: true }
  /** Somebody else changed the file since it was read; `currentText` is what it says now (null: it is gone). */
  | { readonly ok: false; readonly reason: 'conflict'; readonly message: string; readonly currentText: string | null };

/**
 * Replace a file as a whole: a reader sees the old text or the new one, and after a power failure one of them is there.
 * A symbolic link stays one, and the file keeps its permissions.
 *
 * @param previousText what the change was made from; null for a file that must not exist yet
 */
export async function saveConfiguration(
  file: string,
  text: string,
  previousText: string | null,
): Promise<SavedConfiguration> {
  const currentText = await readOrNull(file);
  if (currentText !== previousText) {
    const message = `The file ${file} was changed by another program; load it again before saving.`;
    return { ok: false, reason: 'conflict', message, currentText };
  }
  const target = currentText === null ? file : await realpath(file);
  const mode = currentText === null ? 0o600 : (await stat(target)).mode & 0o777;
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.chmod(mode);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return { ok: true };
}

/** The text of a file; null when there is none. */
export async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
