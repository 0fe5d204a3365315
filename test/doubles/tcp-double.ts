import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A server of this process for what real ones seldom do. */
export interface TcpDouble {
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Connections that were made so far, and those that are open now. */
  readonly made: () => number;
  readonly open: () => number;
  close(): Promise<void>;
}

/** @param serve called with each connection */
export async function startTcpDouble(serve: (socket: Socket) => void): Promise<TcpDouble> {
  const sockets = new Set<Socket>();
  let made = 0;
  const server = createServer((socket) => {
    made += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    address: `127.0.0.1:${String(port)}`,
    made: () => made,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Takes the connection and says nothing. */
export function hang(socket: Socket): void {
  socket.resume();
}

/** Says `bytes` one a second, from the first question on (or from the start, where the server speaks first). */
export function drip(bytes: Uint8Array, speaksFirst = false): (socket: Socket) => void {
  return (socket) => {
    let at = 0;
    const say = (): void => {
      if (at < bytes.length) socket.write(bytes.subarray(at, ++at));
    };
    const begin = (): void => {
      say();
      const timer = setInterval(say, 1000);
      socket.once('close', () => {
        clearInterval(timer);
      });
    };
    if (speaksFirst) begin();
    else socket.once('data', begin);
  };
}

/** Says the first half of `bytes` and hangs up. */
export function leave(bytes: Uint8Array, speaksFirst = false): (socket: Socket) => void {
  return (socket) => {
    const say = (): void => void socket.end(bytes.subarray(0, Math.ceil(bytes.length / 2)));
    if (speaksFirst) say();
    else socket.once('data', say);
  };
}

/** Says `bytes` to every question. */
export function answer(bytes: Uint8Array, speaksFirst = false): (socket: Socket) => void {
  return (socket) => {
    if (speaksFirst) socket.write(bytes);
    socket.on('data', () => socket.write(bytes));
  };
}
