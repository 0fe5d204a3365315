import { glob, lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Rotated logs that were packed: their lines were read before. */
const PACKED = /\.(?:gz|bz2|xz|zst|lz4|br|zip|7z|tgz)$/i;
const WILDCARD = /[*?[{]/;

/** The paths that patterns stand for, sorted, each once. What can't be listed is left out, as what is not there. */
export async function findFiles(patterns: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (WILDCARD.test(pattern)) for await (const path of glob(pattern)) found.add(path);
    else if (await exists(pattern)) found.add(pattern);
  }
  return [...found].filter((path) => !PACKED.test(path)).sort();
}

/** The file and those beside it whose names begin as its own does: where log rotation puts the old ones. */
export async function findRotated(path: string): Promise<string[]> {
  const directory = dirname(path);
  const name = basename(path);
  // `app.log` becomes `app.log.1` or `app-20260102.log`.
  const stem = name.replace(/\.[^.]*$/, '');
  try {
    const names = await readdir(directory);
    return names
      .filter((other) => other.startsWith(stem) && !PACKED.test(other))
      .map((other) => join(directory, other));
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** The folders to watch for patterns: the parts before the first wildcard. */
export function foldersOf(patterns: readonly string[]): string[] {
  const folders = patterns.map((pattern) => {
    const wildcard = pattern.search(WILDCARD);
    return wildcard < 0 ? dirname(pattern) : dirname(`${pattern.slice(0, wildcard)}x`);
  });
  return [...new Set(folders)];
}

export function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
