import { BlockList, isIP } from 'node:net';

/** Where a host is: this machine, the network that it is connected to, or somewhere beyond. */
export type Scope = 'self' | 'local' | 'beyond';

/** Source: RFC 1918, RFC 3927, RFC 6598, RFC 4193, RFC 4291. */
const LOCAL_RANGES = [
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
] as const;
/** Names that only a network of one's own resolves. Source: RFC 6762, RFC 8375, RFC 6761; ICANN's `.internal`. */
const LOCAL_NAMES = /(?:\.local|\.lan|\.home\.arpa|\.internal|\.test)\.?$/i;

/**
 * Where a host is, by what it is called.
 *
 * @param host a name, or an address with or without brackets
 * @param ownAddresses the addresses of this machine
 */
export function scopeOf(host: string, ownAddresses: readonly string[]): Scope {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  const family = isIP(bare);
  if (family === 0) {
    if (/^(?:.+\.)?localhost\.?$/.test(bare)) return 'self';
    return !bare.includes('.') || LOCAL_NAMES.test(bare) ? 'local' : 'beyond';
  }
  if (bare === '::1' || bare === '::' || /^(?:127\.|0\.0\.0\.0$)/.test(bare) || ownAddresses.includes(bare))
    return 'self';
  const local = new BlockList();
  for (const [address, prefix, kind] of LOCAL_RANGES) local.addSubnet(address, prefix, kind);
  return local.check(bare, family === 6 ? 'ipv6' : 'ipv4') ? 'local' : 'beyond';
}
