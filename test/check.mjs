// `npm run check`: types of every side, lint, format, unused code, architecture. All run; any failure fails the whole.
import { spawnSync } from 'node:child_process';

const TSC = 'node_modules/@typescript/native/bin/tsc';
const steps = [
  ['types: shared', 'node', [TSC, '-p', 'shared']],
  ['types: engine', 'node', [TSC, '-p', 'electron/engine']],
  ['types: electron', 'node', [TSC, '-p', 'electron']],
  ['types: renderer', 'node', [TSC, '-p', 'renderer']],
  ['types: test', 'node', [TSC, '-p', 'test']],
  ['types: bench', 'node', [TSC, '-p', 'bench']],
  ['lint', 'eslint', ['--max-warnings', '0', '.']],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['unused', 'knip', []],
  ['architecture', 'vitest', ['run', 'test/architecture.test.ts']],
];

let failed = 0;
for (const [name, command, args] of steps) {
  const startedAt = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
