import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { makeWorkplace, startVedette } from '../services/vedette.ts';

it('leaves nothing open when the engine is stopped, so that the process ends by itself', async () => {
  const script = fileURLToPath(new URL('../services/start-and-stop.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(output).toBe('stopped []\n');
}, 30_000);

it('ends in order when it is asked to, and leaves only what it keeps', async () => {
  const place = makeWorkplace();
  place.write('prometheus.yml', 'host: {enabled: false}\n');
  const vedette = await startVedette({ workplace: place });
  // A browser that listens must not hold it.
  const changes = await vedette.client.system.changes();
  const cut = expect(changes.next()).rejects.toThrow();
  expect(await vedette.stop()).toBe(0);
  await cut;
  expect(existsSync(place.path('data/instance.json'))).toBe(false);
  expect(readdirSync(place.data).filter((name) => name.endsWith('-wal'))).toEqual([]);
  place.remove();
}, 30_000);
