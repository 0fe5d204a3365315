import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { quoteBytes } from '../driver-socket.ts';
import { ProbeFailure } from '../run-probe.ts';

export type MongoDocument = Readonly<Record<string, unknown>>;

/** Commands to one MongoDB server over one connection. The driver would open a second one to watch the first. */
export interface MongodbConnection {
  /** Rejects when the connection ends; an answer with `ok: 0` is an answer. */
  command(database: string, command: MongoDocument): Promise<MongoDocument>;
  end(): void;
}

const OP_MSG = 2013;
const HEADER_BYTES = 16;
/** Source: MongoDB manual, `maxMessageSizeBytes`. */
const LARGEST_MESSAGE_BYTES = 48_000_000;
const deriveKey = promisify(pbkdf2);

/** Speak MongoDB's wire protocol over a socket that is open. Source: MongoDB manual, "Wire Protocol" (OP_MSG). */
export async function speakMongodb(socket: Socket, address: string): Promise<MongodbConnection> {
  const { BSON } = await import('mongodb');
  let received = Buffer.alloc(0);
  let waiting: { resolve: (value: MongoDocument) => void; reject: (error: unknown) => void } | null = null;
  let failure: Error | null = null;
  let requestId = 0;

  const fail = (error: Error): void => {
    failure ??= error;
    waiting?.reject(failure);
    waiting = null;
    socket.destroy();
  };
  const wrongProtocol = (): void => {
    const message = `${address} does not speak MongoDB: it answered "${quoteBytes(received)}".`;
    fail(new ProbeFailure('down', 'protocol', message));
  };
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < HEADER_BYTES) return;
    const length = received.readInt32LE(0);
    const isOurs = received.readInt32LE(8) === requestId && received.readInt32LE(12) === OP_MSG;
    if (!isOurs || length < HEADER_BYTES + 10 || length > LARGEST_MESSAGE_BYTES) {
      wrongProtocol();
      return;
    }
    if (received.length < length) return;
    // Flags (4 bytes), then one section of kind 0: the document.
    const document = received.subarray(HEADER_BYTES + 5, length);
    received = received.subarray(length);
    try {
      waiting?.resolve(BSON.deserialize(document));
      waiting = null;
    } catch (error) {
      if (!BSON.BSONError.isBSONError(error)) throw error;
      wrongProtocol();
    }
  });
  socket.on('error', fail);
  socket.on('close', () => {
    // Too short for a message, and no message.
    if (waiting !== null && received.length > 0 && received.length < HEADER_BYTES) wrongProtocol();
    fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  });

  return {
    command(database, command) {
      if (failure !== null) return Promise.reject(failure);
      const { promise, resolve, reject } = Promise.withResolvers<MongoDocument>();
      waiting = { resolve, reject };
      requestId += 1;
      const body = BSON.serialize({ ...command, $db: database });
      const message = Buffer.alloc(HEADER_BYTES + 5 + body.length);
      message.writeInt32LE(message.length, 0);
      message.writeInt32LE(requestId, 4);
      message.writeInt32LE(OP_MSG, 12);
      message.set(body, HEADER_BYTES + 5);
      socket.write(message);
      return promise;
    },
    end() {
      socket.destroySoon();
    },
  };
}

/** Log in with SCRAM-SHA-256. Source: RFC 5802, RFC 7677. @throws ProbeFailure when the server refuses */
export async function logIn(
  connection: MongodbConnection,
  login: { readonly user: string; readonly password: string; readonly authSource: string; readonly address: string },
): Promise<void> {
  const { user, authSource, address } = login;
  const refused = (): ProbeFailure =>
    new ProbeFailure('unknown', 'auth', `${address} refuses the user "${user}" of "${authSource}" or its password.`);
  const say = async (
    command: MongoDocument,
  ): Promise<{ readonly payload: string; readonly id: unknown; readonly isDone: boolean }> => {
    const answer = await connection.command(authSource, command);
    if (answer['ok'] !== 1) throw refused();
    const payload = answer['payload'] as { toString(encoding: string): string } | undefined;
    return {
      payload: payload?.toString('utf8') ?? '',
      id: answer['conversationId'],
      isDone: answer['done'] === true,
    };
  };

  const name = user.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const nonce = randomBytes(24).toString('base64');
  const clientFirst = `n=${name},r=${nonce}`;
  const first = await say({
    saslStart: 1,
    mechanism: 'SCRAM-SHA-256',
    payload: Buffer.from(`n,,${clientFirst}`),
    options: { skipEmptyExchange: true },
  });
  const { r: serverNonce = '', s: salt = '', i: iterations = '0' } = attributesOf(first.payload);
  if (!serverNonce.startsWith(nonce) || Number(iterations) < 4096) throw refused();
  const clientFinal = `c=biws,r=${serverNonce}`;
  const salted = await deriveKey(login.password.normalize('NFKC'), Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256'); // prettier-ignore
  const clientKey = hmac(salted, 'Client Key');
  const said = `${clientFirst},${first.payload},${clientFinal}`;
  const signature = hmac(createHash('sha256').update(clientKey).digest(), said);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0))).toString('base64');
  const second = await say({
    saslContinue: 1,
    conversationId: first.id,
    payload: Buffer.from(`${clientFinal},p=${proof}`),
  });
  const verifier = Buffer.from(attributesOf(second.payload)['v'] ?? '', 'base64');
  const expected = hmac(hmac(salted, 'Server Key'), said);
  if (verifier.length !== expected.length || !timingSafeEqual(verifier, expected)) {
    throw new ProbeFailure('unknown', 'auth', `${address} does not know the password of "${user}" itself; is it the right server?`); // prettier-ignore
  }
  if (!second.isDone) await say({ saslContinue: 1, conversationId: first.id, payload: Buffer.alloc(0) });
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function attributesOf(message: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
}
