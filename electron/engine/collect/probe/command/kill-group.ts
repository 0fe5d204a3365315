import type { ChildProcess } from 'node:child_process';

/** How a program is started that {@link killGroup} can end: in a group of its own; on Windows that would open a window. */
export const OWN_GROUP = { detached: process.platform !== 'win32', windowsHide: true } as const;

/** End a program and all that it started. One that has ended already, or never began, is left alone. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
