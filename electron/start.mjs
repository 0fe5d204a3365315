// `npm start`: build what is out of date, then open the desktop application, or the same interface in the browser where
// the Electron binary cannot be had.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'dist', 'renderer', 'index.html');

function newest(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isStale() {
  if (!existsSync(built)) return true;
  const sources = ['electron', 'renderer', 'shared', 'assets', 'vite.config.ts', 'package-lock.json'];
  const builtAt = statSync(built).mtimeMs;
  return sources.some((name) => existsSync(join(root, name)) && newest(join(root, name)) > builtAt);
}

/** The path of an Electron binary that is there or can be fetched; null when neither. */
function electronBinary() {
  const asked = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const found = spawnSync(process.execPath, ['-e', 'process.stdout.write(require("electron"))'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (found.status === 0) {
    // The package prints about its download before the path.
    const path = found.stdout.trim().split('\n').at(-1) ?? '';
    return existsSync(path) ? path : null;
  }
  if (asked !== undefined) console.error(`vedette: no Electron in ${asked} (ELECTRON_OVERRIDE_DIST_PATH).`);
  return null;
}

function run(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
  });
}

if (isStale()) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = spawnSync(process.execPath, [vite, 'build', '--app', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}
const args = process.argv.slice(2);
const electron = electronBinary();
if (electron === null) {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'));
  console.log(
    `vedette: Electron ${version} is not here and cannot be downloaded; opening the same interface in the browser.`,
  );
  // As the first line of the launcher says it for those who call it by name.
  const lean = { env: { ...process.env, MALLOC_ARENA_MAX: '1' } };
  run(
    process.execPath,
    ['--max-semi-space-size=1', join(root, 'electron', 'vedette.mjs'), 'serve', '--open', ...args],
    lean,
  );
} else {
  run(electron, [root, ...args]);
}
