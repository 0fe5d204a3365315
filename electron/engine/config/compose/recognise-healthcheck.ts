/** Plain data as a configuration file has it. */
export type CheckSettings = Readonly<Record<string, unknown>>;

/** What asks the same as a command of a health check, without running it. */
export interface RecognisedCheck {
  /** The kind of probe and its settings, as the configuration file has them. */
  readonly probe: CheckSettings;
  /** What the owner has to see to. */
  readonly notes: readonly string[];
}

/** Where a port inside the container is reached from this machine. */
export type LocatePort = (host: string, port: number) => { readonly address: string; readonly note: string | null };

export interface RecogniseOptions {
  readonly locate: LocatePort;
  /** Name for an environment variable that holds a secret of this service. */
  readonly secretName: (what: string) => string;
}

/** Recognise the usual commands of health checks; null for any other. */
export function recogniseHealthcheck(words: readonly string[], options: RecogniseOptions): RecognisedCheck | null {
  const [program = '', ...args] = words;
  const read = READERS[program.split('/').at(-1) ?? ''];
  return read?.(args, options) ?? null;
}

type Reader = (args: readonly string[], options: RecogniseOptions) => RecognisedCheck | null;

const READERS: Readonly<Record<string, Reader>> = {
  curl: readCurl,
  wget: readWget,
  pg_isready: readPgIsready,
  'redis-cli': readRedisCli,
  'valkey-cli': readRedisCli,
  mysqladmin: readMysqlAdmin,
  'mariadb-admin': readMysqlAdmin,
  mongosh: readMongo,
  mongo: readMongo,
  'rabbitmq-diagnostics': readRabbitmq,
  rabbitmqctl: readRabbitmq,
  nc: readNetcat,
  ncat: readNetcat,
  netcat: readNetcat,
};

/** The options of a command line: `-p 1`, `-p1`, `--port 1`, `--port=1`; flags take no value. */
interface Options {
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  readonly rest: readonly string[];
}

/**
 * @param names what takes a value, by its names; every other option is a flag
 * @returns null when there is a flag that is not in `flags`, as nobody knows what it means
 */
function readOptions(
  args: readonly string[],
  names: Readonly<Record<string, string>>,
  flags: readonly string[],
): Options | null {
  const values = new Map<string, string>();
  const seen = new Set<string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-') || arg === '-') {
      rest.push(arg);
      continue;
    }
    const [name, attached] = arg.startsWith('--') ? splitAt(arg, '=') : [arg.slice(0, 2), arg.slice(2)];
    const key = names[name];
    if (key !== undefined) {
      const value = attached === undefined || attached === '' ? args[++at] : attached;
      if (value === undefined) return null;
      values.set(key, value);
      continue;
    }
    const letters = arg.startsWith('--') ? [name] : Array.from(arg.slice(1), (letter) => `-${letter}`);
    // The last letter of a bundle may take a value: `-fsSo /dev/null`.
    const last = names[letters.at(-1) ?? ''];
    if (last !== undefined) {
      letters.pop();
      values.set(last, args[++at] ?? '');
    }
    if (letters.some((letter) => !flags.includes(letter))) return null;
    for (const letter of letters) seen.add(letter);
  }
  return { values, flags: seen, rest };
}

function splitAt(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const CURL_VALUES = {
  '-o': 'output',
  '--output': 'output',
  '-X': 'method',
  '--request': 'method',
  '-H': 'header',
  '--header': 'header',
  '-m': 'limit',
  '--max-time': 'limit',
  '--connect-timeout': 'limit',
  '--retry': 'limit',
  '--url': 'url',
  '-A': 'agent',
};
const CURL_FLAGS = ['-f', '--fail', '-s', '--silent', '-S', '--show-error', '-k', '--insecure', '-L', '--location', '-v', '-I', '--head', '-4', '--fail-with-body', '-i']; // prettier-ignore

function readCurl(args: readonly string[], { locate }: RecogniseOptions): RecognisedCheck | null {
  const options = readOptions(args, CURL_VALUES, CURL_FLAGS);
  const address = options?.values.get('url') ?? options?.rest[0];
  if (options === null || address === undefined || options.rest.length > 1) return null;
  const { values, flags } = options;
  // Several headers, or one with a secret, are better written by hand.
  if (values.has('header')) return null;
  const has = (...names: readonly string[]): boolean => names.some((name) => flags.has(name));
  const fails = has('-f', '--fail', '--fail-with-body');
  const isHead = has('-I', '--head');
  return describeHttp(address, locate, {
    ...(isHead ? { method: 'HEAD' } : values.has('method') ? { method: values.get('method') ?? '' } : {}),
    // Without -f every answer will do; with it, what is not an error.
    status: fails ? ['2xx', '3xx'] : ['1xx', '2xx', '3xx', '4xx', '5xx'],
    ...(has('-L', '--location') ? {} : { follow_redirects: false }),
    ...(has('-k', '--insecure') ? { insecure_skip_verify: true } : {}),
  });
}

const WGET_VALUES = { '-O': 'output', '--output-document': 'output', '-T': 'limit', '--timeout': 'limit', '-t': 'limit', '--tries': 'limit', '-Y': 'proxy' }; // prettier-ignore
const WGET_FLAGS = ['--spider', '-q', '--quiet', '--no-verbose', '-n', '-v', '--no-check-certificate', '-S', '--server-response']; // prettier-ignore

function readWget(args: readonly string[], { locate }: RecogniseOptions): RecognisedCheck | null {
  const plain = args.filter((arg) => arg !== '-nv' && arg !== '-qO-');
  const options = readOptions(plain, WGET_VALUES, WGET_FLAGS);
  const [address, second] = options?.rest ?? [];
  if (options === null || address === undefined || second !== undefined) return null;
  const isLax = options.flags.has('--no-check-certificate');
  return describeHttp(address, locate, { ...(isLax ? { insecure_skip_verify: true } : {}) });
}

function describeHttp(address: string, locate: LocatePort, settings: CheckSettings): RecognisedCheck | null {
  const text = /^https?:\/\//i.test(address) ? address : `http://${address}`;
  // A variable is known to the container alone.
  if (text.includes('$') || !URL.canParse(text)) return null;
  const url = new URL(text);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const { address: reached, note } = locate(url.hostname, port);
  const path = `${url.pathname}${url.search}`;
  return {
    probe: { http: { url: `${url.protocol}//${reached}${path}`, ...settings } },
    notes: note === null ? [] : [note],
  };
}

/** Address of a server, with the settings that follow. */
function describeServer(
  kind: string,
  host: string,
  port: number,
  { locate }: RecogniseOptions,
  settings: CheckSettings,
  notes: readonly string[] = [],
): RecognisedCheck {
  const { address, note } = locate(host, port);
  return { probe: { [kind]: { address, ...settings } }, notes: [...(note === null ? [] : [note]), ...notes] };
}

function portOf(text: string | undefined, usual: number): number {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : usual;
}

function readPgIsready(args: readonly string[], options: RecogniseOptions): RecognisedCheck | null {
  const names = { '-h': 'host', '--host': 'host', '-p': 'port', '--port': 'port', '-U': 'user', '--username': 'user', '-d': 'database', '--dbname': 'database', '-t': 'limit', '--timeout': 'limit' }; // prettier-ignore
  const read = readOptions(args, names, ['-q', '--quiet']);
  if (read === null) return null;
  // It does not log in either.
  return describeServer('postgresql', read.values.get('host') ?? 'localhost', portOf(read.values.get('port'), 5432), options, {}); // prettier-ignore
}

function readRedisCli(args: readonly string[], options: RecogniseOptions): RecognisedCheck | null {
  const names = {
    '-h': 'host',
    '-p': 'port',
    '-a': 'password',
    '--pass': 'password',
    '--user': 'user',
    '-n': 'database',
  };
  const read = readOptions(args, names, ['--raw', '--no-auth-warning', '-e']);
  if (read?.rest.join(' ').toLowerCase() !== 'ping') return null;
  const { values } = read;
  const [secret, notes] = secretOf(values.get('password'), 'REDIS_PASSWORD', options);
  return describeServer(
    'redis',
    values.get('host') ?? 'localhost',
    portOf(values.get('port'), 6379),
    options,
    {
      ...(values.has('user') ? { username: values.get('user') ?? '' } : {}),
      ...secret,
    },
    notes,
  );
}

function readMysqlAdmin(args: readonly string[], options: RecogniseOptions): RecognisedCheck | null {
  const names = { '-h': 'host', '--host': 'host', '-P': 'port', '--port': 'port', '-u': 'user', '--user': 'user', '--password': 'password' }; // prettier-ignore
  // The password is attached to -p, and asked for where nothing is.
  const attached = args.find((arg) => /^-p./.test(arg))?.slice(2);
  const read = readOptions(
    args.filter((arg) => !arg.startsWith('-p')),
    names,
    ['--silent', '-s'],
  );
  if (read?.rest.join(' ') !== 'ping') return null;
  const { values } = read;
  const user = values.get('user') ?? 'root';
  const [secret, notes] = secretOf(values.get('password') ?? attached ?? '$', 'MYSQL_PASSWORD', options);
  const needs = `The check logs in, as a client that does not is counted against this machine; "${user}" needs rights for it`;
  return describeServer(
    'mysql',
    values.get('host') ?? 'localhost',
    portOf(values.get('port'), 3306),
    options,
    { user: user.includes('$') ? 'root' : user, ...secret },
    [...notes, `${needs}.`],
  );
}

function readMongo(args: readonly string[], options: RecogniseOptions): RecognisedCheck | null {
  if (!/ping|hello|isMaster/i.test(args.join(' '))) return null;
  const [, host = 'localhost', port] = /(?:^|\s|\/\/)([\w.-]+):(\d+)/.exec(args.join(' ')) ?? [];
  return describeServer('mongodb', host, portOf(port, 27017), options, {});
}

function readRabbitmq(args: readonly string[], options: RecogniseOptions): RecognisedCheck | null {
  if (!/ping|status|check_/.test(args.join(' '))) return null;
  const { address, note } = options.locate('localhost', 15_672);
  const name = options.secretName('RABBITMQ_PASSWORD');
  const notes = [`It asks the management plugin, with the user "guest" and the password in ${name}.`];
  const probe = { rabbitmq: { url: `http://${address}`, user: 'guest', password: `\${env:${name}}` } };
  return { probe, notes: note === null ? notes : [note, ...notes] };
}

/** Only where it asks for a connection and nothing else: `nc -z host port`. */
function readNetcat(args: readonly string[], options: RecogniseOptions): RecognisedCheck | null {
  const read = readOptions(args, { '-w': 'limit', '--wait': 'limit' }, ['-z', '-v', '-n', '-4', '-6']);
  const [host, port, more] = read?.rest ?? [];
  if (!read?.flags.has('-z') || host === undefined || port === undefined || more !== undefined) return null;
  if (host.includes('$') || !/^\d{1,5}$/.test(port)) return null;
  return describeServer('tcp', host, Number(port), options, {});
}

/** A secret becomes a reference: to the variable that the command names, or to one that the owner has to set. */
function secretOf(
  text: string | undefined,
  what: string,
  { secretName }: RecogniseOptions,
): [settings: CheckSettings, notes: readonly string[]] {
  if (text === undefined) return [{}, []];
  const variable = /^\$\{?(\w+)\}?$/.exec(text)?.[1];
  const name = variable ?? secretName(what);
  return [{ password: `\${env:${name}}` }, [`Set the environment variable ${name} to the password, for Vedette.`]];
}
