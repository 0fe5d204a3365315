/** Every benchmark of this folder, one after the other, and a table of how they ended. Run: npm run bench [-- names] */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const wanted = process.argv.slice(2);
/** Wants the folder of data generators as an argument, and the better part of an hour: `npm run bench:metrics`. */
const BY_HAND = 'metrics';
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => (wanted.length === 0 ? name !== BY_HAND : wanted.includes(name)));
const rows: string[] = [];
for (const name of names) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 76 - name.length))}`);
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit' });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  rows.push(`  ${name.padEnd(20)}${(status === 0 ? 'met' : 'NOT MET').padEnd(10)}${seconds.padStart(5)} s`);
  if (status !== 0) process.exitCode = 1;
}
console.log(`\nBenchmarks:\n${rows.join('\n')}`);
