import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contract } from '../../shared/contract/index.ts';
import { readToken } from '../../electron/server/token-file.ts';

const PROGRAM = fileURLToPath(new URL('vedette-from-source.ts', import.meta.url));
const START_WITHIN_MS = 30_000;

/** A folder of a test: configuration files, data and whatever the test itself puts there. */
export interface Workplace {
  readonly folder: string;
  readonly data: string;
  path(name: string): string;
  /** Write a file, its folder included. */
  write(name: string, text: string): string;
  remove(): void;
}

export function makeWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'vedette-test-'));
  const path = (name: string): string => join(folder, name);
  return {
    folder,
    data: path('data'),
    path,
    write(name, text) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
      return path(name);
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `vedette serve` as a process of its own. */
export interface Vedette {
  readonly url: string;
  readonly token: string;
  /** The link that it printed: lets one browser in. */
  readonly openLink: string;
  readonly client: ContractRouterClient<Contract>;
  /** What it has written so far, both streams. */
  log(): string;
  /** A GET with the token. */
  get(path: string): Promise<Response>;
  /** The values of an instant query by their labels, as Prometheus's API gives them. */
  query(expr: string): Promise<readonly QuerySample[]>;
  /** A configuration signal. */
  signal(name: 'SIGHUP'): void;
  /** Ask it to end; how it did. Fails when it does not end by itself. */
  stop(): Promise<ExitReason>;
  /** End it as a power failure would. */
  kill(): Promise<void>;
}

export interface QuerySample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [seconds: number, value: string];
  readonly values?: readonly (readonly [seconds: number, value: string])[];
}

export interface VedetteOptions {
  readonly workplace: Workplace;
  /** The main configuration file; `prometheus.yml` of the workplace when left out. */
  readonly config?: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Start it on a free port of loopback; resolves when it answers. */
export async function startVedette({ workplace, config, args = [], environment }: VedetteOptions): Promise<Vedette> {
  const file = config ?? workplace.path('prometheus.yml');
  const all = ['serve', '--config', file, '--data', workplace.data, '--listen', '127.0.0.1:0', '--open-link', ...args];
  const { child, output, ended } = runVedette(all, environment);
  const openLink = await readyLink(child, output, ended);
  const url = new URL(openLink).origin;
  const token = readToken(workplace.data) ?? '';
  const headers = { authorization: `Bearer ${token}` };
  const get = (path: string): Promise<Response> => fetch(`${url}${path}`, { headers });
  return {
    url,
    token,
    openLink,
    client: createORPCClient(new RPCLink({ url: `${url}/rpc`, headers })),
    log: output,
    get,
    async query(expr) {
      const answer = (await (await get(`/api/v1/query?${new URLSearchParams({ query: expr }).toString()}`)).json()) as {
        readonly error?: string;
        readonly data?: { readonly result: readonly QuerySample[] };
      };
      if (answer.data === undefined) throw new Error(`${expr}: ${answer.error ?? 'no data'}`);
      return answer.data.result;
    },
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill('SIGTERM');
      const hung = AbortSignal.timeout(STOP_WITHIN_MS);
      hung.addEventListener('abort', () => child.kill('SIGKILL'));
      const code = await ended;
      if (hung.aborted) throw new Error(`Vedette did not end by itself. Its log:\n${output()}`);
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const STOP_WITHIN_MS = 10_000;

/** The exit code, or the signal that ended it. */
export type ExitReason = number | NodeJS.Signals;

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<ExitReason>;
}

/** Run any command of the program. */
export function runVedette(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ended = new Promise<ExitReason>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 0);
    });
  });
  return { child, output: () => text, ended };
}

/** The link is the last line of a start. */
async function readyLink(child: ChildProcess, output: () => string, ended: Promise<ExitReason>): Promise<string> {
  const started = new AbortController();
  const found = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const link = /^Open (\S+)$/m.exec(output())?.[1];
      if (link !== undefined) resolve(link);
    });
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`Vedette was not ready after ${String(START_WITHIN_MS)} ms:\n${output()}`));
    }, START_WITHIN_MS);
    started.signal.addEventListener('abort', () => {
      clearTimeout(late);
    });
    void ended.then((code) => {
      reject(new Error(`Vedette ended with ${String(code)} before it was ready:\n${output()}`));
    });
  });
  return found.finally(() => {
    started.abort();
  });
}
