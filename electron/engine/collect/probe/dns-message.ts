import { DNS_CLASSES, DNS_RCODES, DNS_TYPES } from '../../config/index.ts';

export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly wantsRecursion: boolean;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  /** The data alone, as a zone file writes it: an address, `10 mail.example.` */
  readonly data: string;
  /** The whole record in one line: name, TTL, class, type and data, with tabs between. */
  readonly text: string;
}

export interface DnsMessage {
  readonly id: number;
  readonly isResponse: boolean;
  readonly isTruncated: boolean;
  readonly isAuthoritative: boolean;
  /** `NOERROR` or another name; `RCODE11` where it has none. */
  readonly rcode: string;
  readonly answer: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
  /** Of the first SOA record in the answer; null without one. */
  readonly serial: number | null;
}

/** A query for one name. Source: RFC 1035, 4.1. */
export function encodeQuery(id: number, { name, type, class: queryClass, wantsRecursion }: DnsQuestion): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(wantsRecursion ? 0x0100 : 0, 2);
  header.writeUInt16BE(1, 4);
  const labels = name
    .replace(/\.$/, '')
    .split('.')
    .filter((label) => label !== '')
    .map((label) => Buffer.from(label, 'utf8'));
  const tail = Buffer.alloc(5);
  tail.writeUInt16BE(type, 1);
  tail.writeUInt16BE(queryClass, 3);
  return Buffer.concat([header, ...labels.flatMap((label) => [Buffer.from([label.length]), label]), tail]);
}

/** Read a message; null when it is none. Source: RFC 1035, 4.1; RFC 3596 (AAAA), 2782 (SRV), 8659 (CAA). */
export function decodeMessage(bytes: Buffer): DnsMessage | null {
  try {
    return readMessage(bytes);
  } catch (error) {
    // Reading beyond the end throws a RangeError; that is how a cut or lying message shows.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readMessage(bytes: Buffer): DnsMessage {
  const flags = bytes.readUInt16BE(2);
  const cursor: Cursor = { bytes, at: 12 };
  for (let left = bytes.readUInt16BE(4); left > 0; left--) {
    readName(cursor);
    cursor.at += 4;
  }
  let serial: number | null = null;
  const section = (count: number): DnsRecord[] => Array.from({ length: count }, () => readRecord(cursor));
  const answer = section(bytes.readUInt16BE(6));
  const authority = section(bytes.readUInt16BE(8));
  const additional = section(bytes.readUInt16BE(10));
  const soa = answer.find(({ type }) => type === 'SOA');
  if (soa !== undefined) serial = Number(soa.data.split(' ')[2]);
  const rcode = flags & 0xf;
  return {
    id: bytes.readUInt16BE(0),
    isResponse: (flags & 0x8000) !== 0,
    isTruncated: (flags & 0x0200) !== 0,
    isAuthoritative: (flags & 0x0400) !== 0,
    rcode: DNS_RCODES[rcode] ?? `RCODE${String(rcode)}`,
    answer,
    authority,
    additional,
    serial,
  };
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

/** A name with its final dot. Pointers lead backwards only, so that none leads in a circle. */
function readName(cursor: Cursor): string {
  const { bytes } = cursor;
  const labels: string[] = [];
  let at = cursor.at;
  let end: number | null = null;
  for (;;) {
    const length = bytes.readUInt8(at);
    if ((length & 0xc0) === 0xc0) {
      const target = bytes.readUInt16BE(at) & 0x3fff;
      end ??= at + 2;
      if (target >= at) throw new RangeError('a name points forwards');
      at = target;
      continue;
    }
    if (length === 0) break;
    if (at + 1 + length > bytes.length) throw new RangeError('a name goes beyond the message');
    labels.push(bytes.toString('utf8', at + 1, at + 1 + length).replace(/[.\\"]/g, '\\$&'));
    at += 1 + length;
  }
  cursor.at = end ?? at + 1;
  return `${labels.join('.')}.`;
}

const TYPE_NAMES = namesOf(DNS_TYPES);
const CLASS_NAMES = namesOf(DNS_CLASSES);

function namesOf(numbers: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
}

function readRecord(cursor: Cursor): DnsRecord {
  const { bytes } = cursor;
  const name = readName(cursor);
  const type = bytes.readUInt16BE(cursor.at);
  const recordClass = bytes.readUInt16BE(cursor.at + 2);
  const ttl = bytes.readUInt32BE(cursor.at + 4);
  const length = bytes.readUInt16BE(cursor.at + 8);
  const start = cursor.at + 10;
  if (start + length > bytes.length) throw new RangeError('a record goes beyond the message');
  cursor.at = start;
  const data = readData(cursor, type, length);
  cursor.at = start + length;
  const typeName = TYPE_NAMES.get(type) ?? `TYPE${String(type)}`;
  const className = CLASS_NAMES.get(recordClass) ?? `CLASS${String(recordClass)}`;
  return { name, type: typeName, data, text: [name, String(ttl), className, typeName, data].join('\t') };
}

function readData(cursor: Cursor, type: number, length: number): string {
  const { bytes, at } = cursor;
  const end = at + length;
  switch (type) {
    case DNS_TYPES['A']:
      return [...bytes.subarray(at, at + 4)].join('.');
    case DNS_TYPES['AAAA']:
      return formatIpv6(bytes.subarray(at, at + 16));
    case DNS_TYPES['NS']:
    case DNS_TYPES['CNAME']:
    case DNS_TYPES['PTR']:
    case DNS_TYPES['DNAME']:
      return readName(cursor);
    case DNS_TYPES['MX']:
      cursor.at = at + 2;
      return `${String(bytes.readUInt16BE(at))} ${readName(cursor)}`;
    case DNS_TYPES['SRV']: {
      const numbers = [0, 2, 4].map((offset) => String(bytes.readUInt16BE(at + offset)));
      cursor.at = at + 6;
      return `${numbers.join(' ')} ${readName(cursor)}`;
    }
    case DNS_TYPES['SOA']: {
      const names = [readName(cursor), readName(cursor)];
      const numbers = [0, 4, 8, 12, 16].map((offset) => String(bytes.readUInt32BE(cursor.at + offset)));
      return [...names, ...numbers].join(' ');
    }
    case DNS_TYPES['TXT']:
    case DNS_TYPES['SPF']: {
      const parts: string[] = [];
      for (let next = at; next < end;) {
        const size = bytes.readUInt8(next);
        parts.push(quote(bytes.toString('utf8', next + 1, Math.min(end, next + 1 + size))));
        next += 1 + size;
      }
      return parts.join(' ');
    }
    case DNS_TYPES['CAA']: {
      const tagLength = bytes.readUInt8(at + 1);
      const tag = bytes.toString('latin1', at + 2, at + 2 + tagLength);
      return `${String(bytes.readUInt8(at))} ${tag} ${quote(bytes.toString('utf8', at + 2 + tagLength, end))}`;
    }
    default:
      // Source: RFC 3597, 5: how data of an unknown type is written.
      return `\\# ${String(length)} ${bytes.toString('hex', at, end)}`;
  }
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Source: RFC 5952: the longest run of zeros, of two at least, becomes `::`. */
function formatIpv6(bytes: Buffer): string {
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => bytes.readUInt16BE(at).toString(16)).join(':');
  const runs = [...groups.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].toSorted((a, b) => b[0].length - a[0].length);
  const [longest] = runs;
  if (longest === undefined) return groups;
  const before = groups.slice(0, longest.index);
  const after = groups.slice(longest.index + longest[0].length);
  return `${before}::${after.replace(/^:/, '')}`;
}
