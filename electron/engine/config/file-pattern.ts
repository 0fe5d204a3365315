import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** What the configuration needs of the file system; a test gives its own. */
export interface ConfigFiles {
  /** The text of a file, with a byte order mark removed; null when there is none. Other failures throw. */
  readonly read: (path: string) => Promise<string | null>;
  /** The names in a directory; empty when there is none. */
  readonly list: (directory: string) => Promise<readonly string[]>;
  readonly exists: (path: string) => Promise<boolean>;
}

/** A `*` may stand in the last part of a path only. Source: Prometheus manual, `<rule_files>`. */
const PATTERN = /^[^*]*(?:\*[^/]*)?$/;

export function isFilePattern(text: string): boolean {
  return PATTERN.test(text);
}

export function hasWildcard(text: string): boolean {
  return /[*?[]/.test(text);
}

/** The absolute path or pattern of what a file names relative to itself. */
export function resolveBeside(directory: string, path: string): string {
  return isAbsolute(path) ? path : resolve(directory, path);
}

/** The files that an absolute pattern stands for, in order of their names; empty when nothing matches. */
export async function expandPattern(pattern: string, files: Pick<ConfigFiles, 'list' | 'exists'>): Promise<string[]> {
  const directory = dirname(pattern);
  const last = pattern.slice(directory.length).replace(/^[\\/]/, '');
  if (!hasWildcard(last)) return (await files.exists(pattern)) ? [pattern] : [];
  const matcher = globExpression(last);
  const names = await files.list(directory);
  return names
    .filter((name) => matcher.test(name))
    .toSorted()
    .map((name) => join(directory, name));
}

/** `*` and `?` as in a shell, `[a-z]` and `[^a-z]` classes, backslash escapes; a leading dot needs no dot (Go's rule). */
function globExpression(glob: string): RegExp {
  let source = '';
  for (let i = 0; i < glob.length; i += 1) {
    const char = glob.charAt(i);
    const close = char === '[' ? glob.indexOf(']', i + 2) : -1;
    if (char === '*') source += '.*';
    else if (char === '?') source += '.';
    else if (close > 0) {
      source += `[${glob.slice(i + 1, close).replaceAll('[', '\\[')}]`;
      i = close;
    } else {
      if (char === '\\' && i + 1 < glob.length) i += 1;
      source += glob.charAt(i).replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
    }
  }
  return new RegExp(`^${source}$`, 's');
}

export function nodeConfigFiles(readText: (path: string) => Promise<string>): ConfigFiles {
  return {
    read: async (path) => {
      try {
        return (await readText(path)).replace(/^\uFEFF/, '');
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    list: async (directory) => {
      try {
        return await readdir(directory);
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },
    exists: async (path) => {
      try {
        return (await stat(path)).isFile();
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
  };
}

export function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
