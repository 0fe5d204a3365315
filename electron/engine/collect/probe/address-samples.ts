import { isIPv4 } from 'node:net';
import type { ProbeSample } from './probe.ts';

/** The series of the address that was asked, as blackbox_exporter has them. */
export function addressSamples(address: string): ProbeSample[] {
  const family = address.includes(':') ? 6 : 4;
  return [
    { name: 'probe_ip_protocol', labels: {}, value: family },
    { name: 'probe_ip_addr_hash', labels: {}, value: hashAddress(address) },
  ];
}

/** FNV-1a over the bytes of the address, so that a change of address shows as a change of value. */
function hashAddress(address: string): number {
  let hash = 0x811c9dc5;
  for (const byte of bytesOf(address)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function bytesOf(address: string): readonly number[] {
  const mapped = address.replace(/^::ffff:/i, '');
  if (isIPv4(mapped)) return mapped.split('.').map(Number);
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const gap = tail === undefined ? [] : Array<number>(8 - first.length - last.length).fill(0);
  return [...first, ...gap, ...last].flatMap((group) => [group >> 8, group & 0xff]);
}
