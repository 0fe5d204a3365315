import { connect } from 'node:net';
import type { Listener } from './discovery.ts';

const ANSWER_LIMIT_BYTES = 512;

/**
 * Connect to a listener on loopback, send `question` if there is one, and take the first bytes of what it says.
 *
 * @param farewell sent before hanging up, for protocols that log a client that just leaves; a function gets the answer
 * @returns null when it says nothing before `signal`, or refuses
 */
export function probeBytes(
  { address, port }: Pick<Listener, 'address' | 'port'>,
  exchange: Exchange,
  signal: AbortSignal,
): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, signal });
    const settle = (answer: Buffer | null) => {
      resolve(answer);
      const { farewell } = exchange;
      const last = typeof farewell === 'function' && answer !== null ? farewell(answer) : farewell;
      if (answer !== null && last instanceof Uint8Array) socket.end(last);
      else socket.destroy();
    };
    socket.once('connect', () => {
      if (exchange.question !== undefined) socket.write(exchange.question);
    });
    socket.once('data', (data) => {
      // What follows is read and dropped, so that the other side sees an orderly end.
      socket.resume();
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

export interface Exchange {
  /** Nothing for servers that speak first. */
  readonly question?: Uint8Array;
  readonly farewell?: Uint8Array | ((answer: Buffer) => Uint8Array | undefined);
}

/** How a server is asked in its own language, and whether the answer is one. */
export interface KnownExchange extends Exchange {
  readonly question: Uint8Array;
  readonly isAnswer: (answer: Buffer) => boolean;
}

/** Redis answers the inline command PING, or asks for a password first. Source: Redis protocol specification. */
export const REDIS_EXCHANGE: KnownExchange = {
  question: Buffer.from('PING\r\n'),
  farewell: Buffer.from('QUIT\r\n'),
  isAnswer: (answer) =>
    /^(\+PONG|-NOAUTH|-DENIED|-LOADING|-MASTERDOWN|-ERR max number)/.test(answer.toString('latin1')),
};

/**
 * SSLRequest: length 8, code 80877103; `S` or `N`, with or without TLS, is an answer that nobody else gives.
 * Source: PostgreSQL manual, "Message Formats".
 */
export const POSTGRES_EXCHANGE: KnownExchange = {
  question: Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]),
  isAnswer: (answer) => answer.length === 1 && (answer[0] === 0x53 || answer[0] === 0x4e),
};

/**
 * The protocol's header; the broker begins with a method frame on channel 0 (Connection.Start, 10.10), or names the
 * version that it wants. Source: AMQP 0-9-1, 4.2.2 and 4.2.3.
 */
export const AMQP_EXCHANGE: KnownExchange = {
  question: Buffer.from('AMQP\u0000\u0000\u0009\u0001', 'latin1'),
  isAnswer: (answer) =>
    answer.toString('latin1', 0, 4) === 'AMQP' ||
    (answer[0] === 1 && answer.readUInt16BE(1) === 0 && answer.subarray(7, 11).equals(Buffer.from([0, 10, 0, 10]))),
};

/** Source: memcached, doc/protocol.txt, "version". */
export const MEMCACHED_EXCHANGE: KnownExchange = {
  question: Buffer.from('version\r\n'),
  farewell: Buffer.from('quit\r\n'),
  isAnswer: (answer) => answer.toString('latin1').startsWith('VERSION '),
};

/** CONNECT of an anonymous client without a state; CONNACK whatever its verdict. Source: MQTT 3.1.1, 3.1 and 3.2. */
export const MQTT_EXCHANGE: KnownExchange = {
  question: Buffer.from([0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 10, 0, 0]),
  farewell: Buffer.from([0xe0, 0]),
  isAnswer: (answer) => answer[0] === 0x20 && answer[1] === 2 && answer.length >= 4,
};

/** OP_MSG with `{hello: 1, $db: "admin"}`. Source: MongoDB manual, "MongoDB Wire Protocol". */
export const MONGODB_EXCHANGE: KnownExchange = {
  question: mongoHello(),
  // The reply repeats the number of the request (bytes 8–11) and has the code of OP_MSG.
  isAnswer: (answer) => answer.length >= 16 && answer.readInt32LE(8) === 1 && answer.readInt32LE(12) === OP_MSG,
};

const OP_MSG = 2013;

function mongoHello(): Buffer {
  const text = (value: string) => Buffer.from(`${value}\u0000`);
  const int32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return bytes;
  };
  const database = text('admin');
  const fields = [
    Buffer.from([0x10]),
    text('hello'),
    int32(1),
    Buffer.from([0x02]),
    text('$db'),
    int32(database.length),
    database,
    Buffer.from([0]),
  ];
  const body = Buffer.concat(fields);
  // Request 1, answer to none, then the flags and a section of kind 0 with the document.
  const rest = [int32(1), int32(0), int32(2013), int32(0), Buffer.from([0]), int32(body.length + 4), body];
  const message = Buffer.concat(rest);
  return Buffer.concat([int32(message.length + 4), message]);
}

/** What servers say that speak first. */
export type Greeting = 'ssh' | 'smtp' | 'ftp' | 'imap' | 'pop3' | 'mysql';

export function recogniseGreeting(answer: Buffer): Greeting | null {
  const text = answer.toString('latin1');
  if (text.startsWith('SSH-')) return 'ssh';
  if (/^220[ -]/.test(text)) return /smtp/i.test(text) ? 'smtp' : 'ftp';
  if (text.startsWith('* OK')) return 'imap';
  if (text.startsWith('+OK')) return 'pop3';
  return isMysqlGreeting(answer) ? 'mysql' : null;
}

/** Length (3 bytes), number 0, then version 10 of the protocol and the server's version as a text; or an error packet. */
function isMysqlGreeting(answer: Buffer): boolean {
  if (answer.length < 6 || answer[3] !== 0) return false;
  const kind = answer[4];
  return (kind === 10 && /^[\d.]+[-\w.+:~]*\u0000/.test(answer.toString('latin1', 5))) || kind === 0xff;
}

/**
 * Listens, says goodbye in the language of who greets, and gives a MySQL server a whole log-in without a user: a client
 * that hangs up in the middle is counted, and after 100 of them the server locks its address out; one that is turned away
 * is not. Source: MySQL manual, "max_connect_errors"; "Protocol::HandshakeResponse41".
 */
export const GREETING_EXCHANGE: Exchange = {
  farewell(answer) {
    switch (recogniseGreeting(answer)) {
      case 'smtp':
      case 'ftp':
      case 'pop3':
        return Buffer.from('QUIT\r\n');
      case 'imap':
        return Buffer.from('a LOGOUT\r\n');
      case 'mysql':
        return mysqlNobody();
      case 'ssh':
      case null:
        return undefined;
    }
  },
};

const PROTOCOL_41 = 0x0200;
const SECURE_CONNECTION = 0x8000;
const UTF8 = 33;

function mysqlNobody(): Buffer {
  const fixed = Buffer.alloc(32);
  fixed.writeUInt32LE(PROTOCOL_41 | SECURE_CONNECTION, 0);
  fixed.writeUInt32LE(1 << 24, 4);
  fixed[8] = UTF8;
  // No name, and no answer to the challenge.
  const payload = Buffer.concat([fixed, Buffer.from([0, 0])]);
  const head = Buffer.from([payload.length, 0, 0, 1]);
  return Buffer.concat([head, payload]);
}
