import { isIPv4 } from 'node:net';
import type { Socket } from 'node:net';

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const USERNAME = 2;
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'a failure of its own',
  2: 'that its rules forbid it',
  3: 'that the network is unreachable',
  4: 'that the host is unreachable',
  5: 'that the connection was refused',
  6: 'that the time ran out',
  7: 'that it cannot connect',
  8: 'that it does not know the kind of address',
};

/**
 * Ask a SOCKS 5 proxy for a connection. The proxy resolves names.
 *
 * @param socket on its way to the proxy; it is destroyed when the way is not opened
 * Source: RFC 1928; RFC 1929 for a name and a password.
 */
export function connectThroughSocks(
  socket: Socket,
  proxy: URL,
  target: { readonly host: string; readonly port: number },
  done: (error: Error | null, socket: Socket) => void,
): void {
  let received = Buffer.alloc(0);
  let step: (bytes: Buffer) => number = onMethod;
  const hasName = proxy.username !== '';

  const finish = (error: Error | null): void => {
    socket.off('data', onData);
    socket.off('error', onError);
    socket.off('timeout', onTimeout);
    socket.setTimeout(0);
    if (error !== null) socket.destroy();
    done(error, socket);
  };
  const refuse = (text: string): number => {
    finish(new Error(`the proxy ${proxy.host} answered ${text}`));
    return 0;
  };
  function onError(error: Error): void {
    finish(new Error(`the proxy ${proxy.host} cannot be reached: ${error.message}`));
  }
  function onTimeout(): void {
    refuse('nothing in time');
  }
  function onData(chunk: Buffer): void {
    received = Buffer.concat([received, chunk]);
    for (let used = step(received); used > 0; used = step(received)) received = received.subarray(used);
  }

  /** Each reader takes what it understands and says how much that was; 0 waits for more. */
  function onMethod(bytes: Buffer): number {
    if (bytes.length < 2) return 0;
    if (bytes[0] !== VERSION) return refuse('something that is not SOCKS 5');
    if (bytes[1] === USERNAME) {
      const [name, password] = [proxy.username, proxy.password].map((text) => Buffer.from(decodeURIComponent(text)));
      if (name === undefined || password === undefined) return refuse('that it wants a name');
      socket.write(Buffer.from([1, name.length, ...name, password.length, ...password]));
      step = onAuthenticated;
    } else if (bytes[1] === NO_AUTHENTICATION) ask();
    else return refuse('that it takes no way to authenticate that is offered');
    return 2;
  }
  function onAuthenticated(bytes: Buffer): number {
    if (bytes.length < 2) return 0;
    if (bytes[1] !== 0) return refuse('that name or password are wrong');
    ask();
    return 2;
  }
  function onReply(bytes: Buffer): number {
    if (bytes.length < 5) return 0;
    if (bytes[1] !== 0) return refuse(REFUSALS[bytes[1] ?? 1] ?? 'an unknown refusal');
    const addressBytes = bytes[3] === 1 ? 4 : bytes[3] === 4 ? 16 : 1 + (bytes[4] ?? 0);
    const whole = 4 + addressBytes + 2;
    if (bytes.length < whole) return 0;
    // What the server sent meanwhile belongs to the reader of the connection.
    step = () => 0;
    const rest = bytes.subarray(whole);
    finish(null);
    if (rest.length > 0) socket.unshift(rest);
    return 0;
  }
  function ask(): void {
    const address = isIPv4(target.host)
      ? [1, ...target.host.split('.').map(Number)]
      : [3, Buffer.byteLength(target.host), ...Buffer.from(target.host)];
    socket.write(Buffer.from([VERSION, 1, 0, ...address, target.port >> 8, target.port & 255]));
    step = onReply;
  }

  socket.on('data', onData);
  socket.on('error', onError);
  socket.on('timeout', onTimeout);
  socket.once('connect', () => {
    socket.write(Buffer.from(hasName ? [VERSION, 2, NO_AUTHENTICATION, USERNAME] : [VERSION, 1, NO_AUTHENTICATION]));
  });
}
