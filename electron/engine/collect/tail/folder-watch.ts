import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';

/**
 * Hear once that something changed in one of the folders. Only a hint that saves waiting: on network drives, or when the
 * system has no watches left, nothing is heard.
 *
 * @returns ends the watching; it ends by itself with the first call
 */
export function watchFoldersOnce(folders: readonly string[], onChange: () => void): () => void {
  const watchers: FSWatcher[] = [];
  const stop = (): void => {
    for (const watcher of watchers.splice(0)) watcher.close();
  };
  for (const folder of folders) {
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        // A busy log would give thousands of events a second.
        if (watchers.length === 0) return;
        stop();
        onChange();
      });
      watcher.on('error', () => {
        watcher.close();
      });
      watchers.push(watcher);
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
    }
  }
  return stop;
}
