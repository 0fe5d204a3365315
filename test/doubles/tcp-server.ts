import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { TLSSocket, createSecureContext } from 'node:tls';
import type { Certificate } from './certificate.ts';

export interface TcpServer {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** What a server does with one connection. */
export type Behaviour = (socket: Socket) => void;

/** A server on a free port of loopback. */
export async function startTcpServer(behave: Behaviour): Promise<TcpServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // Clients of tests go away as they please.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${String(port)}`,
    port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The ways in which a server can be bad, whatever it should speak. */
export const bad = {
  /** Takes the connection and says nothing. */
  hanging: (): Behaviour => (socket) => void socket.resume(),
  /** Sends one byte after the other and never ends. */
  dripping:
    (text = 'abcdefgh'): Behaviour =>
    (socket) => {
      socket.resume();
      let at = 0;
      const timer = setInterval(() => socket.write(text.charAt(at++ % text.length)), 25);
      socket.on('close', () => {
        clearInterval(timer);
      });
    },
  /** Begins to answer and hangs up. */
  gone:
    (beginning: string | Buffer = ''): Behaviour =>
    (socket) =>
      void socket.end(beginning),
  /** Resets the connection as soon as something comes in. */
  resetting: (): Behaviour => (socket) => void socket.once('data', () => socket.resetAndDestroy()),
  /** Says the same words to everyone, as a server of something else does. */
  foreign:
    (words = 'hello\r\nwho are you\r\n'): Behaviour =>
    (socket) => {
      socket.resume();
      socket.write(words);
    },
};

/**
 * A server that answers line by line.
 *
 * @param answer the lines to send back for one line; null hangs up
 */
export function lineServer(
  greeting: string | null,
  answer: (line: string, secure: () => void) => string | null,
  certificate?: Certificate,
): Behaviour {
  // prettier-ignore
  return (plain) => {
    const serve = (socket: Socket): void => {
      let rest = '';
      const onData = (chunk: Buffer): void => {
        const lines = (rest + chunk.toString('utf8')).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const turn = { isSecured: false };
          const said = answer(line.replace(/\r$/, ''), () => (turn.isSecured = true));
          if (said === null) socket.end();
          else if (said !== '') socket.write(said);
          if (turn.isSecured) {
            socket.off('data', onData);
            serve(secure(socket, certificate));
          }
        }
      };
      socket.on('data', onData);
      socket.on('error', () => undefined);
    };
    if (greeting !== null) plain.write(greeting);
    serve(plain);
  };
}

/** The server's side of TLS over an open connection. */
export function secure(socket: Socket, certificate: Certificate | undefined): TLSSocket {
  if (certificate === undefined) throw new Error('a server that secures needs a certificate');
  const secureContext = createSecureContext({ key: certificate.key, cert: certificate.chain });
  const secured = new TLSSocket(socket, { isServer: true, secureContext });
  secured.on('error', () => undefined);
  return secured;
}
