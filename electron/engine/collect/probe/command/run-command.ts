import { spawn } from 'node:child_process';
import { killGroup, OWN_GROUP } from './kill-group.ts';

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
      ...OWN_GROUP,
    });
    const output = collect(child.stdout);
    const errorOutput = collect(child.stderr);
    const kill = (): void => {
      killGroup(child);
      // What left the group may still hold the pipes.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    options.signal.addEventListener('abort', kill, { once: true });
    if (options.signal.aborted) kill();
    const done = (): void => {
      options.signal.removeEventListener('abort', kill);
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
