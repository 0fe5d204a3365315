import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { onCommand, record } from './recorder.ts';
import { strict } from './strict.ts';

/** The folder that stands for the user's profile; given by the test. */
const profile = process.env['ELECTRON_DOUBLE_PROFILE'];
if (profile === undefined) throw new Error('electron double: ELECTRON_DOUBLE_PROFILE is not set');

let isReady = false;
let isQuitting = false;
const emitter = new EventEmitter();
const ready = new Promise<void>((resolve) => {
  // Electron becomes ready some time after the main script has been read.
  setImmediate(() => {
    isReady = true;
    emitter.emit('ready');
    resolve();
  });
});

export function assertReady(what: string): void {
  if (!isReady) throw new Error(`electron double: ${what} cannot be used before the app is ready`);
}

export function assertNotReady(what: string): void {
  if (isReady) throw new Error(`electron double: ${what} must be called before the app is ready`);
}

/** Closes what the double opened (the browser) when the application ends. */
const closers: (() => Promise<void>)[] = [];
export function onExit(close: () => Promise<void>): void {
  closers.push(close);
}

function preventable(name: string): boolean {
  let prevented = false;
  emitter.emit(name, { preventDefault: () => (prevented = true) });
  return prevented;
}

async function quit(): Promise<void> {
  if (isQuitting) return;
  if (preventable('before-quit')) return;
  isQuitting = true;
  if (preventable('will-quit')) {
    isQuitting = false;
    return;
  }
  emitter.emit('quit', {}, 0);
  for (const close of closers) await close();
  process.exit(0);
}

/** A second instance finds the first through a socket in the profile, as Chromium's process singleton does. */
function requestLock(): boolean {
  const path = join(profile ?? '', 'singleton');
  const server = createServer((socket) => {
    socket.on('data', (data) =>
      emitter.emit('second-instance', {}, JSON.parse(data.toString()) as string[], '/', undefined),
    );
  });
  server.unref();
  // Whether somebody listens is only known a moment later; the double of a second instance is told by its environment.
  if (process.env['ELECTRON_DOUBLE_SECOND'] === '1') {
    const socket = connect(path, () => socket.end(JSON.stringify(process.argv)));
    return false;
  }
  server.on('error', (error) => {
    throw error;
  });
  server.listen(path);
  onExit(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  return true;
}

const folders: Readonly<Record<string, string>> = {
  userData: join(profile, 'userData'),
  appData: join(profile, 'appData'),
  home: profile,
  logs: join(profile, 'logs'),
  temp: join(profile, 'temp'),
};

export const app = strict(
  'app',
  Object.assign(emitter, {
    isPackaged: false,
    name: 'Vedette',
    whenReady: () => ready,
    isReady: () => isReady,
    enableSandbox() {
      assertNotReady('app.enableSandbox');
      record('enableSandbox', true);
    },
    requestSingleInstanceLock: requestLock,
    getVersion: () => '0.0.0-double',
    getLocale: () => process.env['ELECTRON_DOUBLE_LOCALE'] ?? 'en-US',
    getAppPath: () => process.cwd(),
    getPath(name: string) {
      const folder = folders[name];
      if (folder === undefined) throw new Error(`electron double: app.getPath("${name}") is not implemented`);
      mkdirSync(folder, { recursive: true });
      return folder;
    },
    setAppUserModelId: (id: string) => record('setAppUserModelId', id),
    setBadgeCount(count: number) {
      assertReady('app.setBadgeCount');
      record('badge', count);
      return true;
    },
    setLoginItemSettings: (settings: unknown) => record('loginItem', settings),
    quit: () => void quit(),
    exit(code = 0) {
      process.exit(code);
    },
  }),
);

onCommand('quit', () => {
  setImmediate(() => void quit());
});
onCommand('emitApp', (argument) => {
  const { event, args } = argument as { event: string; args: unknown[] };
  let prevented = false;
  emitter.emit(event, { preventDefault: () => (prevented = true) }, ...args);
  return prevented;
});
process.on('SIGTERM', () => void quit());
process.on('SIGINT', () => void quit());
