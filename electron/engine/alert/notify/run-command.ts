import { spawn } from 'node:child_process';
import { killGroup, OWN_GROUP } from '../../collect/probe/command/kill-group.ts';
import type { SentChannelConfig } from '../../config/configuration.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { Verdict } from './webhook.ts';

export type CommandChannelConfig = Extract<SentChannelConfig, { kind: 'command' }>;

const TIMEOUT_MS = 30_000;
const MOST_OUTPUT = 300;

/**
 * Run a program without a shell, with the notification as JSON on its standard input.
 *
 * Exit code 0 is delivered, 75 (EX_TEMPFAIL) is worth another try, anything else is final.
 */
export function runCommand(
  { options, timeoutMs }: CommandChannelConfig,
  body: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Verdict> {
  const [program = '', ...args] = options.command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...OWN_GROUP });
    let output = '';
    const limitMs = timeoutMs ?? options.timeout ?? TIMEOUT_MS;
    const end = (verdict: Verdict): void => {
      cancel();
      signal.removeEventListener('abort', kill);
      resolve(verdict);
    };
    const kill = (): void => {
      killGroup(child);
    };
    const cancel = clock.after(limitMs, () => {
      kill();
      end({ kind: 'refused', words: `${program} did not end within ${String(limitMs / 1000)} s.` });
    });
    signal.addEventListener('abort', kill, { once: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(0, MOST_OUTPUT)));
    }
    // A program that does not read what it is given has still been told.
    child.stdin.on('error', () => undefined).end(body);
    child.once('error', (error) =>
      end({ kind: 'refused', words: `${program} could not be started: ${error.message}` }),
    );
    child.once('close', (code, killedBy) => {
      const words = `${program} ended with ${code === null ? String(killedBy) : String(code)}${output === '' ? '' : `: ${output.trim()}`}`;
      if (code === 0) end({ kind: 'delivered', words });
      else end(code === 75 ? { kind: 'retry', words, afterMs: 0 } : { kind: 'refused', words });
    });
  });
}
