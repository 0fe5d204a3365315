import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../schedule/clock.ts';
import { expandPattern, isMissing } from './file-pattern.ts';

export interface WatchOptions {
  /** Absolute paths and patterns, as `Configuration.watchedFiles` has them. */
  readonly files: readonly string[];
  readonly clock: Clock;
  /** Called once for changes that come together. */
  readonly onChange: () => void;
  /** How long the files must be quiet; an editor writes in several steps. */
  readonly debounceMs?: number;
  /** How often to look where the system sends no events, as on network file systems. */
  readonly pollMs?: number;
}

/**
 * Call back when one of the files changes, appears or goes.
 *
 * Directories are watched rather than files, since editors replace a file by renaming another over it, which ends a
 * watch on the file itself. An event only makes it look: what counts is whether a file is another one or newer.
 *
 * @returns the disposer; nothing is called after it
 */
export function watchConfiguration(options: WatchOptions): () => void {
  const { files, clock, onChange, debounceMs = 200, pollMs = 5000 } = options;
  let isStopped = false;
  let cancelDebounce: (() => void) | null = null;
  let cancelPoll: (() => void) | null = null;
  let known: Promise<string> = fingerprint(files);

  const look = (): void => {
    const before = known;
    known = fingerprint(files);
    void Promise.all([before, known]).then(([old, current]) => {
      if (!isStopped && old !== current) onChange();
    });
  };
  const soon = (): void => {
    cancelDebounce?.();
    cancelDebounce = clock.after(debounceMs, look);
  };
  const poll = (): void => {
    cancelPoll = clock.after(pollMs, () => {
      // Events may be under way; then the quiet time decides when to look.
      soon();
      poll();
    });
  };

  const watchers = [...new Set(files.map((file) => dirname(file)))].flatMap((directory) =>
    watchDirectory(directory, soon),
  );
  poll();
  return () => {
    isStopped = true;
    cancelDebounce?.();
    cancelPoll?.();
    for (const watcher of watchers) watcher.close();
  };
}

const OWN_DATABASE = /\.db(?:-wal|-shm|-journal)?$/;

/** A directory that cannot be watched is left to polling. */
function watchDirectory(directory: string, onEvent: () => void): FSWatcher[] {
  try {
    const watcher = watch(directory, { persistent: false }, (_event, name) => {
      // Where configuration and data share a directory, our own databases write to it all the time.
      if (name === null || !OWN_DATABASE.test(name)) onEvent();
    });
    watcher.on('error', () => {
      watcher.close();
    });
    return [watcher];
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}

/** Equal exactly while every file is the same one, unchanged; what cannot be looked at counts as missing. */
async function fingerprint(files: readonly string[]): Promise<string> {
  const paths = await Promise.all(files.map((file) => expandPattern(file, DISK)));
  const unique = [...new Set(paths.flat())].toSorted();
  return (await Promise.all(unique.map(describeFile))).join('\n');
}

async function describeFile(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return `${path} ${String(ino)} ${String(size)} ${String(mtimeMs)}`;
  } catch (error) {
    if (isMissing(error) || isDenied(error)) return path;
    throw error;
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EACCES';
}

const DISK = {
  exists: () => Promise.resolve(true),
  list: async (directory: string): Promise<readonly string[]> => {
    try {
      return await readdir(directory);
    } catch (error) {
      if (isMissing(error) || isDenied(error)) return [];
      throw error;
    }
  },
};
