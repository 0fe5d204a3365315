import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { onCommand, record } from './recorder.ts';
import { strict } from './strict.ts';

/** The folder that stands for the user's profile; given by the test. */
const profile = process.env['ELECTRON_DOUBLE_PROFILE'];
if (profile === undefined) throw new Error('electron double: ELECTRON_DOUBLE_PROFILE is not set');

let isReady = false;
let isQuitting = false;
const emitter = new EventEmitter();
// An application without windows lives on until it quits.
setInterval(() => undefined, 60_000);
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

/** What closes the windows when the application quits; false when one of them refuses. */
let closeWindows = (): boolean => true;
export function onCloseWindows(close: () => boolean): void {
  closeWindows = close;
}
export const isAppQuitting = (): boolean => isQuitting;

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
  if (!closeWindows() || preventable('will-quit')) {
    isQuitting = false;
    return;
  }
  emitter.emit('quit', {}, 0);
  for (const close of closers) await close();
  process.exit(0);
}

/** The first instance is found through a file with its process id and hears of others on a socket, as Chromium's does. */
function requestLock(): boolean {
  const socketPath = join(profile ?? '', 'singleton');
  const pidFile = join(profile ?? '', 'singleton.pid');
  if (isOtherAlive(pidFile)) {
    const sent = new Promise<void>((resolve, reject) => {
      const socket = connect(socketPath, () => {
        socket.end(JSON.stringify(process.argv), resolve);
      });
      socket.on('error', reject);
    });
    onExit(async () => sent);
    return false;
  }
  writeFileSync(pidFile, String(process.pid));
  rmSync(socketPath, { force: true });
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      emitter.emit('second-instance', {}, JSON.parse(data.toString()) as string[], '/', null);
    });
  });
  server.unref();
  server.listen(socketPath);
  onExit(async () => {
    rmSync(pidFile, { force: true });
    await new Promise((resolve) => server.close(resolve));
  });
  return true;
}

function isOtherAlive(pidFile: string): boolean {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    return process.kill(pid, 0);
  } catch {
    // No file, or a process that has ended without taking it away.
    return false;
  }
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(process.cwd(), 'package.json'), 'utf8')) as { version: string };
  return version;
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
    getVersion: ownVersion,
    getLocale: () => process.env['ELECTRON_DOUBLE_LOCALE'] ?? 'en-US',
    getAppPath: () => process.cwd(),
    getPath(name: string) {
      const folder = folders[name];
      if (folder === undefined) throw new Error(`electron double: app.getPath("${name}") is not implemented`);
      mkdirSync(folder, { recursive: true });
      return folder;
    },
    setAppUserModelId(id: string) {
      if (process.platform !== 'win32') throw new Error('electron double: app.setAppUserModelId is for Windows');
      record('setAppUserModelId', id);
    },
    setBadgeCount(count?: number) {
      assertReady('app.setBadgeCount');
      record('badge', count);
      return true;
    },
    setLoginItemSettings(settings: unknown) {
      if (process.platform === 'linux') throw new Error('electron double: app.setLoginItemSettings is not for Linux');
      record('loginItem', settings);
    },
    setAsDefaultProtocolClient(protocol: string) {
      record('protocolClient', protocol);
      return true;
    },
    quit: () => void quit(),
    exit(code = 0) {
      process.exit(code);
    },
  }),
);

/** A fault of the program that nobody catches. */
onCommand('fault', (message) => {
  setImmediate(() => {
    throw new Error(String(message));
  });
});
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
