/**
 * Logs, end to end: write files with generated lines, follow them into a store, ask. Prints one figure per line.
 *
 *   node bench/logs.ts [lines, default 500000]
 *
 * Bars: 50,000 lines a second; 0.30 of the raw size on the disk; a rare word in 50 ms among 10 million lines.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { createLogPipeline } from '../electron/engine/collect/tail/index.ts';
import { systemClock } from '../electron/engine/schedule/clock.ts';
import { openLogStore } from '../electron/engine/store/logs/index.ts';
import type { LogQuery } from '../electron/engine/store/logs/index.ts';

const LINES = Number(process.argv[2] ?? 500_000);
const SPAN_MS = 20 * 3_600_000;
const endMs = Math.floor(systemClock.now() / 86_400_000) * 86_400_000;
const startMs = endMs - SPAN_MS;
const keepMs = 1e12;

const random = mulberry32(20260101);
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
const hex = (digits: number): string =>
  Array.from({ length: digits / 8 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
const VERBS =
  'created updated fetched rejected queued shipped cancelled retried flushed expired refreshed merged'.split(' ');
const NOUNS = 'order payment session invoice shipment customer token cache partition segment quota webhook'.split(' ');
const SERVICES = Array.from({ length: 24 }, (_, index) => `${pick(NOUNS)}-svc-${String(index)}`);
const AGENTS = Array.from(
  { length: 40 },
  (_, i) => `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.${String(i)} Chrome/${String(90 + i)}.0`,
);
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const NEEDLE = 'zanzibarium';
let rawBytes = 0;
let traceId = '';

const directory = mkdtempSync(join(tmpdir(), 'vedette-bench-logs-'));
try {
  await bench();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function bench(): Promise<void> {
  const logs = join(directory, 'logs');
  const storeDirectory = join(directory, 'store');
  mkdirSync(logs);
  const store = openLogStore({
    directory: storeDirectory,
    clock: systemClock,
    log: (level, message) => {
      if (level !== 'info') console.log(`${level}: ${message}`);
    },
    retention: { application: keepMs, error: keepMs, business: keepMs, access: keepMs, sizeBytes: 1e15 },
  });
  const sources = [
    { name: 'bench', type: 'application' as const, files: [join(logs, '*.log')], labels: {}, metrics: [] },
  ];
  const pipeline = createLogPipeline({ sources, store, clock: systemClock, log: () => undefined });
  // Files that appear later are read from their beginning, whatever their size.
  await pipeline.catchUp();
  writeLines(join(logs, 'mixed.log'));
  print('lines', LINES, '');
  print('raw size', rawBytes / 1e6, 'MB');

  const cpu = process.cpuUsage();
  const startedAt = systemClock.monotonic();
  await pipeline.catchUp();
  const wallS = (systemClock.monotonic() - startedAt) / 1000;
  const used = process.cpuUsage(cpu);
  const cpuS = (used.user + used.system) / 1e6;
  await pipeline.stop();
  print('ingest: tail, parse, index, store', LINES / wallS, 'lines/s');
  print('ingest per CPU second', LINES / cpuS, 'lines');
  const stats = store.stats();
  print('entries', stats.entries, '');
  print('store ÷ raw', stats.sizeBytes / rawBytes, '×');
  const packed = zstdCompressSync(readFileSync(join(logs, 'mixed.log'))).length;
  print('beside: zstd -3 of the whole file ÷ raw', packed / rawBytes, '×');

  const ask = async (name: string, query: Partial<LogQuery>): Promise<void> => {
    const times: number[] = [];
    let found = 0;
    for (let turn = 0; turn < 5; turn++) {
      const askedAt = systemClock.monotonic();
      const page = await store.search(
        { fromMs: 0, toMs: endMs * 2, limit: 100, direction: 'backward', ...query },
        { budgetMs: 60_000 },
      );
      times.push(systemClock.monotonic() - askedAt);
      if (!page.ok) throw new Error(page.problem.message);
      found = page.entries.length;
    }
    print(`${name} (${String(found)} found)`, times.sort((a, b) => a - b)[2] ?? 0, 'ms');
  };
  await ask('rare word', { text: NEEDLE });
  await ask('rare word, part of it, other case', { text: 'ZIBARI' });
  await ask('word that is not there', { text: 'quetzalcoatlus' });
  await ask('trace id', { text: traceId });
  await ask('中文, rare', { text: '库存不足' });
  await ask('common word, newest 100', { text: 'payment' });
  await ask('errors, newest 100', { levels: ['error'] });
  await ask('regexp with a literal', { text: '/zanzi[a-z]+ium \\d+/' });
  for (const text of ['', 'payment']) {
    const askedAt = systemClock.monotonic();
    const answer = await store.histogram({ fromMs: startMs, toMs: endMs, text }, { buckets: 120, budgetMs: 60_000 });
    if (!answer.ok) throw new Error(answer.problem.message);
    print(
      `histogram${text === '' ? '' : ` of "${text}"`}, ${String(answer.histogram.total)} entries`,
      systemClock.monotonic() - askedAt,
      'ms',
    );
  }
  store.close();
  const grepAt = systemClock.monotonic();
  execFileSync('grep', ['-c', '-i', NEEDLE, join(logs, 'mixed.log')]);
  print('beside: grep -i over the same file, in the page cache', systemClock.monotonic() - grepAt, 'ms');
}

function writeLines(path: string): void {
  const file = openSync(path, 'w');
  let text = '';
  for (let line = 0; line < LINES; line++) {
    text += `${makeLine(line)}\n`;
    if (text.length < 1 << 20 && line < LINES - 1) continue;
    rawBytes += writeSync(file, text);
    text = '';
  }
  closeSync(file);
}

/** JSON 45 %, access log 35 %, Python 15 %, Java 5 %; traces after some errors. */
function makeLine(index: number): string {
  const iso = new Date(startMs + (index / LINES) * SPAN_MS).toISOString();
  const level = random() < 0.03 ? 'ERROR' : random() < 0.05 ? 'WARN' : 'INFO';
  const extra = index === Math.floor(LINES / 3) ? ` ${NEEDLE} 42` : index === Math.floor(LINES / 2) ? ' 库存不足' : '';
  const message = `${pick(NOUNS)} ${pick(VERBS)} for ${pick(NOUNS)} ${String(Math.floor(random() * 1e5))} in ${String(Math.floor(random() * 900))}ms${extra}`;
  const kind = random();
  if (kind < 0.45) {
    const id = hex(32);
    const service = pick(SERVICES);
    if (index < LINES / 2) traceId = id;
    return JSON.stringify({
      ts: iso,
      level: level.toLowerCase(),
      service,
      host: `node-${String(index % 9)}.eu-west`,
      env: 'production',
      version: '2.14.3',
      logger: `com.example.${service}`,
      trace_id: id,
      msg: message,
    });
  }
  if (kind < 0.8) {
    const day = iso.slice(8, 10);
    const month = MONTHS[Number(iso.slice(5, 7)) - 1] ?? '';
    const time = `${day}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
    return `10.2.${String(index % 256)}.${String(Math.floor(random() * 256))} - - [${time}] "GET /api/v2/${pick(NOUNS)}/${String(Math.floor(random() * 1e4))} HTTP/1.1" ${level === 'ERROR' ? '502' : '200'} ${String(Math.floor(random() * 50_000))} "-" "${pick(AGENTS)}"${extra}`;
  }
  if (kind < 0.95) {
    const line = `${iso.slice(0, 10)} ${iso.slice(11, 19)},${iso.slice(20, 23)}+0000 ${level} shop.${pick(NOUNS)}: ${message}`;
    if (level !== 'ERROR') return line;
    return `${line}\nTraceback (most recent call last):\n  File "/srv/shop/${pick(NOUNS)}.py", line ${String(index % 400)}, in run\n    raise ValueError(x)\nValueError: ${pick(NOUNS)}`;
  }
  return `${iso} ${level.padEnd(5)} [worker-${String(index % 16)}] c.e.shop.${pick(NOUNS)}.Service - ${message}`;
}

function print(what: string, value: number, unit: string): void {
  const text = value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
  console.log(`${what.padEnd(56)} ${text.padStart(12)} ${unit}`);
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
