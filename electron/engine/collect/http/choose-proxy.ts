import { BlockList, isIP, isIPv4 } from 'node:net';
import type { ProxyConfig } from '../../config/http-client.ts';

/** Variables by name; lower-case names count first, as they do for curl. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a URL; null where it is reached directly.
 *
 * @param givenUrl `proxy_url`, revealed; null when there is none
 * Source: Prometheus, common/config `ProxyConfig.Proxy`; Go, net/http/httpproxy.
 */
export function chooseProxy(
  target: URL,
  config: Pick<ProxyConfig, 'noProxy' | 'isFromEnvironment'>,
  givenUrl: string | null,
  environment: Environment,
): URL | null {
  // Without exceptions a given proxy is for everything, this machine included.
  if (givenUrl !== null) {
    return config.noProxy !== '' && isException(target, config.noProxy) ? null : new URL(givenUrl);
  }
  if (!config.isFromEnvironment) return null;
  const read = (name: string): string => environment[name] ?? environment[name.toLowerCase()] ?? '';
  const text = read(target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (text === '' || isException(target, read('NO_PROXY'))) return null;
  return URL.parse(text.includes('://') ? text : `http://${text}`);
}

function isException(target: URL, noProxy: string): boolean {
  const host = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
  if (host === 'localhost' || LOOPBACK.check(host, isIPv4(host) ? 'ipv4' : 'ipv6')) return true;
  return noProxy.split(',').some((entry) => matches(entry.trim().toLowerCase(), host, port));
}

function loopback(): BlockList {
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addAddress('::1', 'ipv6');
  return list;
}
const LOOPBACK = loopback();

/** `*`, an address, a range (`10.0.0.0/8`), a name with what is below it, or `.name` for what is below it alone. */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const [range, prefix] = entry.split('/');
  if (range !== undefined && prefix !== undefined) return isInRange(host, range, Number(prefix));
  const [, bracketed, plain, ownPort] = /^(?:\[([^\]]*)\]|(.*?))(?::(\d+))?$/.exec(entry) ?? [];
  const name = isIP(entry) > 0 ? entry : (bracketed ?? plain ?? '');
  if (isIP(entry) === 0 && ownPort !== undefined && ownPort !== port) return false;
  if (isIP(name) > 0) return name === host;
  const suffix = name.replace(/^\*/, '');
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

function isInRange(host: string, range: string, prefix: number): boolean {
  const family = isIPv4(range) ? 'ipv4' : 'ipv6';
  if (isIP(range) === 0 || isIP(host) !== isIP(range)) return false;
  const list = new BlockList();
  list.addSubnet(range, prefix, family);
  return list.check(host, family);
}
