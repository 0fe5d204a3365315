import { spawn } from 'node:child_process';

export interface CommandRun {
  /** Null when it was ended by a signal. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errorOutput: string;
}

const MOST_OUTPUT_BYTES = 64 * 1024;

/**
 * Run a program without a shell, in a process group of its own, so that what it started ends with it when the time is up.
 *
 * Rejects with the system's error when it cannot be started.
 */
export function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  options: {
    readonly environment: Readonly<Record<string, string>>;
    readonly directory: string;
    readonly signal: AbortSignal;
  },
): Promise<CommandRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.directory,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own; on Windows it would open a window.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const output = collect(child.stdout);
    const errorOutput = collect(child.stderr);
    const killGroup = (): void => {
      if (child.pid === undefined) return;
      try {
        if (process.platform === 'win32') child.kill('SIGKILL');
        else process.kill(-child.pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
      // What left the group may still hold the pipes.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    options.signal.addEventListener('abort', killGroup, { once: true });
    if (options.signal.aborted) killGroup();
    const done = (): void => {
      options.signal.removeEventListener('abort', killGroup);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('close', (exitCode, signal) => {
      done();
      resolve({ exitCode, signal, output: output(), errorOutput: errorOutput() });
    });
  });
}

/** Keep the beginning of what is written; the rest is read and dropped, so that the writer does not wait. */
function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (sizeBytes < MOST_OUTPUT_BYTES) chunks.push(chunk.subarray(0, MOST_OUTPUT_BYTES - sizeBytes));
    sizeBytes += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
