import { builtinModules } from 'node:module';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions } from 'vite';

/**
 * One file builds everything that ships: the renderer, the Node programs (desktop main, headless, the two workers) and
 * the preload, which must be a single CommonJS file because a sandboxed preload has no ES modules.
 */
const external = [
  'electron',
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
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

export default defineConfig({
  root: from('renderer'),
  plugins: [react()],
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
        'metrics-worker': from('electron/engine/metrics-worker.ts'),
        'logs-worker': from('electron/engine/logs-worker.ts'),
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
