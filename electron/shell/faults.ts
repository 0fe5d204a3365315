import { app, dialog } from 'electron';
import type { Log } from '../engine/log.ts';

/**
 * Log what nobody caught and show it, once: a fault that repeats every second must not stack up dialogs. The application
 * goes on, because a monitor that has ended tells nothing.
 */
export function reportFaults(log: Log): void {
  let isShown = false;
  const report = (cause: unknown): void => {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    log('error', `Something failed that should not: ${error.message}`, { stack: error.stack ?? '' });
    if (isShown || !app.isReady()) return;
    isShown = true;
    // The box that does not wait: the engine works on while it is open.
    void dialog.showMessageBox({ type: 'error', title: 'Vedette', message: error.message, detail: error.stack ?? '' });
  };
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log('error', 'The window died and is loaded again.', { reason, exitCode });
    contents.reload();
  });
}

/** The program cannot run: say everything that is wrong, and end. */
export function refuseToStart(title: string, problems: readonly string[]): void {
  dialog.showErrorBox(title, problems.join('\n\n'));
  app.exit(1);
}
