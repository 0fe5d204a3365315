import { app } from 'electron';
import type { Log } from '../engine/log.ts';
import type { Clock } from '../engine/schedule/clock.ts';

export interface QuitOptions {
  readonly log: Log;
  readonly clock: Pick<Clock, 'after'>;
  /** Quitting was asked for: from here on windows that close really close. */
  readonly beforeWindowsClose: () => void;
  /** Write what is held and let go of everything. */
  readonly stop: () => Promise<void>;
}

/** After this long something hangs, and history up to the last second is on disk anyway. */
const STOP_TIMEOUT_MS = 10_000;

/** Let the process end only when everything has stopped. */
export function quitInOrder({ log, clock, beforeWindowsClose, stop }: QuitOptions): void {
  let state: 'running' | 'stopping' | 'stopped' = 'running';
  app.on('before-quit', beforeWindowsClose);
  app.on('will-quit', (event) => {
    if (state === 'stopped') return;
    event.preventDefault();
    if (state === 'stopping') return;
    state = 'stopping';
    const cancelTimer = clock.after(STOP_TIMEOUT_MS, () => {
      log('error', `Stopping took longer than ${STOP_TIMEOUT_MS / 1000} s; the process ends now.`);
      app.exit(1);
    });
    stop()
      .catch((error: unknown) => {
        log('error', `Stopping failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      })
      .finally(() => {
        cancelTimer();
        state = 'stopped';
        app.quit();
      });
  });
}
