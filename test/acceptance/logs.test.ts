import { appendFileSync, renameSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { LogEntry } from '../../shared/contract/logs.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';

let place: Workplace;
let vedette: Vedette;
const from = Date.now() - 3_600_000;
const to = from + 2 * 3_600_000;

beforeAll(async () => {
  place = makeWorkplace();
  place.write(
    'logs/app.log',
    [line('INFO', 'started in 12 ms'), line('ERROR', 'lost the database'), '  at connect (db.js:7)', ''].join('\n'),
  );
  place.write('logs/access.log', '');
  place.write(
    'prometheus.yml',
    `
host: {enabled: false}
logs:
  - {name: app, type: application, files: ['${place.path('logs')}/app.log']}
  - {name: web, type: access, files: ['${place.path('logs')}/access*.log']}
`,
  );
  vedette = await startVedette({ workplace: place });
});
afterAll(async () => {
  await vedette.stop();
  place.remove();
});

function line(level: string, text: string): string {
  return `${new Date().toISOString()} ${level} ${text}`;
}

function write(...lines: readonly string[]): void {
  appendFileSync(place.path('logs/app.log'), lines.map((one) => `${one}\n`).join(''));
}

async function find(filter: {
  text?: string;
  levels?: LogEntry['level'][];
  sources?: string[];
  from?: number;
  to?: number;
}): Promise<readonly string[]> {
  const { entries } = await vedette.client.logs.search({ from, to, direction: 'forward', ...filter });
  return entries.map(({ text }) => text.replace(/^\S+ \S+ /, ''));
}

/** Until the entry is there; entries are joined with the lines that follow, so one may take a moment. */
const waitFor = (text: string): Promise<void> =>
  vi.waitFor(async () => expect(await find({ text })).toHaveLength(1), { timeout: 10_000, interval: 100 });

it('has what was written before it started, with the lines that belong together', async () => {
  await waitFor('database');
  expect(await find({})).toEqual(['started in 12 ms', 'lost the database\n  at connect (db.js:7)']);
});

it('finds by level, text, phrase, exclusion, regular expression and time', async () => {
  expect(await find({ levels: ['error'] })).toEqual(['lost the database\n  at connect (db.js:7)']);
  expect(await find({ text: 'STARTED' })).toEqual(['started in 12 ms']);
  expect(await find({ text: '"in 12"' })).toEqual(['started in 12 ms']);
  expect(await find({ text: '"12 in"' })).toEqual([]);
  expect(await find({ text: '-database' })).toEqual(['started in 12 ms']);
  expect(await find({ text: String.raw`/in \d+ ms$/` })).toEqual(['started in 12 ms']);
  expect(await find({ to: from + 1000 })).toEqual([]);
  expect(await find({ sources: ['web'] })).toEqual([]);
});

it('counts entries over time', async () => {
  const histogram = await vedette.client.logs.histogram({ from, to, buckets: 10 });
  expect(histogram.total).toBe(2);
  expect(histogram.counts.error.reduce((sum, count) => sum + count, 0)).toBe(1);
  expect(histogram.starts).toHaveLength(histogram.counts.error.length);
});

it('reads what a format says: an access line has a level and fields', async () => {
  const stamp = '10/Oct/2000:13:55:36 +0000';
  appendFileSync(place.path('logs/access.log'), `127.0.0.1 - - [${stamp}] "GET /missing HTTP/1.1" 503 12 "-" "curl"\n`);
  await vi.waitFor(async () => {
    const { entries } = await vedette.client.logs.search({ from: 0, to, sources: ['web'] });
    expect(entries).toMatchObject([
      { at: Date.parse('2000-10-10T13:55:36Z'), level: 'error', type: 'access', fields: { status: '503' } },
    ]);
  }, 10_000);
});

it('streams new entries that match to whoever listens', async () => {
  const enough = new AbortController();
  const tail = await vedette.client.logs.tail({ text: 'paid', levels: ['info'] }, { signal: enough.signal });
  const seen: string[] = [];
  const first = tail.next();
  write(
    line('INFO', 'order 1 paid'),
    line('WARN', 'order 2 paid late'),
    line('INFO', 'order 3 sent'),
    line('INFO', 'order 4 paid'),
  );
  for (let next = await first; next.done !== true; next = await tail.next()) {
    for (const { text } of next.value.entries) seen.push(text.replace(/^\S+ \S+ /, ''));
    if (seen.length >= 2) break;
  }
  enough.abort();
  expect(seen).toEqual(['order 1 paid', 'order 4 paid']);
});

it('follows a file over its rotation and loses none of either', async () => {
  write(line('INFO', 'the last before the rotation'));
  renameSync(place.path('logs/app.log'), place.path('logs/app.log.1'));
  appendFileSync(place.path('logs/app.log.1'), `${line('INFO', 'a late one into the old file')}\n`);
  write(line('INFO', 'the first after it'));
  await waitFor('"the first after it"');
  await waitFor('"the last before the rotation"');
  await waitFor('"a late one into the old file"');
});

it('goes on where it was after a kill, and has nothing twice', async () => {
  write(line('INFO', 'committed before the kill'));
  await waitFor('"committed before the kill"');
  const before = await find({});
  await vedette.kill();
  write(line('INFO', 'written while it was away'));
  vedette = await startVedette({ workplace: place });
  await waitFor('"written while it was away"');
  expect(await find({})).toEqual([...before, 'written while it was away']);
  const [app] = await vedette.client.logs.sources();
  expect(app).toMatchObject({
    name: 'app',
    files: [{ path: place.path('logs/app.log'), lagBytes: 0, lastError: null }],
  });
});
