import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real server of Debian on a free port of loopback, with a data folder of its own. */
export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly address: string;
  readonly folder: string;
  /** End it and forget its data. */
  stop(): Promise<void>;
  /** Hold it as a hung program is (SIGSTOP), or let it go on. */
  hold(isHeld: boolean): void;
}

export interface ServerPlan {
  readonly program: string;
  readonly args: (place: ServerPlace) => readonly string[];
  readonly environment?: (place: ServerPlace) => Readonly<Record<string, string>>;
  /** The account that it runs under when this is root, as many servers refuse to be root. */
  readonly user?: string;
  /** Makes the data folder ready. */
  readonly prepare?: (place: ServerPlace) => Promise<void>;
  /** Whether it answers; asked again until it does. */
  readonly isReady: (place: ServerPlace) => Promise<boolean>;
  readonly cleanUp?: (place: ServerPlace) => Promise<void>;
}

export interface ServerPlace {
  readonly port: number;
  readonly folder: string;
  /** What `spawn` needs to act as the server's account; empty when this is not root. */
  readonly account: { readonly uid?: number; readonly gid?: number };
}

const READY_WITHIN_MS = 60_000;

export async function runServer(plan: ServerPlan): Promise<RunningServer> {
  if (!existsSync(plan.program)) {
    throw new Error(
      `${plan.program} is not installed; \`node test/services/debian-packages.ts\` installs it where it may.`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'vedette-server-'));
  const account = accountOf(plan.user);
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid ?? 0);
  const place: ServerPlace = { port: await freePort(), folder, account };
  await plan.prepare?.(place);
  const child = spawn(plan.program, plan.args(place), {
    ...account,
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', HOME: folder, ...plan.environment?.(place) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(killer);
    await plan.cleanUp?.(place);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const until = Date.now() + READY_WITHIN_MS;
  while (!(await plan.isReady(place))) {
    if (child.exitCode === null && child.signalCode === null && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    await stop();
    throw new Error(`${plan.program} did not get ready:\n${output}`);
  }
  return {
    host: '127.0.0.1',
    port: place.port,
    address: `127.0.0.1:${String(place.port)}`,
    folder,
    stop,
    hold: (isHeld) => void child.kill(isHeld ? 'SIGSTOP' : 'SIGCONT'),
  };
}

/** Run a program to its end; rejects with what it wrote when it fails. */
export function runToEnd(
  program: string,
  args: readonly string[],
  options: { readonly account?: ServerPlace['account']; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options.account,
      cwd: '/',
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${String(code)}:\n${output}`));
    });
  });
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function accountOf(user: string | undefined): ServerPlace['account'] {
  if (user === undefined || process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${user}:`));
  if (line === undefined) throw new Error(`There is no account "${user}".`);
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}
