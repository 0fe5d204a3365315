import { Socket } from 'node:net';
import type { ServerAddress } from '../../config/index.ts';
import { lookUpHost } from '../look-up-host.ts';

/**
 * A socket for the driver of a database: it opens on `open`, or when the driver calls `connect` on it. It looks names up as every probe does, and ends
 * with the error of `complain` when the first bytes of the server are not what its protocol begins with: a driver would
 * wait for the rest of a message that never comes.
 *
 * @param complain what is wrong with the first bytes; null when nothing is
 */
export function createDriverSocket(
  { host, port }: ServerAddress,
  complain: (first: Buffer) => Error | null,
): DriverSocket {
  const socket = new OwnSocket(host, port);
  socket.prependOnceListener('data', (first: Buffer) => {
    socket.complaint = complain(first);
    if (socket.complaint !== null) socket.destroy(socket.complaint);
  });
  return socket;
}

export interface DriverSocket extends Socket {
  /** What was wrong with the first bytes; the driver may stumble over them before the socket tells. */
  readonly complaint: Error | null;
  open(): this;
}

class OwnSocket extends Socket implements DriverSocket {
  complaint: Error | null = null;
  readonly #host: string;
  readonly #port: number;
  constructor(host: string, port: number) {
    super();
    this.#host = host;
    this.#port = port;
  }
  override connect(): this {
    return this.open();
  }
  open(): this {
    return super.connect({ host: this.#host, port: this.#port, lookup: lookUpHost });
  }
}

/** The first bytes of an answer as a message quotes them. */
export function quoteBytes(bytes: Buffer): string {
  return bytes.toString('latin1', 0, 40).replaceAll(/[^\x20-\x7e]+/g, ' ').trim(); // prettier-ignore
}
