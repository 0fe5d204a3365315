import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NewLogEntry } from '../../../../electron/engine/collect/parse/log-entry.ts';
import { LOG_LEVELS } from '../../../../electron/engine/collect/parse/log-level.ts';
import type { LogEntry } from '../../../../electron/engine/store/logs/index.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import { DAY_MS, NOW_MS, entry, generateEntries, makeDirectory, openStore, searchAll } from './log-samples.ts';

const COUNT = 3000;

function storeWith(entries: readonly NewLogEntry[], blockEntries = 256) {
  const store = openStore({ blockEntries });
  for (let at = 0; at < entries.length; at += 100) {
    store.append(entries.slice(at, at + 100));
    store.commit();
  }
  return store;
}

const byTime = (entries: readonly NewLogEntry[]): NewLogEntry[] =>
  entries.toSorted((a, b) => a.timestampMs - b.timestampMs);
const plain = ({ id: _id, fields: _fields, ...rest }: LogEntry): NewLogEntry => rest;
/** The word rule in its plainest form: contains, and a word with digits starts where no letter or digit stands before. */
const holds = (text: string, word: string): boolean =>
  /[0-9]/.test(word)
    ? new RegExp(`(?<![a-z0-9])${word}`, 'i').test(text)
    : text.toLowerCase().includes(word.toLowerCase());

test('gives back every entry as it came, newest first and oldest first', async () => {
  const entries = generateEntries(COUNT);
  const store = storeWith(entries);
  const forward = await searchAll(store, { direction: 'forward', limit: 97 });
  expect(forward.map(plain)).toEqual(byTime(entries));
  const backward = await searchAll(store, { direction: 'backward', limit: 61 });
  expect(backward).toEqual(forward.toReversed());
  expect(new Set(forward.map(({ id }) => id)).size).toBe(COUNT);
});

const WORDS = [
  'timeout',
  'TIMEOUT',
  'exception',
  'pay',
  'ab',
  '订单',
  '支付',
  '失',
  'РЕСУ',
  'résumé',
  'РЕ',
  'ошиб',
  'ΟΔΟΣ',
  'οδο',
  '🚀',
  '12',
  '120',
  '1200ms',
  'f00',
  'launch',
];
test.each(WORDS)('finds %j exactly where a reader would', async (word) => {
  const entries = generateEntries(COUNT);
  const store = storeWith(entries);
  const found = await searchAll(store, { direction: 'forward', text: word });
  const expected = byTime(entries).filter(({ text }) =>
    holds(text.replaceAll('ς', 'σ').replaceAll('Σ', 'σ'), word.replaceAll('Σ', 'σ')),
  );
  expect(found.map(plain)).toEqual(expected);
});

test.each([
  ['timeout order', (text: string) => text.includes('timeout') && text.includes('order')],
  ['timeout -order', (text: string) => text.includes('timeout') && !text.includes('order')],
  ['"connection user"', (text: string) => text.includes('connection user')],
  ['"id=a"', (text: string) => text.includes('id=a')],
  ['-"id=a" 支付失败', (text: string) => !text.includes('id=a') && text.includes('支付失败')],
  ['/took 1[0-9]{2}ms/', (text: string) => /took 1[0-9]{2}ms/.test(text)],
  ['/nullpointer.*user/i retry', (text: string) => /nullpointer.*user/i.test(text) && text.includes('retry')],
  ['-/[a-z]+ 订单/', (text: string) => !/[a-z]+ 订单/.test(text)],
  ['/api/v2/orders', (text: string) => text.includes('/api/v2/orders')],
  ['"99ms"', (text: string) => text.includes('99ms')],
  ['more lines', (text: string) => text.includes('more (lines)')],
])('takes %s at its word', async (text, expected) => {
  const entries = generateEntries(COUNT, 2);
  const store = storeWith(entries);
  const found = await searchAll(store, { direction: 'forward', text });
  const wanted = byTime(entries).filter((one) => expected(one.text));
  expect(wanted.length).toBeGreaterThan(0);
  expect(found.map(plain)).toEqual(wanted);
});

test('finds nothing that only two neighbours together would hold', async () => {
  const store = openStore({ blockEntries: 3 });
  store.append(['foo ba', 'r7 baz', 'bar7'].map((text) => entry({ text })));
  store.commit();
  expect((await searchAll(store, { text: 'bar7' })).map(({ text }) => text)).toEqual(['bar7']);
  expect((await searchAll(store, { text: 'r7' })).map(({ text }) => text)).toEqual(['r7 baz']);
});

test('filters by time, level, type and source together, with the end excluded', async () => {
  const entries = generateEntries(COUNT, 3);
  const store = storeWith(entries);
  const fromMs = NOW_MS - 2 * DAY_MS;
  const toMs = NOW_MS - DAY_MS;
  const found = await searchAll(store, {
    direction: 'forward',
    fromMs,
    toMs,
    levels: ['warn', 'error'],
    types: ['business', 'access'],
    sources: ['仓库'],
  });
  const expected = byTime(entries).filter(
    (one) =>
      one.timestampMs >= fromMs &&
      one.timestampMs < toMs &&
      ['warn', 'error'].includes(one.level) &&
      ['business', 'access'].includes(one.type) &&
      one.source === '仓库',
  );
  expect(expected.length).toBeGreaterThan(10);
  expect(found.map(plain)).toEqual(expected);
});

test('answers the same before and after it is closed and opened', async () => {
  const entries = generateEntries(1000, 4);
  const directory = makeDirectory();
  const first = openStore({ directory, blockEntries: 64 });
  first.append(entries);
  first.commit(
    new Map([
      ['tail:a', '{"offset":1}'],
      ['tail:b', '2'],
    ]),
  );
  first.commit(new Map([['tail:b', null]]));
  const before = await searchAll(first);
  first.close();
  const second = openStore({ directory, blockEntries: 64 });
  expect(await searchAll(second)).toEqual(before);
  expect([...second.checkpoints()]).toEqual([['tail:a', '{"offset":1}']]);
  second.append([entry({ text: 'one more' })]);
  second.commit();
  expect(await searchAll(second)).toHaveLength(1001);
});

test('shows lines around one: of its file, or of everything', async () => {
  const entries = generateEntries(COUNT, 5);
  const store = storeWith(entries);
  const all = await searchAll(store, { direction: 'forward' });
  const middle = all[1500];
  if (middle === undefined) throw new Error('no entry');
  const everything = await store.around(middle.id, 10, { within: 'everything' });
  expect(everything?.entries).toEqual(all.slice(1490, 1511));
  expect(everything?.entries[everything.index]).toEqual(middle);
  const sameFile = all.filter(
    (one) => one.file === middle.file && one.source === middle.source && one.type === middle.type,
  );
  const at = sameFile.findIndex((one) => one.id === middle.id);
  expect((await store.around(middle.id, 7))?.entries).toEqual(sameFile.slice(at - 7, at + 8));
  expect(await store.around('zzz.zzz', 3)).toBeNull();
  expect(await store.around('not an id', 3)).toBeNull();
});

test.each([{}, { text: 'timeout' }, { levels: ['error' as const] }, { sources: ['shop'] }])(
  'counts by time and level as a search would, for %j',
  async (selection) => {
    const entries = generateEntries(COUNT, 6);
    const store = storeWith(entries, 128);
    const range = { fromMs: NOW_MS - 3 * DAY_MS + 1234, toMs: NOW_MS - 4321 };
    const found = await searchAll(store, { ...range, ...selection, direction: 'forward' });
    const answer = await store.histogram({ ...range, ...selection }, { buckets: 50 });
    if (!answer.ok) throw new Error(answer.problem.message);
    const { histogram } = answer;
    expect(histogram.complete).toBe(true);
    expect(histogram.total).toBe(found.length);
    expect(histogram.counts.info.length).toBeLessThanOrEqual(50);
    const expected = Object.fromEntries(LOG_LEVELS.map((level) => [level, histogram.counts.info.map(() => 0)]));
    for (const one of found) {
      const column = expected[one.level] ?? [];
      const bucket = Math.floor((one.timestampMs - histogram.fromMs) / histogram.bucketMs);
      column[bucket] = (column[bucket] ?? 0) + 1;
    }
    expect(histogram.counts).toEqual(expected);
  },
);

test('stops when the time is over, says so, and goes on from there without a gap', async () => {
  const entries = generateEntries(COUNT, 7);
  const clock = { ...createManualClock(NOW_MS) };
  let ticks = 0;
  const store = openStore({ blockEntries: 64, clock: { ...clock, monotonic: () => ticks++ } });
  store.append(entries);
  store.commit();
  const found: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  let cut = 0;
  do {
    const page = await store.search(
      {
        fromMs: 0,
        toMs: NOW_MS + DAY_MS,
        limit: 500,
        direction: 'backward',
        text: 'ошибка',
        ...(cursor === undefined ? {} : { cursor }),
      },
      { budgetMs: 30 },
    );
    if (!page.ok) throw new Error(page.problem.message);
    found.push(...page.entries.map(({ id }) => id));
    if (!page.complete) cut++;
    cursor = page.nextCursor ?? undefined;
    pages++;
  } while (cursor !== undefined);
  expect(cut).toBeGreaterThan(1);
  expect(pages).toBeGreaterThan(cut);
  expect(found).toHaveLength(entries.filter(({ text }) => text.includes('ошибка')).length);
  expect(new Set(found).size).toBe(found.length);
});

test('can be called off in the middle', async () => {
  const store = storeWith(generateEntries(500, 8), 64);
  const controller = new AbortController();
  controller.abort(new Error('no longer wanted'));
  const search = store.search(
    { fromMs: 0, toMs: NOW_MS, limit: 10, direction: 'backward' },
    { signal: controller.signal },
  );
  await expect(search).rejects.toThrow('no longer wanted');
});

test.each([
  ['"open', 'The quotation mark is not closed.', 0],
  ['ok /a(b/', 'missing closing', 3],
  ['/(?=a)b/', 'Lookarounds and backreferences are not supported', 0],
  ['/a/q', 'unknown flag "q"', 0],
])('says what is wrong with %s', async (text, message, position) => {
  const store = openStore();
  const answer = await store.search({ fromMs: 0, toMs: NOW_MS, limit: 10, direction: 'backward', text });
  expect(answer).toMatchObject({ ok: false, problem: { position } });
  if (!answer.ok) expect(answer.problem.message).toContain(message);
});

test('tells subscribers of what fits once it is committed, and not before', () => {
  const store = openStore();
  const heard: string[] = [];
  const subscription = store.subscribe({ levels: ['error'], text: '失败' }, (entries) =>
    heard.push(...entries.map(({ text }) => text)),
  );
  store.append([
    entry({ level: 'error', text: '支付失败 2', timestampMs: NOW_MS + 1 }),
    entry({ level: 'info', text: '支付失败 info' }),
    entry({ level: 'error', text: '支付失败 1', type: 'business' }),
    entry({ level: 'error', text: 'other' }),
  ]);
  expect(heard).toEqual([]);
  store.commit();
  expect(heard).toEqual(['支付失败 1', '支付失败 2']);
  if (!subscription.ok) throw new Error(subscription.problem.message);
  subscription.stop();
  store.append([entry({ level: 'error', text: '支付失败 3' })]);
  store.commit();
  expect(heard).toHaveLength(2);
});

test('keeps fields that came with an entry', async () => {
  const store = openStore({ blockEntries: 2 });
  store.append([entry({ fields: { user: '张三', n: '4' } }), entry(), entry({ fields: { deep: 'null' } })]);
  store.commit();
  const found = await searchAll(store, { direction: 'forward' });
  expect(found.map(({ fields }) => fields)).toEqual([{ user: '张三', n: '4' }, undefined, { deep: 'null' }]);
});

test('deletes days that are too old for their type, by the day or by when they were read in', async () => {
  const clock = createManualClock(NOW_MS);
  const directory = makeDirectory();
  const days = {
    application: 5 * DAY_MS,
    error: 20 * DAY_MS,
    business: 90 * DAY_MS,
    access: 5 * DAY_MS,
    sizeBytes: 1e9,
  };
  const store = openStore({ directory, clock, retention: days, blockEntries: 1 });
  store.append([entry(), entry({ type: 'error' }), entry({ timestampMs: NOW_MS - 40 * DAY_MS })]);
  store.commit();
  expect(readdirSync(directory).filter((name) => name.endsWith('.db'))).toHaveLength(4);
  expect(store.enforceRetention()).toEqual([]);
  clock.advance(5.5 * DAY_MS);
  expect((await searchAll(store)).map(({ timestampMs }) => timestampMs)).toEqual([NOW_MS, NOW_MS]);
  clock.advance(1.5 * DAY_MS);
  expect((await searchAll(store)).map(({ type }) => type)).toEqual(['error']);
  expect(store.enforceRetention()).toEqual([]);
  expect(
    readdirSync(directory)
      .filter((name) => name.endsWith('.db'))
      .sort(),
  ).toEqual(['error-2026-02-03.db', 'hot.db']);
  store.configure({ retention: { ...days, error: DAY_MS } });
  store.enforceRetention();
  expect(await searchAll(store)).toEqual([]);
});

test('deletes the oldest days when all together are too large, and never today', async () => {
  const directory = makeDirectory();
  const store = openStore({
    directory,
    blockEntries: 10,
    retention: { application: 1e12, error: 1e12, business: 1e12, access: 1e12, sizeBytes: 150_000 },
  });
  for (let day = 9; day >= 0; day--) {
    store.append(
      Array.from({ length: 10 }, (_, index) =>
        entry({ timestampMs: NOW_MS - day * DAY_MS, text: `line ${String(index)}` }),
      ),
    );
    store.commit();
  }
  const deleted = store.enforceRetention();
  expect(deleted.length).toBeGreaterThan(3);
  expect(deleted.length).toBeLessThan(10);
  const found = await searchAll(store, { direction: 'forward' });
  expect(found).toHaveLength((10 - deleted.length) * 10);
  expect(found.at(-1)?.timestampMs).toBe(NOW_MS);
});

test('sets a damaged day aside by name and answers from the others', async () => {
  const directory = makeDirectory();
  const first = openStore({ directory, blockEntries: 5 });
  for (const day of [0, 1, 2]) {
    first.append(Array.from({ length: 5 }, () => entry({ timestampMs: NOW_MS - day * DAY_MS })));
    first.commit();
  }
  first.close();
  writeFileSync(join(directory, 'application-2026-02-02.db'), 'this is no database, and never was one'.repeat(300));
  const second = openStore({ directory, blockEntries: 5 });
  expect((await searchAll(second)).map(({ timestampMs }) => timestampMs)).toEqual([
    ...new Array<number>(5).fill(NOW_MS),
    ...new Array<number>(5).fill(NOW_MS - 2 * DAY_MS),
  ]);
  expect(second.messages.join('\n')).toContain('application-2026-02-02.db');
  expect(readdirSync(directory).some((name) => name.startsWith('application-2026-02-02.db.damaged-'))).toBe(true);
});

test('goes on with new numbers when hot.db is lost', async () => {
  const directory = makeDirectory();
  const first = openStore({ directory, blockEntries: 5 });
  first.append(Array.from({ length: 10 }, () => entry()));
  first.commit();
  first.close();
  writeFileSync(join(directory, 'hot.db'), 'broken'.repeat(2000));
  const second = openStore({ directory, blockEntries: 5 });
  second.append(Array.from({ length: 7 }, () => entry({ text: 'later' })));
  second.commit();
  const found = await searchAll(second, { direction: 'forward' });
  expect(found.map(({ text }) => text)).toEqual([
    ...new Array<string>(10).fill('a line'),
    ...new Array<string>(7).fill('later'),
  ]);
  expect(new Set(found.map(({ id }) => id)).size).toBe(17);
});

test('does not double entries when a kill came between sealing a block and forgetting its entries', async () => {
  const directory = makeDirectory();
  const hot = join(directory, 'hot.db');
  const first = openStore({ directory });
  first.append(Array.from({ length: 100 }, (_, index) => entry({ text: `line ${String(index)}` })));
  first.commit();
  first.close();
  copyFileSync(hot, `${hot}.before`);
  const second = openStore({ directory, blockEntries: 30 });
  second.append([entry({ text: 'the one that fills the block' })]);
  second.commit();
  expect(second.stats().unsealedEntries).toBe(11);
  second.close();
  copyFileSync(`${hot}.before`, hot);
  const third = openStore({ directory, blockEntries: 30 });
  const texts = (await searchAll(third, { direction: 'forward' })).map(({ text }) => text);
  expect(texts).toEqual(Array.from({ length: 100 }, (_, index) => `line ${String(index)}`));
  third.append([entry({ text: 'next' })]);
  third.commit();
  expect(await searchAll(third)).toHaveLength(101);
});

test('takes an impossible time for now', async () => {
  const store = openStore();
  store.append([entry({ timestampMs: Number.NaN }), entry({ timestampMs: NOW_MS + 0.6 })]);
  store.commit();
  expect((await searchAll(store)).map(({ timestampMs }) => timestampMs)).toEqual([NOW_MS + 1, NOW_MS]);
});

test('lists sources with counts by level', () => {
  const entries = generateEntries(700, 9);
  const store = storeWith(entries, 64);
  const sources = store.sources();
  expect(sources.reduce((sum, one) => sum + one.entries, 0)).toBe(700);
  const shopAccess = entries.filter((one) => one.source === 'shop' && one.type === 'access');
  const summary = sources.find((one) => one.source === 'shop' && one.type === 'access');
  expect(summary).toMatchObject({
    entries: shopAccess.length,
    levels: LOG_LEVELS.map((level) => shopAccess.filter((one) => one.level === level).length),
  });
  expect(store.stats()).toMatchObject({ entries: 700, appendedEntries: 700, lastSequence: 700 });
});
