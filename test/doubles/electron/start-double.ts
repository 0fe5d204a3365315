import { type ChildProcess, fork } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Asked } from './recorder.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const REGISTER = join(import.meta.dirname, 'register.mjs');

export interface DoubleOptions {
  /** The main script; the built application when left out. */
  readonly main?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A profile of an earlier start; a fresh one when left out. It is removed only by {@link DoubleApp.remove}. */
  readonly profile?: string;
  /** Whether the desktop shows tray icons. */
  readonly hasTrayHost?: boolean;
}

/** The application, running on the double in a process of its own. */
export interface DoubleApp {
  readonly profile: string;
  readonly pid: number;
  /** Do what a person or the system would do, or ask the double something. */
  command<Answer = unknown>(command: string, argument?: unknown): Promise<Answer>;
  /** What the application asked the system for, in order; of one kind, or all. */
  asked(what?: string): Promise<Asked[]>;
  /** The page of the first window; waits until there is one. */
  page(): Promise<Page>;
  /** All that the process printed so far. */
  readonly output: () => string;
  /** Nobody reads what it prints any more, as when its terminal is closed. */
  closeOutput(): void;
  readonly exited: Promise<number | null>;
  /** Quit as a person would, and wait for the end of the process. */
  quit(): Promise<number | null>;
  /** End it in whatever state it is, and remove its profile. */
  remove(): Promise<void>;
}

/** Start the application with `electron` replaced by the double. */
export function startDouble(options: DoubleOptions = {}): DoubleApp {
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'vd-'));
  const child = fork(options.main ?? join(ROOT, 'dist/electron/main.js'), options.args ?? [], {
    cwd: ROOT,
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', REGISTER],
    env: {
      ...process.env,
      ...homeIn(profile),
      PATH: `${desktopCommands(profile, options.hasTrayHost ?? true)}:${process.env['PATH'] ?? ''}`,
      ELECTRON_DOUBLE_PROFILE: profile,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
  const exited = new Promise<number | null>((done) => {
    child.on('exit', done);
  });
  const ask = commandChannel(child, exited, () => output);
  let browser: Browser | null = null;

  return {
    profile,
    pid: child.pid ?? 0,
    command: <Answer>(command: string, argument: unknown = null) => ask(command, argument) as Promise<Answer>,
    asked: (what) => ask('asked', what ?? null) as Promise<Asked[]>,
    async page() {
      // Answered when the browser is up; the window's page is in it by then or comes at once.
      await ask('untilWindow', null);
      browser ??= await chromium.connectOverCDP(String(await ask('debugUrl', null)));
      const [context] = browser.contexts();
      const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
      if (page === undefined) throw new Error('The browser of the double has no page.');
      await page.waitForURL(/\.localhost\//);
      return page;
    },
    output: () => output,
    closeOutput() {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
    exited,
    async quit() {
      await browser?.close();
      await ask('quit', null);
      return exited;
    },
    async remove() {
      await browser?.close();
      if (child.exitCode === null && child.signalCode === null) {
        // In order if it can: a browser that is killed goes on writing into the profile that is about to be removed.
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
        await exited;
        clearTimeout(timer);
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Questions over the process's IPC channel; one that the process does not live to answer fails with what it printed. */
function commandChannel(
  child: ChildProcess,
  exited: Promise<number | null>,
  output: () => string,
): (command: string, argument: unknown) => Promise<unknown> {
  interface Answer {
    readonly id: number;
    readonly answer?: unknown;
    readonly error?: string;
  }
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let nextId = 1;
  child.on('message', ({ id, answer, error }: Answer) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(answer);
    else one?.reject(new Error(error));
  });
  void exited.then((code) => {
    for (const { reject } of waiting.values()) {
      reject(new Error(`The application ended with ${String(code)}:\n${output()}`));
    }
    waiting.clear();
  });
  return async (command, argument) =>
    new Promise((done, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve: done, reject });
      child.send({ id, command, argument }, (error) => {
        if (error !== null) reject(new Error(`The application does not answer:\n${output()}`));
      });
    });
}

/** No test may touch the home of the person who runs it. */
function homeIn(profile: string): Record<string, string> {
  const home = join(profile, 'home');
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    LANG: 'C.UTF-8',
  };
}

/** A folder of commands that answer as the desktop would: here, whether somebody watches for tray icons. */
function desktopCommands(profile: string, hasTrayHost: boolean): string {
  const folder = join(profile, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'gdbus'), `#!/bin/sh\necho '(${String(hasTrayHost)},)'\n`);
  chmodSync(join(folder, 'gdbus'), 0o755);
  return folder;
}
