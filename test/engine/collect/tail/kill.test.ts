import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { createLogPipeline } from '../../../../electron/engine/collect/tail/index.ts';
import { systemClock } from '../../../../electron/engine/schedule/clock.ts';
import { createRandom, makeDirectory, openStore, searchAll } from '../../store/logs/log-samples.ts';

const PROGRAM = join(import.meta.dirname, 'follow-until-killed.ts');
const KILLS = 6;

test('has every line exactly once after being killed again and again while files grow and are rotated', async () => {
  const directory = makeDirectory();
  const logs = join(directory, 'logs');
  const storeDirectory = join(directory, 'store');
  mkdirSync(logs);
  const random = createRandom(42);
  let written = 0;
  const write = (count: number): void => {
    const file = join(logs, `app${String(written % 2)}.log`);
    let text = '';
    for (let line = 0; line < count; line++) {
      const time = new Date(Date.UTC(2026, 0, 2) + written * 10).toISOString();
      text += `${time} INFO line ${String(written++)}\n`;
      if (written % 50 === 0) text += '  with a second line\n';
    }
    // A write may end anywhere in a line.
    const cut = Math.floor(random() * text.length);
    appendFileSync(file, text.slice(0, cut));
    appendFileSync(file, text.slice(cut));
  };

  for (let kill = 0; kill < KILLS; kill++) {
    write(300);
    const program = spawn(process.execPath, ['--no-warnings', PROGRAM, logs, storeDirectory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const commits = 1 + Math.floor(random() * 6);
    let seen = 0;
    for await (const message of createInterface({ input: program.stdout })) {
      expect(message).toMatch(/^committed /);
      write(37);
      if (seen === 2) renameSync(join(logs, 'app0.log'), join(logs, `app0.log.${String(kill)}`));
      if (++seen === 3) write(38);
      if (seen > commits) break;
    }
    const exit = once(program, 'exit');
    program.kill('SIGKILL');
    expect(await exit).toEqual([null, 'SIGKILL']);
  }

  const store = openStore({ directory: storeDirectory, blockEntries: 150, clock: systemClock });
  const sources = [
    { name: 'app', type: 'application' as const, files: [join(logs, '*.log')], labels: {}, metrics: [] },
  ];
  const pipeline = createLogPipeline({ sources, store, clock: systemClock, log: () => undefined });
  for (let turn = 0; turn < 3000 && store.stats().entries < written; turn++) await pipeline.catchUp();
  await pipeline.stop();
  const found = await searchAll(store, { direction: 'forward', limit: 5000 });
  expect(written).toBeGreaterThan(KILLS * 300);
  expect(found.map(({ text }) => Number(/line (\d+)/.exec(text)?.[1]))).toEqual(
    Array.from({ length: written }, (_, line) => line),
  );
}, 60_000);
