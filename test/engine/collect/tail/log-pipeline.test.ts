import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { LogSink } from '../../../../electron/engine/collect/tail/index.ts';
import { createLogPipeline } from '../../../../electron/engine/collect/tail/index.ts';
import type { LogPipeline } from '../../../../electron/engine/collect/tail/index.ts';
import type { LogSourceConfig } from '../../../../electron/engine/config/configuration.ts';
import type { LogStore } from '../../../../electron/engine/store/logs/index.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import type { ManualClock } from '../../../doubles/manual-clock.ts';
import { NOW_MS, makeDirectory, openStore, searchAll } from '../../store/logs/log-samples.ts';

interface Bench {
  readonly directory: string;
  readonly log: string;
  readonly clock: ManualClock;
  readonly messages: string[];
  store: LogStore;
  pipeline: LogPipeline;
  /** Read all there is and close what waits. */
  settle(): Promise<void>;
  restart(): Promise<void>;
  texts(): Promise<string[]>;
}

const source = (directory: string, pattern: string): LogSourceConfig => ({
  name: 'app',
  type: 'application',
  files: [join(directory, pattern)],
  labels: {},
  metrics: [],
});

function setUp(pattern = '*.log', sink: (store: LogStore) => LogSink = (store) => store): Bench {
  const directory = makeDirectory();
  const logs = join(directory, 'logs');
  mkdirSync(logs);
  const clock = createManualClock(NOW_MS);
  const messages: string[] = [];
  const start = (store: LogStore): LogPipeline =>
    createLogPipeline({
      sources: [source(logs, pattern)],
      store: sink(store),
      clock,
      log: (level, message) => messages.push(`${level} ${message}`),
    });
  const openHere = (): LogStore => openStore({ directory: join(directory, 'store'), clock });
  const store = openHere();
  const bench: Bench = {
    directory: logs,
    log: join(logs, 'app.log'),
    clock,
    messages,
    store,
    pipeline: start(store),
    async settle() {
      await this.pipeline.catchUp();
      clock.stepWall(600);
      await this.pipeline.catchUp();
    },
    async restart() {
      await this.pipeline.stop();
      this.store.close();
      this.store = openHere();
      this.pipeline = start(this.store);
    },
    texts: async () => (await searchAll(bench.store, { direction: 'forward' })).map(({ text }) => text),
  };
  onTestFinished(() => bench.pipeline.stop());
  return bench;
}

/** Lines with growing times, so that their order in the store says in which order they were written. */
const lines = (from: number, to: number, word = 'line'): string[] =>
  Array.from({ length: to - from }, (_, index) => {
    const at = from + index;
    return `${new Date(NOW_MS - 3_600_000 + at).toISOString()} INFO ${word} ${String(at)}`;
  });
const joined = (some: readonly string[]): string => some.map((line) => `${line}\n`).join('');

test('reads files that are there, and what is added to them', async () => {
  const bench = setUp();
  writeFileSync(bench.log, joined(lines(0, 50)));
  await bench.settle();
  appendFileSync(bench.log, joined(lines(50, 60)));
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 60));
  expect(bench.pipeline.status()).toMatchObject([
    {
      source: 'app',
      type: 'application',
      path: bench.log,
      lagBytes: 0,
      lines: 60,
      format: 'timestamped',
      lastError: null,
    },
  ]);
});

test('finds new files by pattern and leaves packed ones alone', async () => {
  const bench = setUp('**/*.log*');
  await bench.settle();
  mkdirSync(join(bench.directory, 'deep'));
  writeFileSync(join(bench.directory, 'deep', 'b.log'), joined(lines(0, 3)));
  writeFileSync(join(bench.directory, 'old.log.1.gz'), joined(lines(5, 9)));
  symlinkSync(join(bench.directory, 'deep', 'b.log'), join(bench.directory, 'link.log'));
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 3));
});

test('waits for the rest of an unfinished line, and takes it as it is after five seconds', async () => {
  const bench = setUp();
  writeFileSync(bench.log, 'first\nsec');
  await bench.settle();
  expect(await bench.texts()).toEqual(['first']);
  appendFileSync(bench.log, 'ond\nthi');
  await bench.settle();
  expect(await bench.texts()).toEqual(['first', 'second']);
  bench.clock.stepWall(5000);
  await bench.settle();
  expect(await bench.texts()).toEqual(['first', 'second', 'thi']);
});

test('joins a trace that comes in pieces, and closes it when nothing more comes', async () => {
  const bench = setUp();
  const start = `${lines(0, 1)[0] ?? ''}\nTraceback (most recent call last):\n`;
  writeFileSync(bench.log, start);
  await bench.pipeline.catchUp();
  expect(await bench.texts()).toEqual([]);
  appendFileSync(bench.log, '  File "a.py", line 1, in f\nKeyError: 1\n');
  await bench.settle();
  expect(await bench.texts()).toEqual([`${start}  File "a.py", line 1, in f\nKeyError: 1`]);
});

test('does not wait behind a line that is complete in itself', async () => {
  const bench = setUp();
  writeFileSync(bench.log, '{"msg":"one"}\n{"msg":"two"}\n');
  await bench.pipeline.catchUp();
  expect(await bench.texts()).toEqual(['{"msg":"one"}', '{"msg":"two"}']);
});

test('goes on where it stood after a restart, unfinished entries included', async () => {
  const bench = setUp();
  writeFileSync(bench.log, `${joined(lines(0, 20))}half`);
  await bench.pipeline.catchUp();
  await bench.restart();
  appendFileSync(bench.log, ` and half\n${joined(lines(20, 30))}`);
  await bench.settle();
  const texts = await bench.texts();
  expect(texts.filter((text) => text !== 'half and half')).toEqual(lines(0, 30));
  expect(texts).toHaveLength(31);
});

test('finishes a renamed file before the new one in its place', async () => {
  const bench = setUp();
  writeFileSync(bench.log, joined(lines(0, 10)));
  await bench.settle();
  const writer = await open(bench.log, 'a');
  await writer.write(joined(lines(10, 15)));
  renameSync(bench.log, `${bench.log}.1`);
  await writer.write(joined(lines(15, 20)));
  writeFileSync(bench.log, joined(lines(20, 30)));
  await bench.settle();
  await writer.write(joined(lines(30, 33, 'late')));
  await writer.close();
  await bench.settle();
  expect(await bench.texts()).toEqual([...lines(0, 30), ...lines(30, 33, 'late')]);
  expect(bench.pipeline.status().map(({ isLeaving }) => isLeaving)).toContain(true);
  bench.clock.stepWall(6000);
  await bench.settle();
  expect(bench.pipeline.status().map(({ path, isLeaving }) => [path, isLeaving])).toEqual([[bench.log, false]]);
});

test('knows a renamed file again when the pattern covers its new name', async () => {
  const bench = setUp('app.log*');
  writeFileSync(bench.log, joined(lines(0, 10)));
  await bench.settle();
  for (let turn = 1; turn <= 3; turn++) {
    for (let old = turn; old >= 1; old--)
      renameSync(old === 1 ? bench.log : `${bench.log}.${String(old - 1)}`, `${bench.log}.${String(old)}`);
    writeFileSync(bench.log, joined(lines(turn * 10, turn * 10 + 10)));
    await bench.settle();
    if (turn === 2) await bench.restart();
  }
  bench.clock.stepWall(20_000);
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 40));
});

test('finishes a file that was renamed while the program was not running', async () => {
  const bench = setUp();
  writeFileSync(bench.log, joined(lines(0, 10)));
  await bench.settle();
  await bench.pipeline.stop();
  appendFileSync(bench.log, joined(lines(10, 20)));
  renameSync(bench.log, `${bench.log}.1`);
  writeFileSync(bench.log, joined(lines(20, 25)));
  await bench.restart();
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 25));
  bench.clock.stepWall(20_000);
  await bench.settle();
  await bench.restart();
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 25));
});

test.each([
  ['app.log', 'is not covered by the pattern'],
  ['app.log*', 'is covered by the pattern'],
])('reads the rest from the copy when a file is copied and truncated (%s: the copy %s)', async (pattern) => {
  const bench = setUp(pattern);
  writeFileSync(bench.log, joined(lines(0, 10)));
  await bench.settle();
  appendFileSync(bench.log, joined(lines(10, 20)));
  copyFileSync(bench.log, `${bench.log}.1`);
  truncateSync(bench.log, 0);
  appendFileSync(bench.log, joined(lines(20, 23)));
  await bench.settle();
  appendFileSync(bench.log, joined(lines(23, 60)));
  await bench.settle();
  bench.clock.stepWall(20_000);
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 60));
  await bench.restart();
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 60));
});

test('takes a copy that is seen before the truncation for what it is', async () => {
  const bench = setUp('app.log*');
  writeFileSync(bench.log, joined(lines(0, 10)));
  await bench.settle();
  copyFileSync(bench.log, `${bench.log}.1`);
  await bench.settle();
  truncateSync(bench.log, 0);
  await bench.settle();
  appendFileSync(bench.log, joined(lines(10, 12)));
  await bench.settle();
  bench.clock.stepWall(20_000);
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 12));
});

test('knows a copy again that turns up after a truncation and a restart', async () => {
  const bench = setUp('app.log*');
  writeFileSync(bench.log, joined(lines(0, 10)));
  await bench.pipeline.catchUp();
  const elsewhere = join(bench.directory, '..', 'elsewhere');
  copyFileSync(bench.log, elsewhere);
  truncateSync(bench.log, 0);
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 10));
  await bench.restart();
  renameSync(elsewhere, `${bench.log}.1`);
  await bench.settle();
  bench.clock.stepWall(20_000);
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 10));
});

test('notices a truncation behind which the file is longer than before', async () => {
  const bench = setUp();
  writeFileSync(bench.log, joined(lines(0, 10)));
  await bench.settle();
  writeFileSync(bench.log, joined(lines(10, 40)));
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 40));
});

test('notices a truncation that happened while the program was not running', async () => {
  const bench = setUp();
  writeFileSync(bench.log, joined(lines(0, 10)));
  await bench.settle();
  await bench.pipeline.stop();
  writeFileSync(bench.log, joined(lines(10, 40)));
  await bench.restart();
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 40));
});

test('reads a file that was deleted and made again from its start', async () => {
  const bench = setUp();
  for (let turn = 0; turn < 4; turn++) {
    writeFileSync(bench.log, joined(lines(turn * 10, turn * 10 + 10)));
    await bench.settle();
    unlinkSync(bench.log);
    if (turn % 2 === 1) await bench.settle();
  }
  bench.clock.stepWall(20_000);
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 40));
  expect(bench.pipeline.status()).toEqual([]);
});

test('begins at the end of a large file that it never saw, and at the start of a small one or a new one', async () => {
  const bench = setUp();
  const filler = `${'x'.repeat(1023)}\n`.repeat(17 * 1024);
  writeFileSync(bench.log, `${filler}not yet `);
  await bench.settle();
  expect(await bench.texts()).toEqual([]);
  appendFileSync(bench.log, 'complete\nnext\n');
  writeFileSync(join(bench.directory, 'small.log'), 'small\n');
  await bench.settle();
  expect((await bench.texts()).toSorted()).toEqual(['next', 'not yet complete', 'small']);
});

test('reads on under its new sources, and not again what it has', async () => {
  const bench = setUp();
  writeFileSync(bench.log, joined(lines(0, 5)));
  await bench.settle();
  bench.pipeline.update([]);
  appendFileSync(bench.log, joined(lines(5, 8)));
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 5));
  bench.pipeline.update([
    source(bench.directory, '*.log'),
    { ...source(bench.directory, '*.log'), name: 'twice', type: 'error' },
  ]);
  await bench.settle();
  expect(await searchAll(bench.store, { sources: ['app'] })).toHaveLength(8);
  expect(await searchAll(bench.store, { types: ['error'] })).toHaveLength(8);
});

test('waits while entries can not be written, says so once, and loses nothing', async () => {
  let isFull = false;
  const bench = setUp('*.log', (store) => ({
    append: (entries) => {
      store.append(entries);
    },
    commit(checkpoints) {
      if (isFull) throw new Error('database or disk is full');
      store.commit(checkpoints);
    },
    checkpoints: () => store.checkpoints(),
  }));
  writeFileSync(bench.log, joined(lines(0, 5)));
  await bench.settle();
  isFull = true;
  for (let turn = 1; turn < 4; turn++) {
    appendFileSync(bench.log, joined(lines(turn * 5, turn * 5 + 5)));
    await bench.settle();
  }
  expect(await bench.texts()).toEqual(lines(0, 5));
  expect(bench.messages.filter((message) => message.includes('disk is full'))).toHaveLength(1);
  isFull = false;
  await bench.settle();
  expect(await bench.texts()).toEqual(lines(0, 20));
});

test('polls by the clock without being asked', async () => {
  const bench = setUp();
  writeFileSync(bench.log, joined(lines(0, 5)));
  while ((await bench.texts()).length < 5) await bench.clock.run(50);
  expect(await bench.texts()).toEqual(lines(0, 5));
});

test('survives a folder that is not there yet', async () => {
  const bench = setUp('later/*.log');
  await bench.settle();
  mkdirSync(join(bench.directory, 'later'));
  writeFileSync(join(bench.directory, 'later', 'a.log'), 'here\n');
  await bench.settle();
  expect(await bench.texts()).toEqual(['here']);
  rmSync(join(bench.directory, 'later'), { recursive: true });
  await bench.settle();
});
