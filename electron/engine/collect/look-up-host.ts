import { lookup, promises as dns } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** One attempt, and how many: a dead name server is found out well within the time limit of a check. */
const PATIENCE = { timeout: 2000, tries: 2 };
/** Names that c-ares cannot know: single words of a search list, mDNS, and what only the system's own files tell. */
const LOCAL_NAME = /^[^.]+\.?$|\.local\.?$/i;
/** The name server says that there is no such name, or none with such an address. */
const NO_NAME = ['ENOTFOUND', 'ENODATA'];

/** Where a name comes from; tests give their own. */
export interface LookupSources {
  /** Text of the system's table of names; '' when there is none. */
  readonly hosts: () => Promise<string>;
  readonly resolve4: (name: string) => Promise<readonly string[]>;
  readonly resolve6: (name: string) => Promise<readonly string[]>;
  /** The system's own function. */
  readonly system: (name: string) => Promise<readonly LookupAddress[]>;
}

/**
 * The `lookup` of outgoing connections. The system's function blocks one of few threads for as long as a name server is
 * silent, so that a handful of dead names would keep all others waiting for many seconds. So names are asked for over the
 * network without a thread; `localhost` and the table of the system come first, and the system's function only for names
 * that nobody else can know, two at a time.
 *
 * Source: RFC 6761, 6.3: `localhost` and what ends in it is always loopback. Node.js manual, "Implementation
 * considerations" of dns: `dns.lookup` uses libuv's thread pool, `dns.resolve` never does.
 */
export function createLookup(sources: LookupSources = systemSources()): LookupFunction {
  /** Who asks for a name that is being asked for gets the same answer. */
  const underWay = new Map<string, Promise<readonly LookupAddress[]>>();
  const oneByOne = limited(2);

  async function find(name: string): Promise<readonly LookupAddress[]> {
    if (isIP(name) !== 0) return [{ address: name, family: isIP(name) }];
    if (/^(?:.+\.)?localhost$/.test(name)) return LOOPBACK;
    const listed = addressesIn(await sources.hosts(), name);
    if (listed.length > 0) return listed;
    if (LOCAL_NAME.test(name)) return oneByOne(() => sources.system(name));
    const [v4, v6] = await Promise.allSettled([sources.resolve4(name), sources.resolve6(name)]);
    const found: LookupAddress[] = [];
    if (v4.status === 'fulfilled') found.push(...v4.value.map((address) => ({ address, family: 4 })));
    if (v6.status === 'fulfilled') found.push(...v6.value.map((address) => ({ address, family: 6 })));
    if (found.length > 0) return found;
    const codes = [v4, v6].map((one) => (one.status === 'rejected' ? codeOf(one.reason) : ''));
    const isUnknown = codes.every((code) => NO_NAME.includes(code));
    // Elsewhere than on Linux the system may have name servers for some domains alone, as a VPN brings them.
    if (isUnknown && platform() !== 'linux') return oneByOne(() => sources.system(name));
    throw lookupFault(isUnknown ? 'ENOTFOUND' : 'EAI_AGAIN', name, codes.join(', '));
  }

  return (hostname, options, callback) => {
    const name = hostname.toLowerCase().replace(/\.$/, '');
    let asked = underWay.get(name);
    if (asked === undefined) {
      asked = find(name).finally(() => underWay.delete(name));
      underWay.set(name, asked);
    }
    asked.then(
      (all) => {
        answer(all, hostname, options, callback);
      },
      (error: unknown) => {
        callback(error as NodeJS.ErrnoException, '', 4);
      },
    );
  };
}

/** The lookup that is shared by what has no reason for one of its own. */
export const lookUpHost: LookupFunction = createLookup();

function answer(
  all: readonly LookupAddress[],
  hostname: string,
  options: LookupOptions,
  callback: Parameters<LookupFunction>[2],
): void {
  const fitting = all.filter(({ family }) => [undefined, 0, family, `IPv${String(family)}`].includes(options.family));
  const [first] = fitting;
  if (first === undefined) callback(lookupFault('ENOTFOUND', hostname, 'no address of that family'), '', 4);
  else if (options.all === true) callback(null, fitting);
  else callback(null, first.address, first.family);
}

/** Addresses of a name in the text of `/etc/hosts`. Source: hosts(5). */
export function addressesIn(hosts: string, name: string): LookupAddress[] {
  const found: LookupAddress[] = [];
  for (const line of hosts.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (names.some((one) => one.toLowerCase() === name)) found.push({ address, family: address.includes(':') ? 6 : 4 });
  }
  return found;
}

function lookupFault(code: 'ENOTFOUND' | 'EAI_AGAIN', name: string, detail: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`lookup ${code} ${name} (${detail})`), { code, syscall: 'lookup', hostname: name });
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

function systemSources(): LookupSources {
  let resolver: dns.Resolver | null = null;
  const ask = (): dns.Resolver => (resolver ??= new dns.Resolver(PATIENCE));
  return {
    hosts: readHosts,
    resolve4: (name) => ask().resolve4(name),
    resolve6: (name) => ask().resolve6(name),
    system: (name) =>
      new Promise((resolve, reject) => {
        lookup(name, { all: true }, (error, addresses) => {
          if (error) reject(error);
          else resolve(addresses);
        });
      }),
  };
}

async function readHosts(): Promise<string> {
  if (platform() === 'win32') return '';
  try {
    return await readFile('/etc/hosts', 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Run at most so many at a time; the others wait for their turn. */
function limited(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  let active = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (active >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    active++;
    try {
      return await run();
    } finally {
      active--;
      waiting.shift()?.();
    }
  };
}
