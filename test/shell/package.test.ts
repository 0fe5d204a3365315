import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

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

function problems(value: unknown): string[] {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  const validate = ajv.compile(schema);
  return validate(value) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message ?? ''}`);
}

describe('the package', () => {
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

  it('takes along every package that the bundle still imports, with what those need', () => {
    const bundle = ['main.js', 'headless.js', 'metrics-worker.js', 'logs-worker.js'].map((name) =>
      read(join('dist/electron', name)),
    );
    const imported = bundle.flatMap((code) =>
      [...code.matchAll(/^import (?:[^'"\n]+ from )?["']([^."'][^"']*)["']/gm)].map(([, name]) => name ?? ''),
    );
    const outside = new Set(imported.filter((name) => !name.startsWith('node:') && name !== 'electron'));
    const list = settings.files.join('\n');
    for (const name of withDependencies([...outside].filter(isPackage)))
      expect(list).toMatch(new RegExp(`[{,/]${name}[,}/]`));
  });
});

/** Built-in modules are imported by bundled packages without their prefix. */
function isPackage(name: string): boolean {
  return existsSync(join(ROOT, 'node_modules', name, 'package.json'));
}

function withDependencies(names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const { dependencies = {} } = JSON.parse(read(`node_modules/${name}/package.json`)) as {
      dependencies?: Record<string, string>;
    };
    for (const dependency of Object.keys(dependencies)) visit(dependency);
  };
  for (const name of names) visit(name);
  return found;
}
