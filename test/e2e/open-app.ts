import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { openDouble } from './open-double.ts';
import { electronExecutable, openElectron } from './open-electron.ts';
import { openHeadless } from './open-headless.ts';
import type { OsRecorder } from './os-recorder.ts';

export type Host = 'headless' | 'double' | 'electron';

/** Where the journeys can run on this machine. Printed, so that a log says what was tried. */
export function availableHosts(): Host[] {
  const hosts: Host[] = electronExecutable() === null ? ['headless', 'double'] : ['headless', 'double', 'electron'];
  console.log(`Journeys run on: ${hosts.join(', ')}`);
  return hosts;
}

export interface OpenOptions {
  /** The main configuration; the program's first own one when left out. */
  readonly configText?: string;
  /** Further files beside it, by relative path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The language of the system. */
  readonly language?: 'en' | 'zh-CN';
}

export interface App {
  readonly host: Host;
  readonly page: Page;
  /** What paths of the interface hang on: `page.goto(app.baseUrl + '/alerts')`. */
  readonly baseUrl: string;
  /** Where the program answers over HTTP. */
  readonly apiUrl: string;
  /** The token of this installation, for writes over HTTP. */
  readonly token: string;
  /** What the application asked the system for, and what a person does outside of the page. */
  readonly os: OsRecorder;
  /** The folder of the configuration; a file changed here is noticed. */
  readonly configDirectory: string;
  /** All that the program printed. */
  output(): string;
  close(): Promise<void>;
}

/** What each host starts with. */
export interface HostStart {
  readonly directory: string;
  /** `--config` and `--data`, and a free port. */
  readonly args: readonly string[];
  readonly dataDirectory: string;
  readonly language: 'en' | 'zh-CN';
}

/** The application, ready to be used, on one of the hosts: each in a folder of its own, on free ports. */
export async function openApp(host: Host, options: OpenOptions = {}): Promise<App> {
  const directory = mkdtempSync(join(tmpdir(), 'vedette-'));
  const configDirectory = join(directory, 'config');
  const dataDirectory = join(directory, 'data');
  const files = {
    ...options.files,
    ...(options.configText === undefined ? {} : { 'vedette.yml': options.configText }),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(configDirectory, path)), { recursive: true });
    writeFileSync(join(configDirectory, path), text);
  }
  const args = ['--data', dataDirectory, '--listen', '127.0.0.1:0'];
  if (options.configText !== undefined) args.push('--config', join(configDirectory, 'vedette.yml'));
  const start: HostStart = { directory, args, dataDirectory, language: options.language ?? 'en' };
  const opened = await open(host, start);
  return {
    ...opened,
    host,
    configDirectory,
    token: readFileSync(join(dataDirectory, 'token'), 'utf8').trim(),
    async close() {
      await opened.close();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

export type Opened = Omit<App, 'host' | 'configDirectory' | 'token'>;

function open(host: Host, start: HostStart): Promise<Opened> {
  switch (host) {
    case 'headless':
      return openHeadless(start);
    case 'double':
      return openDouble(start);
    case 'electron':
      return openElectron(start);
  }
}
