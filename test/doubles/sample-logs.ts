import type { LogEntry, LogFilter, LogLevel } from '../../shared/contract/logs.ts';
import { share, wave } from './sample-random.ts';

const STEP_MS = 400;
const SOURCES = ['checkout-api', 'payments', 'nginx'];
const TEXTS: readonly (readonly [LogLevel, string])[] = [
  ['info', 'request completed method=GET path=/api/cart status=200 duration=12ms'],
  ['info', 'cache hit key=product:4711'],
  ['debug', 'connection returned to the pool size=8 idle=5'],
  ['info', '订单 80231 已支付，金额 129.00'],
  ['warn', 'slow query duration=1240ms rows=18211 statement="select * from orders"'],
  ['info', 'request completed method=POST path=/api/checkout status=201 duration=84ms'],
  ['error', 'upstream 10.0.0.4:443 answered 502; giving up after 3 attempts'],
  ['info', 'بدأت المعالجة للطلب 4411'],
];

/** The entry of a moment; times are multiples of 400 ms. */
function entryAt(at: number): LogEntry {
  const seed = String(at);
  // Errors come more often in the last minutes, so that there is something to see.
  const pick = Math.floor(share(seed) ** 1.4 * TEXTS.length);
  const [level, text] = TEXTS[pick] ?? ['info', ''];
  const source = SOURCES[Math.floor(share(`${seed}s`) * SOURCES.length)] ?? 'nginx';
  return {
    id: `e${seed}`,
    at,
    level,
    source,
    type: source === 'nginx' ? 'access' : 'application',
    file: `/var/log/${source}.log`,
    text,
    fields: { trace_id: Math.floor(share(`${seed}t`) * 1e9).toString(16), host: 'web-1' },
  };
}

function matches(entry: LogEntry, filter: Omit<LogFilter, 'from' | 'to'>): boolean {
  if (filter.levels !== undefined && filter.levels.length > 0 && !filter.levels.includes(entry.level)) return false;
  if (filter.sources !== undefined && filter.sources.length > 0 && !filter.sources.includes(entry.source)) return false;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => entry.text.toLowerCase().includes(word));
}

export interface SamplePage {
  entries: LogEntry[];
  nextCursor: string | null;
  scanned: number;
  complete: boolean;
}

export function searchSample(
  filter: LogFilter & { direction: 'backward' | 'forward'; cursor?: string | undefined; limit: number },
): SamplePage {
  const step = filter.direction === 'backward' ? -STEP_MS : STEP_MS;
  const edge = filter.direction === 'backward' ? filter.to : filter.from;
  const start = filter.cursor === undefined ? edge : Number(filter.cursor.slice(1)) + step;
  const entries: LogEntry[] = [];
  let scanned = 0;
  let at = Math.floor(start / STEP_MS) * STEP_MS;
  for (; at >= filter.from && at <= filter.to && entries.length < filter.limit && scanned < 200_000; at += step) {
    scanned++;
    const entry = entryAt(at);
    if (matches(entry, filter)) entries.push(entry);
  }
  const atEnd = at < filter.from || at > filter.to;
  return { entries, nextCursor: atEnd ? null : `e${String(at - step)}`, scanned, complete: scanned < 200_000 };
}

/** Counts follow a wave instead of being counted, so that a range of 30 days costs nothing. */
export function histogramSample(filter: LogFilter & { buckets: number }): {
  bucketMs: number;
  starts: number[];
  counts: Record<LogLevel, number[]>;
  total: number;
  complete: boolean;
} {
  const bucketMs = (filter.to - filter.from) / filter.buckets;
  const starts = Array.from({ length: filter.buckets }, (_, index) => filter.from + index * bucketMs);
  const perBucket = bucketMs / STEP_MS;
  const wanted = (level: LogLevel): boolean =>
    filter.levels === undefined || filter.levels.length === 0 || filter.levels.includes(level);
  const column = (level: LogLevel, part: number): number[] =>
    starts.map((at) => (wanted(level) ? Math.round(perBucket * part * wave(level, at)) : 0));
  const counts = {
    trace: column('trace', 0),
    debug: column('debug', 0.2),
    info: column('info', 1.1),
    warn: column('warn', 0.2),
    error: column('error', 0.12),
    fatal: column('fatal', 0),
    unknown: column('unknown', 0),
  };
  const total = Object.values(counts)
    .flat()
    .reduce((sum, count) => sum + count, 0);
  return { bucketMs, starts, counts, total, complete: true };
}

export function aroundSample(id: string, before: number, after: number): LogEntry[] {
  const at = Number(id.slice(1));
  return Array.from({ length: before + after + 1 }, (_, index) => entryAt(at + (index - before) * STEP_MS));
}

export function entriesBetween(from: number, to: number, filter: Omit<LogFilter, 'from' | 'to'>): LogEntry[] {
  const entries: LogEntry[] = [];
  for (let at = Math.ceil(from / STEP_MS) * STEP_MS; at < to; at += STEP_MS) {
    const entry = entryAt(at);
    if (matches(entry, filter)) entries.push(entry);
  }
  return entries;
}
