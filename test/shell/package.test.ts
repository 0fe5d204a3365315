import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startDouble } from '../doubles/electron/start-double.ts';
import { until } from '../e2e/until.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Settings {
  readonly files: readonly string[];
  readonly linux: { readonly target: readonly string[]; readonly icon: string };
  readonly mac: { readonly target: readonly string[]; readonly icon: string };
  readonly win: { readonly target: readonly string[]; readonly icon: string };
  readonly protocols: readonly { readonly schemes: readonly string[] }[];
}

const text = read('electron-builder.yml');
const settings = parse(text) as Settings;
const schema = JSON.parse(read('node_modules/app-builder-lib/scheme.json')) as object;

/** The validator that comes with the tools of the package, as they use it themselves. */
interface Validate {
  (value: unknown): boolean;
  readonly errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}
const { Ajv } = createRequire(import.meta.url)('ajv') as {
  Ajv: new (options: object) => { compile(schema: object): Validate };
};

function problems(value: unknown): string[] {
  const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
  return validate(value) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message ?? ''}`);
}

describe('the description of the package', () => {
  it("is described as electron-builder's own schema wants it", () => {
    expect(problems(settings)).toEqual([]);
  });

  it('is examined by that schema, which refuses what it does not know', () => {
    expect(problems({ ...settings, apId: 'typo' })).not.toEqual([]);
    expect(problems({ ...settings, electronFuses: { runAsNod: true } })).not.toEqual([]);
  });

  it('comes as AppImage, deb, dmg and nsis', () => {
    expect([settings.linux.target, settings.mac.target, settings.win.target]).toEqual([
      ['AppImage', 'deb'],
      ['dmg'],
      ['nsis'],
    ]);
  });

  it('has its icons', () => {
    for (const { icon } of [settings.linux, settings.mac, settings.win]) {
      expect(existsSync(join(ROOT, icon)), icon).toBe(true);
    }
  });

  it('answers the links that the application understands', () => {
    expect(settings.protocols.flatMap(({ schemes }) => schemes)).toEqual(['vedette']);
  });
});

/**
 * Packed for real, around a stand-in for Electron's binary: a file that holds nothing but the fuses as Electron ships
 * them. What is packed, and how the fuses are burnt, does not depend on the rest.
 */
describe('the packed application', () => {
  const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
  let folder: string;
  const unpacked = (path: string): string => join(folder, 'release/linux-unpacked', path);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'package-'));
    const electron = join(folder, 'electron');
    mkdirSync(join(electron, 'resources'), { recursive: true });
    writeFileSync(join(electron, 'electron'), `before${SENTINEL}\u0001\u0009011000011after`);
    for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox']) writeFileSync(join(electron, name), '');
    const run = promisify(execFile);
    await run(
      join(ROOT, 'node_modules/.bin/electron-builder'),
      ['--linux', 'dir', `-c.electronDist=${electron}`, `-c.directories.output=${join(folder, 'release')}`],
      { cwd: ROOT, timeout: 110_000 },
    );
    await run(join(ROOT, 'node_modules/.bin/asar'), ['extract', unpacked('resources/app.asar'), join(folder, 'app')]);
  }, 120_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has the fuses burnt as they were chosen', () => {
    const binary = readFileSync(unpacked('vedette'), 'latin1');
    const at = binary.indexOf(SENTINEL) + SENTINEL.length + 2;
    // In Electron's order: run as Node, cookie encryption, NODE_OPTIONS, inspect, asar integrity, only from the asar,
    // snapshot, privileges of file:, and one that Electron sets itself.
    expect(binary.slice(at, at + 9)).toBe('010011001');
  });

  it('holds what is built, its images and what could not be bundled, and nothing of the sources', () => {
    const files = globSync('**/*', { cwd: join(folder, 'app') });
    expect(files.length, 'files examined').toBeGreaterThan(100);
    expect([...new Set(files.map((file) => file.split('/')[0]))].toSorted()).toEqual([
      'assets',
      'dist',
      'node_modules',
      'package.json',
    ]);
    expect(files.filter((file) => !file.startsWith('node_modules/') && /\.(map|tsx?)$/.test(file))).toEqual([]);
    expect(existsSync(unpacked('resources/app.asar.unpacked/node_modules/node-notifier/vendor'))).toBe(true);
  });

  it('runs from what was packed alone', async () => {
    const app = startDouble({
      main: join(folder, 'app/dist/electron/main.js'),
      args: ['--hidden', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0'],
    });
    await until('the application runs', () => app.output().includes('Listening on'), Boolean, 19_000);
    expect(await app.quit()).toBe(0);
    await app.remove();
  });
});
