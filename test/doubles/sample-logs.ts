import type { LogEntry, LogFilter, LogLevel } from '../../shared/contract/logs.ts';
import { share, wave } from './sample-random.ts';

const STEP_MS = 400;
const SOURCES = ['checkout-api', 'payments', 'nginx'];

const TRACE = [
  'Unhandled exception in OrderService.confirm: order 80231 could not be confirmed',
  'java.lang.IllegalStateException: payment provider answered 502',
  '\tat com.example.orders.PaymentClient.authorise(PaymentClient.java:118)',
  '\tat com.example.orders.OrderService.confirm(OrderService.java:74)',
  '\tat com.example.orders.OrderController.post(OrderController.java:41)',
  'Caused by: java.net.SocketTimeoutException: Read timed out',
  '\tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:278)',
  '\t... 41 more',
].join('\n');

const LONG = `statement="select ${Array.from({ length: 240 }, (_, i) => `column_${String(i)}`).join(', ')} from orders where customer_id = $1"`;

const TEXTS: Readonly<Partial<Record<LogLevel, readonly string[]>>> = {
  fatal: ['out of memory: killed process 4211 (checkout-api) total-vm:8123400kB'],
  error: [
    'upstream 10.0.0.4:443 answered 502; giving up after 3 attempts',
    TRACE,
    '支付网关返回错误：余额不足（订单 80231，客户 ﹟77120），请检查账户配置后重试',
    '\u001b[31mconnection reset by peer\u001b[0m while reading response header from upstream',
  ],
  warn: [
    `slow query duration=1240ms rows=18211 ${LONG}`,
    'certificate for payments.example expires in 13 days',
    'retry 2 of 3 after timeout=800ms host=10.0.0.4',
  ],
  info: [
    'request completed method=GET path=/api/cart status=200 duration=12ms',
    'cache hit key=product:4711',
    '订单 80231 已支付，金额 129.00',
    'request completed method=POST path=/api/checkout status=201 duration=84ms',
    'بدأت المعالجة للطلب 4411 (order 4411)',
    '{"level":"info","msg":"invoice sent","invoice":{"id":5512,"total":129.0,"lines":[{"sku":"A-1","n":2}]}}',
  ],
  debug: ['connection returned to the pool size=8 idle=5', 'gc pause 3.1ms heap=212MiB'],
};

/** How large the part of a level is at a time; errors come in bursts. The parts sum up to 1. */
function partOf(level: LogLevel, at: number): number {
  const burst = wave('errors', at) ** 9 * 4;
  const parts: Partial<Record<LogLevel, number>> = {
    fatal: 0.0005,
    error: Math.min(0.4, 0.01 + burst),
    warn: 0.08 + wave('warnings', at) * 0.06,
    debug: 0.18,
  };
  const rest = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return parts[level] ?? (level === 'info' ? 1 - rest : 0);
}

function levelAt(at: number): LogLevel {
  let left = share(`${String(at)}l`);
  for (const level of ['fatal', 'error', 'warn', 'debug'] as const) {
    left -= partOf(level, at);
    if (left < 0) return level;
  }
  return 'info';
}

/** The entry of a moment; times are multiples of 400 ms. */
export function entryAt(at: number): LogEntry {
  const seed = String(at);
  const level = levelAt(at);
  const texts = TEXTS[level] ?? [''];
  const text = texts[Math.floor(share(seed) * texts.length)] ?? '';
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

/** What is wrong with a search text, as the engine would say it; null for nothing. */
export function textProblem(text: string): { readonly message: string; readonly column: number } | null {
  const regexp = /(?:^|\s)-?\/((?:[^/\\]|\\.)+)\/[a-z]*(?=\s|$)/.exec(text);
  const source = regexp?.[1];
  if (regexp !== null && source !== undefined && source.split('(').length !== source.split(')').length) {
    return { message: `/${source}/: missing closing ): \`${source}\`.`, column: regexp.index + 1 };
  }
  const quotes = text.split('"').length - 1;
  if (quotes % 2 === 1) return { message: 'The quotation mark is not closed.', column: text.lastIndexOf('"') + 1 };
  return null;
}

type Test = (text: string) => boolean;

function testsOf(text: string): readonly Test[] {
  return [...text.matchAll(/(-?)(?:\/((?:[^/\\]|\\.)+)\/([a-z]*)|"([^"]*)"|(\S+))/g)].map(
    ([, not, regexp, flags, phrase, word]): Test => {
      const pattern = regexp === undefined ? null : new RegExp(regexp, flags);
      const literal = (phrase ?? word ?? '').toLowerCase();
      const holds: Test = (line) => (pattern === null ? line.toLowerCase().includes(literal) : pattern.test(line));
      return not === '-' ? (line) => !holds(line) : holds;
    },
  );
}

type Where = Omit<LogFilter, 'from' | 'to'>;

function matcherOf(filter: Where): (entry: LogEntry) => boolean {
  const tests = testsOf(filter.text);
  return (entry) => {
    if (filter.levels !== undefined && filter.levels.length > 0 && !filter.levels.includes(entry.level)) return false;
    if (filter.sources !== undefined && filter.sources.length > 0 && !filter.sources.includes(entry.source))
      return false;
    return tests.every((test) => test(entry.text));
  };
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
  const matches = matcherOf(filter);
  let scanned = 0;
  let at = (filter.direction === 'backward' ? Math.floor : Math.ceil)(start / STEP_MS) * STEP_MS;
  for (; at >= filter.from && at <= filter.to && entries.length < filter.limit && scanned < 200_000; at += step) {
    scanned++;
    const entry = entryAt(at);
    if (matches(entry)) entries.push(entry);
  }
  const atEnd = at < filter.from || at > filter.to;
  return { entries, nextCursor: atEnd ? null : `e${String(at - step)}`, scanned, complete: scanned < 200_000 };
}

/** Counts are parts of the whole instead of being counted, so that a range of 30 days costs nothing. */
export function histogramSample(filter: LogFilter & { buckets: number }): {
  bucketMs: number;
  starts: number[];
  counts: Record<LogLevel, number[]>;
  total: number;
  complete: boolean;
} {
  const bucketMs = (filter.to - filter.from) / filter.buckets;
  const starts = Array.from({ length: filter.buckets }, (_, index) => filter.from + index * bucketMs);
  const tests = testsOf(filter.text);
  const bySource =
    filter.sources === undefined || filter.sources.length === 0 ? 1 : filter.sources.length / SOURCES.length;
  const column = (level: LogLevel): number[] => {
    const wanted = filter.levels === undefined || filter.levels.length === 0 || filter.levels.includes(level);
    const texts = TEXTS[level] ?? [];
    const fitting = texts.filter((text) => tests.every((test) => test(text))).length / Math.max(1, texts.length);
    if (!wanted || fitting === 0) return starts.map(() => 0);
    return starts.map((at) => Math.round((bucketMs / STEP_MS) * partOf(level, at + bucketMs / 2) * fitting * bySource));
  };
  const counts = {
    trace: column('trace'),
    debug: column('debug'),
    info: column('info'),
    warn: column('warn'),
    error: column('error'),
    fatal: column('fatal'),
    unknown: column('unknown'),
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
  const matches = matcherOf(filter);
  for (let at = Math.ceil(from / STEP_MS) * STEP_MS; at < to; at += STEP_MS) {
    const entry = entryAt(at);
    if (matches(entry)) entries.push(entry);
  }
  return entries;
}
