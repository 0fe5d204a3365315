import type { Clock } from '../../schedule/clock.ts';
import type { DiscoveredService, Listener, ServiceKind, ServiceSuggestion } from './discovery.ts';
import { identifyExporter } from './exporter-names.ts';
import { isPostgresAnswer, isRedisAnswer, POSTGRES_EXCHANGE, probeBytes, REDIS_EXCHANGE } from './probe-bytes.ts';
import { hostAndPort, probeHttp } from './probe-http.ts';
import type { HttpAnswer } from './probe-http.ts';

/** Usual places of a health answer, the most telling first. */
const HEALTH_PATHS = ['/healthz', '/health', '/actuator/health', '/-/healthy'];

/**
 * Find out what a listener is, by what it answers on loopback. What a process is called only decides which question
 * comes first; a port number alone decides nothing but that a question is NOT asked (MySQL counts clients that hang up
 * and then locks their address out, so it is never probed).
 *
 * @param signal ends the probing; what was found by then stands
 */
export async function recogniseService(
  listener: Listener,
  options: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<DiscoveredService> {
  const { signal } = options;
  const owner = `${listener.process?.name ?? ''} ${listener.user ?? ''}`.toLowerCase();
  if (/\b(mysqld|mariadbd|mysql)\b/.test(owner)) {
    return describe(listener, 'mysql', 'MySQL', {}, `owner ${owner.trim()}; not probed`);
  }
  const untouched = listener.process === null ? UNTOUCHED_PORTS.get(listener.port) : undefined;
  if (untouched !== undefined) {
    const evidence = `usual port of ${untouched}; not probed`;
    return describe(listener, 'unknown', `Port ${String(listener.port)}`, {}, evidence);
  }
  const bounded = boundQuestions(options);
  for (const ask of questionsFor(listener, owner)) {
    if (signal.aborted) break;
    const found = await ask(listener, bounded);
    if (found !== null) return found;
  }
  const title = listener.process?.name ?? `Port ${String(listener.port)}`;
  return describe(listener, 'unknown', title, {}, signal.aborted ? 'no answer in time' : 'no answer that is known');
}

/** Servers that log or count a client that says something else; left alone where the owner is not known. */
const UNTOUCHED_PORTS: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [25, 'SMTP'],
  [3306, 'MySQL'],
  [33060, 'MySQL'],
]);

/** Runs one question with its own time, so that a silent listener leaves some for the next; `isOver` ends them all. */
interface Bounded {
  <T>(question: (signal: AbortSignal) => Promise<T>): Promise<T>;
  readonly isOver: () => boolean;
}

const QUESTION_MS = 600;

function boundQuestions({ clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal }): Bounded {
  const run = async <T>(question: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const bound = new AbortController();
    const cancel = clock.after(QUESTION_MS, () => {
      bound.abort();
    });
    try {
      return await question(AbortSignal.any([signal, bound.signal]));
    } finally {
      cancel();
    }
  };
  return Object.assign(run, { isOver: () => signal.aborted });
}

type Question = (listener: Listener, bounded: Bounded) => Promise<DiscoveredService | null>;

/** Redis and PostgreSQL log a warning at a question in HTTP, so a likely one is asked in its own language first. */
function questionsFor(listener: Listener, owner: string): Question[] {
  if (/redis|valkey|keydb/.test(owner) || (listener.process === null && listener.port === 6379)) {
    return [askRedis, askHttp];
  }
  if (/postgres|postmaster|pgbouncer/.test(owner) || (listener.process === null && listener.port === 5432)) {
    return [askPostgres, askHttp];
  }
  // Known to speak first or to dislike strangers: nothing that HTTP would find out.
  if (/\b(sshd|exim4|master|dovecot|cupsd-lpd|epmd)\b/.test(owner)) return [];
  return [askHttp, askRedis, askPostgres];
}

const askRedis: Question = async (listener, bounded) =>
  isRedisAnswer(await bounded((signal) => probeBytes(listener, REDIS_EXCHANGE, signal)))
    ? describe(listener, 'redis', 'Redis', {}, 'answers PING')
    : null;

const askPostgres: Question = async (listener, bounded) =>
  isPostgresAnswer(await bounded((signal) => probeBytes(listener, POSTGRES_EXCHANGE, signal)))
    ? describe(listener, 'postgresql', 'PostgreSQL', {}, 'answers SSLRequest')
    : null;

const askHttp: Question = async (listener, bounded) => {
  const metrics = await bounded((signal) => probeHttp(listener, '/metrics', signal));
  // A socket on every IPv6 address takes IPv4 as well, unless it was told not to.
  if (metrics.kind === 'refused' && listener.address === '127.0.0.1') {
    return askHttp({ ...listener, address: '::1' }, bounded);
  }
  if (metrics.kind === 'other') {
    if (metrics.isTls) return describeHttps(listener);
    const greeter = GREETERS.find(([greeting]) => metrics.greeting.startsWith(greeting));
    if (greeter !== undefined) return describe(listener, 'unknown', greeter[1], {}, `greets with "${greeter[0]}…"`);
  }
  if (metrics.kind !== 'answer') return null;
  if (isTlsComplaint(metrics)) return describeHttps(listener);
  const target = hostAndPort(listener);
  if (metrics.status === 200) {
    const exporter = identifyExporter(metrics.body, metrics.contentType, listener.process?.name ?? null);
    if (exporter !== null) {
      const { title, job, familyCount } = exporter;
      const suggestion = { scrape: { job, target, path: '/metrics' } };
      return describe(listener, 'exporter', title, suggestion, `/metrics has ${String(familyCount)} kinds of metrics`);
    }
  }
  const front = await bounded((signal) => probeHttp(listener, '/', signal));
  const pageTitle = front.kind === 'answer' ? titleOf(front.body) : null;
  const server = front.kind === 'answer' ? front.server : metrics.server;
  const health = await findHealth(listener, front, bounded);
  const name = nameOf(listener, pageTitle);
  const checkUrl = `http://${target}${health?.path ?? '/'}`;
  const suggestion = { check: { name, url: checkUrl } };
  if (pageTitle !== null && /rabbitmq management/i.test(pageTitle)) {
    return describe(listener, 'rabbitmq', 'RabbitMQ management', suggestion, `title "${pageTitle}"`);
  }
  if (health !== null) return describe(listener, 'health', name, suggestion, health.evidence);
  if (/^nginx/i.test(server)) return describe(listener, 'nginx', 'nginx', suggestion, `Server: ${server}`);
  const status = front.kind === 'answer' ? front.status : metrics.status;
  return describe(listener, 'http', name, suggestion, `HTTP ${String(status)}${server === '' ? '' : `, ${server}`}`);
};

/** Servers that speak first, for which there is no check here. */
const GREETERS: readonly (readonly [greeting: string, title: string])[] = [
  ['SSH-', 'SSH'],
  ['220', 'SMTP or FTP'],
  ['* OK', 'IMAP'],
  ['+OK', 'POP3'],
];

/** An application that answers every path with its page has no health document there: pages do not count. */
async function findHealth(
  listener: Listener,
  front: HttpAnswer,
  bounded: Bounded,
): Promise<{ path: string; evidence: string } | null> {
  for (const path of HEALTH_PATHS) {
    if (bounded.isOver()) return null;
    const answer = await bounded((signal) => probeHttp(listener, path, signal));
    if (answer.kind !== 'answer') return null;
    const isDocument = answer.contentType.includes('json') || (answer.body.length < 200 && !/<\w/.test(answer.body));
    const isOwn = front.kind !== 'answer' || answer.body !== front.body || answer.status !== front.status;
    const isHealth = answer.status === 200 || (answer.status === 503 && answer.contentType.includes('json'));
    if (isHealth && isDocument && isOwn) return { path, evidence: `${path} answers ${String(answer.status)}` };
  }
  return null;
}

/** Go, nginx and Apache answer plain HTTP on a TLS port with a sentence. */
function isTlsComplaint(answer: HttpAnswer): boolean {
  return (
    answer.kind === 'answer' &&
    answer.status === 400 &&
    /HTTP request (was sent )?to (an )?HTTPS (server|port)|speaking plain HTTP to an SSL/i.test(answer.body)
  );
}

function describeHttps(listener: Listener): DiscoveredService {
  const name = nameOf(listener, null);
  const check = { name, url: `https://${hostAndPort(listener)}/` };
  return describe(listener, 'https', name, { check }, 'answers with TLS');
}

function nameOf(listener: Listener, pageTitle: string | null): string {
  return pageTitle ?? listener.process?.name ?? `Port ${String(listener.port)}`;
}

function titleOf(body: string): string | null {
  const title = /<title[^>]*>([^<]{1,80})<\/title>/i.exec(body)?.[1]?.replace(/\s+/g, ' ').trim();
  return title === undefined || title === '' ? null : title;
}

function describe(
  listener: Listener,
  kind: ServiceKind,
  title: string,
  suggestion: ServiceSuggestion,
  evidence: string,
): DiscoveredService {
  const { port, address, process } = listener;
  return { id: `tcp:${String(port)}`, port, address, process, kind, title, suggestion, evidence };
}
