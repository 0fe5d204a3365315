import { connect } from 'node:net';
import type { Listener } from './discovery.ts';

const ANSWER_LIMIT_BYTES = 512;

/**
 * Connect to a listener on loopback, send `question` if there is one, and take the first bytes of what it says.
 *
 * @param farewell sent before hanging up, for protocols that log a client that just leaves
 * @returns null when it says nothing before `signal`, or refuses
 */
export function probeBytes(
  { address, port }: Pick<Listener, 'address' | 'port'>,
  exchange: { readonly question: Uint8Array; readonly farewell?: Uint8Array },
  signal: AbortSignal,
): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, signal });
    const settle = (answer: Buffer | null) => {
      resolve(answer);
      if (answer !== null && exchange.farewell !== undefined) socket.end(exchange.farewell);
      else socket.destroy();
    };
    socket.once('connect', () => socket.write(exchange.question));
    socket.once('data', (data) => {
      settle(data.subarray(0, ANSWER_LIMIT_BYTES));
    });
    socket.once('error', () => {
      settle(null);
    });
    socket.once('close', () => {
      settle(null);
    });
  });
}

/** Redis answers the inline command PING, or asks for a password first. Source: Redis protocol specification. */
export const REDIS_EXCHANGE = { question: Buffer.from('PING\r\n'), farewell: Buffer.from('QUIT\r\n') };

export function isRedisAnswer(answer: Buffer | null): boolean {
  return (
    answer !== null && /^(\+PONG|-NOAUTH|-DENIED|-LOADING|-MASTERDOWN|-ERR max number)/.test(answer.toString('latin1'))
  );
}

/** SSLRequest: length 8, code 80877103. Source: PostgreSQL manual, "Message Formats". */
export const POSTGRES_EXCHANGE = { question: Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]) };

/** `S` or `N`: with or without TLS; PostgreSQL is the only one to answer that question with one such letter. */
export function isPostgresAnswer(answer: Buffer | null): boolean {
  return answer?.length === 1 && (answer[0] === 0x53 || answer[0] === 0x4e);
}
