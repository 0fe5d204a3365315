import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ExitCode } from './output.ts';

/** `vedette` without a command: start the desktop application and wait for its end. */
export async function desktopCommand(starter: string): Promise<ExitCode> {
  const child = spawn(process.execPath, [starter], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0 ? 0 : 1;
}
