import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';

const TICK_MS = 10;

/** A program under measurement. */
export interface Measured {
  readonly child: ChildProcess;
  /** The part of its output that the pattern of the start asked for. */
  readonly ready: string;
  stop(): Promise<void>;
}

/** Start a program and wait for words of its output that say that it is ready. */
export async function startProgram(
  command: string,
  args: readonly string[],
  isReady: RegExp,
  options: SpawnOptions = {},
): Promise<Measured> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = await new Promise<string>((resolve, reject) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        if (output.length < 100_000) output += chunk.toString();
        const found = isReady.exec(output);
        if (found !== null) resolve(found[1] ?? '');
      });
    }
    child.once('error', reject);
    void ended.then(() => {
      reject(new Error(`${command} ended before it was ready:\n${output}`));
    });
  });
  return {
    child,
    ready,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** User and system time of a process so far. Source: proc(5), fields 14 and 15 of /proc/N/stat. */
export function cpuMsOf({ child }: Measured): number {
  const stat = readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

export function residentBytesOf({ child }: Measured): number {
  const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
