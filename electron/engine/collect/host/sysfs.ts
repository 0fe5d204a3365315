import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** Text of a small file without the line end; null when it is missing or refuses, as many sensors do now and then. */
export async function readAttribute(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trimEnd();
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/**
 * As {@link readAttribute}, but at once: a tenth of the CPU of the way through the thread pool. Only for files that the
 * kernel answers from memory; a sensor or a disk may let its reader wait.
 */
export function readAttributeNow(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/** A number in a small file; null when there is none. */
export async function readNumber(path: string): Promise<number | null> {
  const text = await readAttribute(path);
  return text === null || !/^-?\d+$/.test(text) ? null : Number(text);
}

/** Names in a directory, sorted; none when it does not exist. */
export async function listDirectory(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}
