import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** What a side may import: own folders by prefix of the path, `node:*`, and packages by name. */
interface Side {
  readonly name: string;
  readonly owns: (file: string) => boolean;
  readonly folders: readonly string[];
  /** Folders from which only types may come. */
  readonly typeFolders: readonly string[];
  readonly node: boolean;
  readonly packages: readonly string[];
  readonly atLeastFiles: number;
}

const inFolder = (folder: string) => (file: string) => file.startsWith(`${folder}/`);

const SIDES: readonly Side[] = [
  {
    name: 'shared',
    owns: inFolder('shared'),
    folders: ['shared'],
    typeFolders: [],
    node: false,
    packages: ['zod', '@orpc/contract'],
    atLeastFiles: 15,
  },
  {
    name: 'engine',
    owns: inFolder('electron/engine'),
    folders: ['shared', 'electron/engine'],
    typeFolders: [],
    node: true,
    packages: [
      'zod',
      '@orpc/server',
      '@orpc/client',
      '@prometheus-io/lezer-promql',
      '@lezer/common',
      'axios',
      'dbus-native',
      'jsonpath-rfc9535',
      'mongodb',
      'mysql2',
      'mqtt-packet',
      'net-snmp',
      'node-notifier',
      'nodemailer',
      'pg',
      're2js',
      'systeminformation',
      'ws',
      'yaml',
    ],
    atLeastFiles: 60,
  },
  {
    name: 'server',
    owns: inFolder('electron/server'),
    folders: ['shared', 'electron/server'],
    typeFolders: ['electron/engine'],
    node: true,
    packages: ['fastify', '@fastify/static', '@orpc/server', '@orpc/openapi', '@orpc/zod'],
    atLeastFiles: 5,
  },
  {
    name: 'shell',
    owns: inFolder('electron/shell'),
    folders: ['shared', 'electron/shell'],
    typeFolders: ['electron/engine'],
    node: true,
    packages: ['electron', 'electron-store', '@orpc/server', 'zod'],
    atLeastFiles: 8,
  },
  {
    name: 'command line',
    owns: inFolder('electron/cli'),
    folders: ['shared', 'electron/cli', 'electron/engine', 'electron/server'],
    typeFolders: [],
    node: true,
    packages: ['commander', 'conf', 'open', 'yaml', '@orpc/client', '@orpc/contract'],
    atLeastFiles: 5,
  },
  {
    name: 'preload',
    owns: (file) => file === 'electron/preload.ts',
    folders: ['shared'],
    typeFolders: [],
    node: false,
    packages: ['electron'],
    atLeastFiles: 1,
  },
  {
    name: 'main',
    owns: (file) => file === 'electron/main.ts',
    folders: ['shared', 'electron/engine', 'electron/shell', 'electron/server'],
    typeFolders: [],
    node: true,
    packages: ['electron'],
    atLeastFiles: 1,
  },
  {
    name: 'headless',
    owns: (file) => file === 'electron/headless.ts',
    folders: ['shared', 'electron/engine', 'electron/server', 'electron/cli'],
    typeFolders: [],
    node: true,
    packages: ['commander'],
    atLeastFiles: 1,
  },
  {
    name: 'renderer',
    owns: inFolder('renderer'),
    folders: ['shared', 'renderer'],
    typeFolders: [],
    node: false,
    packages: [
      '@codemirror/autocomplete',
      '@codemirror/commands',
      '@codemirror/language',
      '@codemirror/lint',
      '@codemirror/state',
      '@codemirror/view',
      '@lezer/highlight',
      '@lingui/core',
      '@lingui/message-utils',
      '@lingui/react',
      '@orpc/client',
      '@orpc/contract',
      '@orpc/tanstack-query',
      '@prometheus-io/codemirror-promql',
      '@tanstack/react-query',
      '@tanstack/react-router',
      '@tanstack/react-virtual',
      'chart.js',
      'cmdk',
      'date-fns',
      'lucide-react',
      'radix-ui',
      're2js',
      'react',
      'react-chartjs-2',
      'react-dom',
      'zustand',
    ],
    atLeastFiles: 40,
  },
];

/** The rooms of the engine in the order in which data walks; a room may import those before it, never one behind it. */
const ROOMS = ['collect', 'store', 'query', 'alert'] as const;
/** Folders that every room may import and that import no room. */
const GROUND = ['config', 'schedule'] as const;

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const files = globSync(['{electron,renderer,shared}/**/*.{ts,tsx}'], { cwd: root }).filter(
  (file) => !file.endsWith('.d.ts'),
);
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Import[] = [];
  const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
  for (const [, type, specifier] of text.matchAll(statement)) {
    if (specifier !== undefined) found.push({ file, specifier, typeOnly: type !== undefined });
  }
  for (const [, specifier] of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    if (specifier !== undefined) found.push({ file, specifier, typeOnly: false });
  }
  return found;
}

function target(one: Import): string {
  return relative(root, join(root, dirname(one.file), one.specifier));
}

function isAllowed(side: Side, one: Import): boolean {
  const { specifier } = one;
  if (specifier.startsWith('node:')) return side.node;
  if (specifier.startsWith('.')) {
    const path = target(one);
    if (side.folders.some((folder) => path.startsWith(`${folder}/`))) return true;
    return one.typeOnly && side.typeFolders.some((folder) => path.startsWith(`${folder}/`));
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  return side.packages.includes(name);
}

function room(path: string): string | null {
  return /^electron\/engine\/([a-z]+)\//.exec(path)?.[1] ?? null;
}

describe('the architecture', () => {
  it.each(SIDES)('lets $name import only what its row of the table allows', (side) => {
    const own = imports.filter((one) => side.owns(one.file));
    expect(files.filter(side.owns).length, 'files examined').toBeGreaterThanOrEqual(side.atLeastFiles);
    expect(own.filter((one) => !isAllowed(side, one)).map((one) => `${one.file} → ${one.specifier}`)).toEqual([]);
  });

  it('gives every source file to exactly one side', () => {
    expect(files.filter((file) => SIDES.filter((side) => side.owns(file)).length !== 1)).toEqual([]);
  });

  it('lets data walk one way through the rooms of the engine', () => {
    const backward = imports.filter((one) => {
      if (!one.specifier.startsWith('.')) return false;
      const from = room(one.file);
      const to = room(target(one));
      if (from === null || to === null || from === to) return false;
      const [fromAt, toAt] = [ROOMS.indexOf(from as never), ROOMS.indexOf(to as never)];
      if ((GROUND as readonly string[]).includes(from)) return toAt >= 0;
      return fromAt >= 0 && toAt > fromAt;
    });
    expect(backward.map((one) => `${one.file} → ${one.specifier}`)).toEqual([]);
    expect(imports.filter((one) => room(one.file) !== null).length, 'imports examined').toBeGreaterThan(200);
  });

  it('writes every relative import with its extension, so that sources run unbuilt', () => {
    const bare = imports.filter(
      (one) => one.specifier.startsWith('.') && !/\.(ts|tsx|css|json|svg)$/.test(one.specifier),
    );
    expect(bare.map((one) => `${one.file} → ${one.specifier}`)).toEqual([]);
  });
});
