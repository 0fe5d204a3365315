import type { RedisServer } from '../../../config/index.ts';
import type { RevealSecret } from '../../reveal-secret.ts';
import { connectSocket, strictOptions } from '../connect-socket.ts';
import { ProbeFailure } from '../run-probe.ts';
import type { ProbeRun } from '../run-probe.ts';
import { RespError, speakResp } from './resp-connection.ts';
import type { RespConnection, RespValue } from './resp-connection.ts';

/** Connect, log in and choose the database. @throws ProbeFailure when the server does not let us in */
export async function openRedis(
  { server, username, password, database, tls }: RedisServer,
  address: string,
  run: ProbeRun,
  revealSecret: RevealSecret,
): Promise<RespConnection> {
  const secret = password === null ? null : await revealSecret(password);
  if (secret?.ok === false) throw new ProbeFailure('unknown', 'secret', secret.message);
  const secure = await strictOptions(tls, server.host, revealSecret);
  run.awaited = 'took no connection';
  const socket = await connectSocket(server, secure, run.signal);
  run.remoteAddress = socket.remoteAddress ?? null;
  run.awaited = 'took the connection and did not answer';
  const connection = speakResp(socket, address);
  if (secret !== null) {
    const words = username === null ? [secret.value] : [username, secret.value];
    acceptOnly(await connection.command('AUTH', ...words), address);
  }
  if (database !== 0) acceptOnly(await connection.command('SELECT', String(database)), address);
  return connection;
}

/** Pass an answer on, unless it is an error: then end the run with what the error means. */
export function acceptOnly(answer: RespValue, address: string): Exclude<RespValue, RespError> {
  if (answer instanceof RespError) throw explain(answer, address);
  return answer;
}

/** Every error is an answer: the server lives. Source: Redis, `server.c` (shared error replies) and `acl.c`. */
function explain({ code, message }: RespError, address: string): ProbeFailure {
  switch (code) {
    case 'NOAUTH':
      return new ProbeFailure('unknown', 'auth', `${address} asks for a password. Give the check one.`);
    case 'WRONGPASS':
      return new ProbeFailure('unknown', 'auth', `${address} refuses the user name or password of the check.`);
    case 'NOPERM':
      return new ProbeFailure('unknown', 'auth', `The user of the check may not ask ${address}: ${message}.`);
    case 'DENIED': {
      const remedy = 'Give it a password, or let it listen on loopback only.';
      return new ProbeFailure('unknown', 'auth', `${address} is in protected mode and answers only its own machine. ${remedy}`); // prettier-ignore
    }
    case 'LOADING':
      return new ProbeFailure('degraded', 'loading', `${address} is loading its data into memory and serves nobody yet.`); // prettier-ignore
    case 'MASTERDOWN':
      return new ProbeFailure('degraded', 'master', `${address} is a replica that has lost its master and serves no stale data.`); // prettier-ignore
    case 'BUSY':
      return new ProbeFailure('degraded', 'busy', `${address} is busy running a script and answers nothing else.`);
    case 'MISCONF':
      return new ProbeFailure('degraded', 'persistence', `${address} takes no writes, as it cannot save to disk.`);
  }
  // An old server without a password answers AUTH so.
  if (/without any password|no password is set/i.test(message)) {
    return new ProbeFailure('unknown', 'auth', `${address} has no password, but the check gives one. Remove it.`);
  }
  if (/invalid password/i.test(message)) {
    return new ProbeFailure('unknown', 'auth', `${address} refuses the password of the check.`);
  }
  if (/max number of clients/i.test(message)) {
    return new ProbeFailure('degraded', 'full', `${address} takes no more clients: maxclients is reached.`);
  }
  return new ProbeFailure('unknown', 'answer', `${address} answered with an error: ${message}.`);
}
