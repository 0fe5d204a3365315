import { join } from 'node:path';
import { createBuilder } from 'vite';

/**
 * Build only the interface, without the Node programs.
 *
 * @param outDir  a folder of its own, so that a test does not touch what is built to run
 */
export async function buildClient(outDir = join(import.meta.dirname, '../../dist/renderer')): Promise<void> {
  const builder = await createBuilder({
    logLevel: 'error',
    environments: { client: { build: { outDir, emptyOutDir: true } } },
  });
  const client = builder.environments['client'];
  if (client === undefined) throw new Error('vite.config.ts has no environment "client"');
  await builder.build(client);
}

if (import.meta.main) await buildClient();
