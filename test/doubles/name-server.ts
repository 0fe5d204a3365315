import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A name as it stands in a message. */
export const label = (name: string): Buffer =>
  Buffer.concat([...name.split('.').map((part) => Buffer.from([part.length, ...Buffer.from(part)])), Buffer.from([0])]);

/** A record whose name points to the question. */
export function record(type: number, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 1, 44, 0, 0]);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** What a name server says. */
export interface Zone {
  readonly rcode?: number;
  readonly answer?: readonly Buffer[];
  readonly authority?: readonly Buffer[];
  readonly isTruncated?: boolean;
}

export function answerTo(query: Buffer, { rcode = 0, answer = [], authority = [], isTruncated = false }: Zone): Buffer {
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 | (isTruncated ? 0x0200 : 0) | rcode, 2);
  header.writeUInt16BE(answer.length, 6);
  header.writeUInt16BE(authority.length, 8);
  return Buffer.concat([header, query.subarray(12), ...answer, ...authority]);
}

export interface NameServer {
  /** `127.0.0.1:port`, over UDP and TCP. */
  readonly address: string;
  close(): Promise<void>;
}

/** A name server that answers each question by its name; `overTcp` where TCP has another answer. */
export async function startNameServer(zoneOf: (name: string) => Zone, overTcp = zoneOf): Promise<NameServer> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    socket.send(answerTo(query, zoneOf(nameIn(query))), from.port, from.address);
  });
  const server = createServer((connection) => {
    connection.on('error', () => undefined);
    connection.once('data', (framed) => {
      const query = framed.subarray(2);
      const answer = answerTo(query, overTcp(nameIn(query)));
      connection.end(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 0xff]), answer]));
    });
  });
  // One port for both: where the other protocol has it taken, another one is tried.
  let port = 0;
  while (port === 0) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const free = (server.address() as AddressInfo).port;
    const isBound = await new Promise<boolean>((resolve) => {
      socket.once('error', () => {
        resolve(false);
      });
      socket.bind(free, '127.0.0.1', () => {
        resolve(true);
      });
    });
    if (isBound) port = free;
    else await new Promise<unknown>((resolve) => server.close(resolve));
  }
  return {
    address: `127.0.0.1:${String(port)}`,
    async close() {
      await new Promise<void>((resolve) => void socket.close(resolve));
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

function nameIn(query: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; (query[at] ?? 0) > 0; at += (query[at] ?? 0) + 1) {
    labels.push(query.toString('utf8', at + 1, at + 1 + (query[at] ?? 0)));
  }
  return labels.join('.');
}
