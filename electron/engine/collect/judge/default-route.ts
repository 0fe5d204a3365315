import { readFile } from 'node:fs/promises';
import { networkInterfaces, platform } from 'node:os';

export interface RouteFacts {
  /** Null where that cannot be told. */
  readonly hasRoute: boolean | null;
  /** Address of the gateway; null without one, or where it cannot be told. */
  readonly gateway: string | null;
}

const RTF_UP = 0x1;
const RTF_GATEWAY = 0x2;
const ATF_COMPLETE = 0x2;
const RTF_REJECT = 0x200;

/** The way out of this machine, as the system knows it. Elsewhere than on Linux: whether any network is connected. */
export async function readDefaultRoute(): Promise<RouteFacts> {
  if (platform() !== 'linux') return { hasRoute: hasOuterAddress(), gateway: null };
  const [v4, v6] = await Promise.all([readIfThere('/proc/net/route'), readIfThere('/proc/net/ipv6_route')]);
  if (v4 === null) return { hasRoute: null, gateway: null };
  return defaultRouteOf(v4, v6 ?? '');
}

/**
 * @param v4 text of `/proc/net/route`: addresses are hexadecimal, in the byte order of the machine
 * @param v6 text of `/proc/net/ipv6_route`
 */
export function defaultRouteOf(v4: string, v6: string): RouteFacts {
  for (const line of v4.split('\n').slice(1)) {
    const [, destination, gateway = '', flagText = '', , , , mask] = line.split('\t');
    const flags = parseInt(flagText, 16);
    if (destination !== '00000000' || mask !== '00000000' || (flags & RTF_UP) === 0) continue;
    return { hasRoute: true, gateway: (flags & RTF_GATEWAY) === 0 ? null : littleEndian(gateway) };
  }
  const hasSixth = v6.split('\n').some((line) => {
    const fields = line.trim().split(/\s+/);
    const flags = parseInt(fields[8] ?? '', 16);
    const isUsable = (flags & RTF_UP) !== 0 && (flags & RTF_REJECT) === 0 && fields[9] !== 'lo';
    return /^0{32}$/.test(fields[0] ?? '') && fields[1] === '00' && isUsable;
  });
  return { hasRoute: hasSixth, gateway: null };
}

/** Whether the kernel has seen a neighbour answer lately; null where it cannot be told. */
export async function isNeighbourKnown(address: string): Promise<boolean | null> {
  const text = platform() === 'linux' ? await readIfThere('/proc/net/arp') : null;
  return text === null ? null : isNeighbourIn(text, address);
}

/** @param arp text of `/proc/net/arp` */
export function isNeighbourIn(arp: string, address: string): boolean {
  return arp.split('\n').some((line) => {
    const [ip, , flags = ''] = line.split(/\s+/);
    return ip === address && (parseInt(flags, 16) & ATF_COMPLETE) !== 0;
  });
}

function littleEndian(hex: string): string {
  return (hex.match(/../g) ?? [])
    .toReversed()
    .map((byte) => parseInt(byte, 16))
    .join('.');
}

function hasOuterAddress(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    (addresses ?? []).some(({ internal, address }) => !internal && !address.startsWith('fe80:')),
  );
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
