import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readProcessName, readUsers } from '../host/linux/process-scan.ts';
import { listDirectory, readAttribute } from '../host/sysfs.ts';
import type { Listener } from './discovery.ts';

/** A line of /proc/net/tcp or tcp6 in the state LISTEN. */
export interface ListeningSocket {
  /** As text: `0.0.0.0`, `127.0.0.1`, `::`, `::1`, … */
  readonly address: string;
  readonly port: number;
  readonly userId: string;
  readonly inode: string;
}

const LISTEN = '0A';

/** Source: the kernel's Documentation/networking/proc_net_tcp.rst. */
export function parseListeningSockets(text: string): ListeningSocket[] {
  const sockets: ListeningSocket[] = [];
  for (const line of text.split('\n')) {
    const [, local = '', , state, , , , userId = '', , inode = ''] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== LISTEN) continue;
    sockets.push({ address: formatAddress(address), port: Number.parseInt(port, 16), userId, inode });
  }
  return sockets;
}

/** The kernel prints 32-bit words in the machine's byte order, which is little-endian wherever Node runs on Linux but s390. */
function formatAddress(hex: string): string {
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (let byte = 6; byte >= 0; byte -= 2) bytes.push(Number.parseInt(hex.slice(word + byte, word + byte + 2), 16));
  }
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return '::1';
  const isMappedIpv4 = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (isMappedIpv4) return `::ffff:${bytes.slice(12).join('.')}`;
  const groups: string[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16));
  return groups.join(':');
}

/**
 * Where a probe on loopback reaches a socket that is bound to `address`; null when it does not. An IPv6 socket on every
 * address usually takes IPv4 too.
 */
export function loopbackAddressOf(address: string): string | null {
  if (address === '0.0.0.0' || address === '::' || address === '*' || address === '') return '127.0.0.1';
  if (address === '::1') return '::1';
  const ipv4 = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return /^127(\.\d{1,3}){3}$/.test(ipv4) ? ipv4 : null;
}

/** What listens where loopback reaches it, one per port. Processes of other users stay unknown without root. */
export async function listLinuxListeners(root: string): Promise<Listener[]> {
  const proc = join(root, 'proc');
  const texts = await Promise.all(['net/tcp', 'net/tcp6'].map((path) => readAttribute(join(proc, path))));
  const sockets = texts.flatMap((text) => parseListeningSockets(text ?? ''));
  const byPort = new Map<number, ListeningSocket & { readonly reachedAt: string }>();
  for (const socket of sockets) {
    const reachedAt = loopbackAddressOf(socket.address);
    if (reachedAt !== null && !byPort.has(socket.port)) byPort.set(socket.port, { ...socket, reachedAt });
  }
  const owners = await findOwners(proc, new Set([...byPort.values()].map((socket) => socket.inode)));
  const users = await readUsers(join(root, 'etc/passwd'));
  return [...byPort.values()]
    .sort((a, b) => a.port - b.port)
    .map(({ port, reachedAt, inode, userId }) => ({
      port,
      address: reachedAt,
      process: owners.get(inode) ?? null,
      user: users.get(userId) ?? userId,
    }));
}

/** Which process holds each socket: its open files are links to `socket:[inode]`. Ends when all are found. */
async function findOwners(
  proc: string,
  inodes: ReadonlySet<string>,
): Promise<Map<string, { pid: number; name: string }>> {
  const owners = new Map<string, { pid: number; name: string }>();
  for (const pid of await listDirectory(proc)) {
    if (owners.size === inodes.size) break;
    if (!/^\d+$/.test(pid)) continue;
    const descriptors = join(proc, pid, 'fd');
    // Files of other users' processes cannot be listed.
    const names = await readdir(descriptors).catch(() => []);
    const links = await Promise.all(names.map((name) => readlink(join(descriptors, name)).catch(() => '')));
    for (const link of links) {
      const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
      // A socket may be shared by forked workers; the lowest process number is usually their parent.
      if (inode === undefined || !inodes.has(inode) || owners.has(inode)) continue;
      const name = await readProcessName(proc, Number(pid), (await readAttribute(join(proc, pid, 'comm'))) ?? '');
      owners.set(inode, { pid: Number(pid), name });
    }
  }
  return owners;
}
