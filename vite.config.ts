import http from 'node:http';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite';

/**
 * One file builds everything that ships: the renderer, the Node programs (desktop main, headless, the two workers) and
 * the preload, which must be a single CommonJS file because a sandboxed preload has no ES modules.
 */
const external = [
  'electron',
  // See `httpWithoutFetch`.
  ...builtinModules.filter((name) => name !== 'http').flatMap((name) => [name, `node:${name}`]),
  // Finds its bundled notifiers by path, so it must stay a folder.
  'node-notifier',
];

/** The renderer is the root, so that its page lies at the top of what is served; every other path is absolute. */
const from = (path: string): string => join(import.meta.dirname, path);

function node(input: Record<string, string>, format: 'es' | 'cjs'): EnvironmentOptions {
  return {
    consumer: 'server',
    resolve: { noExternal: true },
    build: {
      ssr: true,
      outDir: from('dist/electron'),
      // An instance may run from here; files without a hash in their name are overwritten and never pile up.
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input,
        external,
        output: {
          format,
          entryFileNames: format === 'cjs' ? '[name].cjs' : '[name].js',
          chunkFileNames: 'parts/[name].js',
          // The text of a module stays in memory, once per thread; names stay, for stack traces.
          minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
        },
      },
    },
  };
}

/**
 * An `import` of `node:http` reads all of its exports, and among them are names of the fetch API that load a second HTTP
 * client: 9 MB in each thread. Taken from the process instead, the module is the same and those names stay unread.
 */
function httpWithoutFetch(): Plugin {
  const names = Object.entries(Object.getOwnPropertyDescriptors(http))
    .filter(([, descriptor]) => descriptor.get === undefined)
    .map(([name]) => name);
  const virtual = '\0http-without-fetch';
  return {
    name: 'http-without-fetch',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name === 'main',
    resolveId(id, _importer, { kind }) {
      if (id !== 'http' && id !== 'node:http') return null;
      return kind === 'require-call' ? { id: 'node:http', external: true } : virtual;
    },
    load(id) {
      if (id !== virtual) return null;
      return `const http = process.getBuiltinModule('node:http');
export default http;
export const { ${names.join(', ')} } = http;`;
    },
  };
}

export default defineConfig({
  root: from('renderer'),
  plugins: [react(), httpWithoutFetch()],
  publicDir: false,
  environments: {
    client: {
      build: {
        outDir: from('dist/renderer'),
        emptyOutDir: true,
        target: 'chrome156',
        sourcemap: true,
        // Read from the disk or over loopback, never over a slow line.
        chunkSizeWarningLimit: 1_500,
        modulePreload: { polyfill: false },
        rolldownOptions: { input: from('renderer/index.html') },
      },
    },
    main: node(
      {
        main: from('electron/main.ts'),
        headless: from('electron/headless.ts'),
        'metrics-worker': from('electron/engine/threads/metrics-worker.ts'),
        'logs-worker': from('electron/engine/threads/logs-worker.ts'),
      },
      'es',
    ),
    preload: node({ preload: from('electron/preload.ts') }, 'cjs'),
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) await builder.build(environment);
    },
  },
});
