import { createBuilder } from 'vite';

/** Build only the interface (`dist/renderer`), without the Node programs. */
export async function buildClient(): Promise<void> {
  const builder = await createBuilder({ logLevel: 'warn' });
  const client = builder.environments['client'];
  if (client === undefined) throw new Error('vite.config.ts has no environment "client"');
  await builder.build(client);
}

if (import.meta.main) await buildClient();
