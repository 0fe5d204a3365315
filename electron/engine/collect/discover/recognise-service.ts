import type { Clock } from '../../schedule/clock.ts';
import type { DiscoveredService, Listener, ServiceKind, ServiceSuggestion, SuggestedProbe } from './discovery.ts';
import { identifyExporter } from './exporter-names.ts';
import {
  AMQP_EXCHANGE,
  GREETING_EXCHANGE,
  MEMCACHED_EXCHANGE,
  MONGODB_EXCHANGE,
  MQTT_EXCHANGE,
  POSTGRES_EXCHANGE,
  probeBytes,
  recogniseGreeting,
  REDIS_EXCHANGE,
} from './probe-bytes.ts';
import type { Greeting, KnownExchange } from './probe-bytes.ts';
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
    return describeMysql(listener, `owner ${owner.trim()}; not probed`);
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
  <T>(question: (signal: AbortSignal) => Promise<T>, boundMs?: number): Promise<T>;
  readonly isOver: () => boolean;
}

const QUESTION_MS = 600;
/** Who greets does it at once. */
const GREETING_MS = 150;

function boundQuestions({ clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal }): Bounded {
  const run = async <T>(question: (signal: AbortSignal) => Promise<T>, boundMs = QUESTION_MS): Promise<T> => {
    const bound = new AbortController();
    const cancel = clock.after(boundMs, () => {
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

/** Who is asked how; `owner` tells whose question comes first, since most log a warning at a question in HTTP. */
const LANGUAGES: readonly {
  readonly owner: RegExp;
  readonly kind: ServiceKind;
  readonly title: string;
  readonly exchange: KnownExchange;
  /** The kinds of checks that fit, by what each is given the address as. */
  readonly probes: readonly string[];
  readonly evidence: string;
}[] = [
  {
    owner: /redis|valkey|keydb/,
    kind: 'redis',
    title: 'Redis',
    exchange: REDIS_EXCHANGE,
    probes: ['redis', 'tcp'],
    evidence: 'answers PING',
  },
  {
    owner: /postgres|postmaster|pgbouncer/,
    kind: 'postgresql',
    title: 'PostgreSQL',
    exchange: POSTGRES_EXCHANGE,
    probes: ['postgresql', 'tcp'],
    evidence: 'answers SSLRequest',
  },
  {
    owner: /rabbitmq|beam\.smp/,
    kind: 'rabbitmq',
    title: 'RabbitMQ',
    exchange: AMQP_EXCHANGE,
    probes: ['tcp'],
    evidence: 'answers in AMQP',
  },
  {
    owner: /mosquitto|emqx|vernemq/,
    kind: 'mqtt',
    title: 'MQTT broker',
    exchange: MQTT_EXCHANGE,
    probes: ['mqtt', 'tcp'],
    evidence: 'answers CONNECT',
  },
  {
    owner: /mongod|mongos/,
    kind: 'mongodb',
    title: 'MongoDB',
    exchange: MONGODB_EXCHANGE,
    probes: ['mongodb', 'tcp'],
    evidence: 'answers hello',
  },
  {
    owner: /memcached/,
    kind: 'memcached',
    title: 'Memcached',
    exchange: MEMCACHED_EXCHANGE,
    probes: ['tcp'],
    evidence: 'answers version',
  },
];
/** Ports that tell which question to begin with where the owner is not known. */
const USUAL_PORTS: ReadonlyMap<number, string> = new Map([
  [6379, 'redis'],
  [5432, 'postgres'],
  [5672, 'rabbitmq'],
  [1883, 'mosquitto'],
  [27017, 'mongod'],
  [11211, 'memcached'],
]);

function questionsFor(listener: Listener, owner: string): Question[] {
  // Known to speak first or to dislike strangers: nothing that HTTP would find out.
  if (/\b(sshd|epmd|cupsd-lpd)\b/.test(owner)) return [];
  const hint = listener.process === null ? (USUAL_PORTS.get(listener.port) ?? owner) : owner;
  const likely = LANGUAGES.filter((language) => language.owner.test(hint));
  const others = LANGUAGES.filter((language) => !likely.includes(language));
  const greetsFirst = /\b(exim4?|master|smtpd|sendmail|dovecot|cyrus|vsftpd|proftpd)\b/.test(owner);
  const mayGreet = greetsFirst || (listener.process === null && likely.length === 0);
  return [
    ...(mayGreet ? [askGreeting] : []),
    ...(greetsFirst ? [] : [...likely.map(askIn), askHttp, ...others.map(askIn)]),
  ];
}

function askIn({ exchange, kind, title, probes, evidence }: (typeof LANGUAGES)[number]): Question {
  return async (listener, bounded) => {
    const answer = await bounded((signal) => probeBytes(listener, exchange, signal));
    if (answer === null || !exchange.isAnswer(answer)) return null;
    const check = { name: `${kind}-${String(listener.port)}`, probes: probesAt(listener, probes) };
    return describe(listener, kind, title, { check }, evidence);
  };
}

/** Such checks take the address as `host:port`. */
function probesAt(listener: Listener, kinds: readonly string[]): SuggestedProbe[] {
  const { address, port } = listener;
  const host = address.includes(':') ? `[${address}]` : address;
  return kinds.map((kind) => ({ kind, entry: { address: `${host}:${String(port)}` } }));
}

const GREETER_TITLES: Readonly<Record<Greeting, string>> = {
  ssh: 'SSH',
  smtp: 'SMTP',
  ftp: 'FTP',
  imap: 'IMAP',
  pop3: 'POP3',
  mysql: 'MySQL',
};

const askGreeting: Question = async (listener, bounded) => {
  const answer = await bounded((signal) => probeBytes(listener, GREETING_EXCHANGE, signal), GREETING_MS);
  const greeting = answer === null ? null : recogniseGreeting(answer);
  return greeting === null ? null : describeGreeter(listener, greeting);
};

function describeGreeter(listener: Listener, greeting: Greeting): DiscoveredService {
  const title = GREETER_TITLES[greeting];
  if (greeting === 'mysql') return describeMysql(listener, 'greets as MySQL does');
  const kinds = greeting === 'smtp' || greeting === 'imap' || greeting === 'pop3' ? [greeting, 'tcp'] : ['tcp'];
  const check = { name: `${greeting}-${String(listener.port)}`, probes: probesAt(listener, kinds) };
  const kind = greeting === 'smtp' || greeting === 'imap' || greeting === 'pop3' ? 'mail' : 'unknown';
  return describe(listener, kind, title, { check }, `greets as ${title} does`);
}

/** A check that only connects would count as a failed log-in; without a user the program itself is what can be watched. */
function describeMysql(listener: Listener, evidence: string): DiscoveredService {
  const program = listener.process?.name;
  if (program === undefined) return describe(listener, 'mysql', 'MySQL', {}, evidence);
  const check = {
    name: `${program}-${String(listener.port)}`,
    probes: [{ kind: 'process', entry: { name: program } }],
  };
  return describe(listener, 'mysql', 'MySQL', { check }, evidence);
}

const askHttp: Question = async (listener, bounded) => {
  const metrics = await bounded((signal) => probeHttp(listener, '/metrics', signal));
  // A socket on every IPv6 address takes IPv4 as well, unless it was told not to.
  if (metrics.kind === 'refused' && listener.address === '127.0.0.1') {
    return askHttp({ ...listener, address: '::1' }, bounded);
  }
  if (metrics.kind === 'other') {
    if (metrics.isTls) return describeHttps(listener);
    const greeting = recogniseGreeting(Buffer.from(metrics.greeting, 'latin1'));
    if (greeting !== null) return describeGreeter(listener, greeting);
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
  const suggestion = { check: { name, probes: [{ kind: 'http', entry: { url: checkUrl } }] } };
  const search = front.kind === 'answer' ? searchEngineOf(front.body) : null;
  if (search !== null) {
    const probes = [{ kind: 'http', entry: { url: `http://${target}/_cluster/health` } }];
    return describe(listener, 'elasticsearch', search, { check: { name: search, probes } }, 'says so on /');
  }
  if (pageTitle !== null && /rabbitmq management/i.test(pageTitle)) {
    return describe(listener, 'rabbitmq', 'RabbitMQ management', suggestion, `title "${pageTitle}"`);
  }
  if (health !== null) return describe(listener, 'health', name, suggestion, health.evidence);
  if (/^nginx/i.test(server)) {
    const status = await bounded((signal) => probeHttp(listener, NGINX_STATUS_PATH, signal));
    const hasStatus = status.kind === 'answer' && /^Active connections: \d+/.test(status.body);
    const evidence = `Server: ${server}${hasStatus ? `, stub_status at ${NGINX_STATUS_PATH}` : ''}`;
    return describe(listener, 'nginx', 'nginx', suggestion, evidence);
  }
  const status = front.kind === 'answer' ? front.status : metrics.status;
  return describe(listener, 'http', name, suggestion, `HTTP ${String(status)}${server === '' ? '' : `, ${server}`}`);
};

/** Where nginx's manual and its packages put stub_status. */
const NGINX_STATUS_PATH = '/nginx_status';

/** The front of Elasticsearch and OpenSearch is a document with their motto. */
function searchEngineOf(body: string): string | null {
  if (/"tagline"\s*:\s*"You Know, for Search"/.test(body)) return 'Elasticsearch';
  return /"tagline"\s*:\s*"The OpenSearch Project/.test(body) ? 'OpenSearch' : null;
}

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
  const check = { name, probes: [{ kind: 'http', entry: { url: `https://${hostAndPort(listener)}/` } }] };
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
