import { BSON } from 'mongodb';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProbeKindName } from '../../../../../electron/engine/config/index.ts';
import { answer, drip, hang, leave, startTcpDouble } from '../../../../doubles/tcp-double.ts';
import type { TcpDouble } from '../../../../doubles/tcp-double.ts';
import { look, say } from './ask.ts';
import type { RawSettings } from './ask.ts';

let server: TcpDouble;
afterEach(async () => {
  await server.close();
});

const SHORT_MS = 400;
const HTTP = Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
const SMTP = Buffer.from('220 mail.example ESMTP ready\r\n');

interface Kind {
  readonly kind: ProbeKindName;
  readonly settings: (address: string) => RawSettings;
  /** The beginning of a right answer. */
  readonly begins: Uint8Array;
  readonly speaksFirst?: boolean;
  /** How a server of another kind is called out. */
  readonly wrong: RegExp;
  readonly late: RegExp;
}

const mysqlGreeting = Buffer.concat([
  Buffer.from([0x4a, 0, 0, 0, 0x0a]),
  Buffer.from('8.0.39\u0000'),
  Buffer.alloc(66),
]);
const mongoAnswer = Buffer.concat([Buffer.from([200, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0xdd, 0x07, 0, 0]), Buffer.alloc(184)]); // prettier-ignore
const json = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{"rabbit');

const KINDS: readonly Kind[] = [
  {
    kind: 'redis',
    settings: (address) => ({ address }),
    begins: Buffer.from('+PONG\r\n'),
    wrong: /does not speak Redis: it answered "HTTP\/1.1 400/,
    late: /took the connection and did not answer within 0.4 s/,
  },
  {
    kind: 'postgresql',
    settings: (address) => ({ address, user: 'me', password: 'p' }),
    begins: Buffer.from([0x52, 0, 0, 0, 23, 0, 0, 0, 10]),
    wrong: /does not speak PostgreSQL: it answered "HTTP\/1.1 400/,
    late: /took the connection and did not let us in within 0.4 s/,
  },
  {
    kind: 'mysql',
    settings: (address) => ({ address, user: 'me', password: 'p' }),
    begins: mysqlGreeting,
    speaksFirst: true,
    wrong: /does not speak MySQL: it answered "220 mail/,
    late: /did not greet and let us in within 0.4 s/,
  },
  {
    kind: 'mongodb',
    settings: (address) => ({ address }),
    begins: mongoAnswer,
    wrong: /does not speak MongoDB: it answered "HTTP\/1.1 400/,
    late: /took the connection and did not answer within 0.4 s/,
  },
  {
    kind: 'rabbitmq',
    settings: (address) => ({ url: `http://${address}`, password: 'p' }),
    begins: json,
    wrong: /answered 400, and not as RabbitMQ does/,
    late: /did not answer \/api\/overview within 0.4 s/,
  },
  {
    kind: 'flower',
    settings: (address) => ({ url: `http://${address}` }),
    begins: json,
    wrong: /answered 400 to \/healthcheck/,
    late: /did not answer \/healthcheck within 0.4 s/,
  },
];

describe.each(KINDS)('a $kind probe', ({ kind, settings, begins, speaksFirst = false, wrong, late }) => {
  it('says of a port without listener that nothing listens', async () => {
    server = await startTcpDouble(hang);
    const { address } = server;
    await server.close();
    const result = await look(kind, settings(address), SHORT_MS);
    expect(say(result)).toMatch(/^down refused: Nothing listens on 127.0.0.1:\d+ \(connection refused\)/);
  });

  it('knows a server of another kind', async () => {
    server = await startTcpDouble(speaksFirst ? answer(SMTP, true) : answer(HTTP));
    const result = await look(kind, settings(server.address));
    expect(say(result)).toMatch(wrong);
    expect(result.outcome).toBe('down');
  });

  it('gives up on a server that hangs, says at what, and leaves no connection', async () => {
    server = await startTcpDouble(hang);
    const result = await look(kind, settings(server.address), SHORT_MS);
    expect(say(result)).toMatch(late);
    expect(result.reason?.code).toBe('timeout');
    await expect.poll(() => server.open()).toBe(0);
  });

  it('gives up on a server that drips one byte a second', async () => {
    server = await startTcpDouble(drip(begins, speaksFirst));
    const result = await look(kind, settings(server.address), SHORT_MS);
    expect(say(result)).toMatch(/^down timeout: 127.0.0.1:\d+ .*within 0.4 s/);
  });

  it('says of a server that goes in the middle that it closed the connection', async () => {
    server = await startTcpDouble(leave(begins, speaksFirst));
    const result = await look(kind, settings(server.address));
    expect(say(result)).toMatch(/^down reset: .*closed the connection before its answer was complete/);
  });

  it('is unknown when its password cannot be had', async () => {
    server = await startTcpDouble(hang);
    const { password, ...rest } = settings(server.address);
    const result = await look(kind, { ...rest, password: '${env:VEDETTE_TEST_NOT_SET}' });
    expect(say(result)).toBe('unknown secret: The environment variable VEDETTE_TEST_NOT_SET is not set.');
    expect(server.made()).toBe(0);
    expect(password).not.toBe('${env:VEDETTE_TEST_NOT_SET}');
  });
});

describe('what Redis says', () => {
  it.each([
    ['-LOADING Redis is loading the dataset in memory', 'degraded loading'],
    ['-MASTERDOWN Link with MASTER is down', 'degraded master'],
    ['-NOAUTH Authentication required.', 'unknown auth'],
    ['-DENIED Redis is running in protected mode', 'unknown auth'],
    ['-ERR max number of clients reached', 'degraded full'],
    ['-ERR what is that', 'unknown answer'],
  ])('%s', async (line, expected) => {
    server = await startTcpDouble(answer(Buffer.from(`${line}\r\n`)));
    const result = await look('redis', { address: server.address });
    expect(say(result)).toMatch(new RegExp(`^${expected}: `));
  });
});

describe('a MongoDB server', () => {
  /** Answers every command by its name. */
  const serve = (answers: Readonly<Record<string, object>>) => (socket: Socket) => {
    socket.on('data', (message: Buffer) => {
      const [name = ''] = Object.keys(BSON.deserialize(message.subarray(21)));
      const body = BSON.serialize(answers[name] ?? { ok: 0, code: 13, errmsg: 'not authorized on admin' });
      const header = Buffer.alloc(21);
      header.writeInt32LE(21 + body.length, 0);
      header.writeInt32LE(message.readInt32LE(4), 8);
      header.writeInt32LE(2013, 12);
      socket.write(Buffer.concat([header, body]));
    });
  };
  const secondary = { ok: 1, setName: 'rs0', secondary: true, primary: 'b:27017' };

  it('that answers is up, and says which role is missing for more', async () => {
    server = await startTcpDouble(serve({ hello: { ok: 1 }, ping: { ok: 1 } }));
    const result = await look('mongodb', { address: server.address });
    expect(result.outcome).toBe('up');
    expect(result.details.map(({ name }) => name)).toEqual(['role', 'missingRole']);
  });

  it('without a primary in its set is degraded', async () => {
    server = await startTcpDouble(serve({ hello: { ok: 1, setName: 'rs0', secondary: true }, ping: { ok: 1 } }));
    const result = await look('mongodb', { address: server.address });
    expect(say(result)).toMatch(/^degraded primary: .*"rs0" has no primary/);
  });

  it('that is far behind its primary is degraded', async () => {
    const members = [
      { name: 'a:27017', stateStr: 'SECONDARY', self: true, optimeDate: new Date(1_700_000_000_000) },
      { name: 'b:27017', stateStr: 'PRIMARY', optimeDate: new Date(1_700_000_125_000) },
    ];
    server = await startTcpDouble(serve({ hello: secondary, ping: { ok: 1 }, replSetGetStatus: { ok: 1, members } }));
    const result = await look('mongodb', { address: server.address });
    expect(say(result)).toMatch(/^degraded replication: .* is 2m5s behind its primary b:27017/);
  });

  it('that refuses the login makes it unknown', async () => {
    const refused = { ok: 0, code: 18, errmsg: 'Authentication failed.' };
    server = await startTcpDouble(serve({ hello: { ok: 1 }, saslStart: refused }));
    const result = await look('mongodb', { address: server.address, user: 'me', password: 'p' });
    expect(say(result)).toMatch(/^unknown auth: .*refuses the user "me" of "admin" or its password/);
  });
});
