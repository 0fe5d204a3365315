import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { NewLogEntry } from '../../../../electron/engine/collect/parse/log-entry.ts';
import type { LogLevel } from '../../../../electron/engine/collect/parse/log-level.ts';
import type { LogType } from '../../../../electron/engine/config/configuration.ts';
import { openLogStore } from '../../../../electron/engine/store/logs/index.ts';
import type { LogEntry, LogQuery, LogStore, LogStoreOptions } from '../../../../electron/engine/store/logs/index.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';

export const DAY_MS = 86_400_000;
/** 2026-02-03T04:05:06Z. */
export const NOW_MS = Date.UTC(2026, 1, 3, 4, 5, 6);

export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'vedette-logs-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

export const KEEP_ALL: LogStoreOptions['retention'] = {
  application: 1000 * DAY_MS,
  error: 1000 * DAY_MS,
  business: 1000 * DAY_MS,
  access: 1000 * DAY_MS,
  sizeBytes: 1e12,
};

export function openStore(overrides: Partial<LogStoreOptions> = {}): LogStore & { readonly messages: string[] } {
  const messages: string[] = [];
  const store = openLogStore({
    directory: overrides.directory ?? makeDirectory(),
    clock: createManualClock(NOW_MS),
    log: (level, message) => {
      messages.push(`${level} ${message}`);
    },
    retention: KEEP_ALL,
    ...overrides,
  });
  onTestFinished(() => {
    store.close();
  });
  return Object.assign(store, { messages });
}

export function entry(overrides: Partial<NewLogEntry> = {}): NewLogEntry {
  return {
    timestampMs: NOW_MS,
    source: 'app',
    type: 'application',
    file: '/var/log/app.log',
    level: 'info',
    text: 'a line',
    ...overrides,
  };
}

/** Read every page of a query. */
export async function searchAll(store: LogStore, query: Partial<LogQuery> = {}): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await store.search({
      fromMs: 0,
      toMs: NOW_MS + 10 * DAY_MS,
      limit: 100,
      direction: 'backward',
      ...query,
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (!page.ok) throw new Error(page.problem.message);
    found.push(...page.entries);
    if (page.nextCursor === null) return found;
    cursor = page.nextCursor;
  }
}

/** A small deterministic stream of numbers in 0–1 (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS = [
  ...[
    'timeout',
    'connection',
    'NullPointerException',
    'user',
    'order',
    'payment',
    'retry',
    'cache',
    'miss',
    'Upstream',
  ],
  ...[
    '订单',
    '支付失败',
    '连接超时',
    '用户',
    'résumé',
    'ошибка',
    'ΟΔΟΣ',
    '🚀launch',
    'GET',
    '/api/v2/orders',
    'a',
    'ab',
  ],
];
const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'info', 'info', 'warn', 'error', 'fatal', 'unknown'];
const TYPES: readonly LogType[] = ['application', 'error', 'business', 'access'];

/** Entries of three days that overlap, repeat times, and come out of order by some seconds. */
export function generateEntries(count: number, seed = 1): NewLogEntry[] {
  const random = createRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  return Array.from({ length: count }, (_, index) => {
    const words = Array.from({ length: 2 + Math.floor(random() * 6) }, () => pick(WORDS));
    const id = Math.floor(random() * 0xffffffff).toString(16);
    const timestampMs = NOW_MS - 3 * DAY_MS + Math.floor((((index + random() * 40) / count) * 3 * DAY_MS) / 50) * 50;
    return entry({
      timestampMs,
      level: pick(LEVELS),
      type: pick(TYPES),
      source: pick(['shop', 'gateway', '仓库']),
      file: `/var/log/${pick(['one', 'two'])}.log`,
      text: `${words.join(' ')} id=${id} took ${String(Math.floor(random() * 2000))}ms${random() < 0.05 ? '\n  at more (lines)' : ''}`,
    });
  });
}
