#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --max-semi-space-size=1
// The launcher: plain JavaScript that any Node can read, so that an old one says what it needs instead of a syntax error.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < NEEDED) {
  console.error(
    `vedette: needs Node ${NEEDED} or later, this is ${process.versions.node}; in a checkout run it as "npx vedette", which brings its own.`,
  );
  process.exit(2);
}
// Host names are resolved on this pool; four slow ones must not hold up all others.
process.env['UV_THREADPOOL_SIZE'] ??= '8';

// Young objects die fast here: a smaller nursery in each of the three threads saves some 20 MB, and one heap of the C
// library for all threads another 10. The first line asks for both; this is for who starts the file by hand.
setFlagsFromString('--max-semi-space-size=1');
// Little is young and alive at a time: four threads that look for it together cost more than one alone. Measured while
// 10,000 series are scraped each second: a third less CPU.
setFlagsFromString('--no-parallel-scavenge');

const here = fileURLToPath(new URL('.', import.meta.url));
const source = join(here, 'headless.ts');
const built = join(here, '..', 'dist', 'electron', 'headless.js');
// A checkout runs what was built by `npm start` or `npm run build`, and its sources before that.
const { runCommandLine } = await import(existsSync(built) ? '../dist/electron/headless.js' : './headless.ts').catch(
  (error) => {
    if (existsSync(built) || existsSync(source)) throw error;
    console.error('vedette: this installation is incomplete; run "npm ci && npm run build" in it.');
    process.exit(2);
  },
);
process.exitCode = await runCommandLine(process.argv.slice(2));
