import type { Client } from 'pg';
import type { Socket } from 'node:net';
import { formatAddress } from '../../../config/index.ts';
import type { PostgresqlCheckConfig } from '../../../config/index.ts';
import type { RevealSecret } from '../../reveal-secret.ts';
import { connectSocket, strictOptions } from '../connect-socket.ts';
import { createDriverSocket, quoteBytes } from '../driver-socket.ts';
import { ProbeFailure } from '../run-probe.ts';

export interface PostgresqlConnection {
  readonly client: Client;
  readonly socket: Socket;
}

/** SSLRequest: length 8, code 80877103. Source: PostgreSQL manual, "Message Formats". */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** Whether a PostgreSQL server answers, without logging in: it says in one letter whether it has TLS. */
export async function askWhetherPostgresql(config: PostgresqlCheckConfig, signal: AbortSignal): Promise<'S' | 'N'> {
  const address = formatAddress(config.server);
  const socket = await connectSocket(config.server, null, signal);
  try {
    const first = await new Promise<Buffer>((resolve, reject) => {
      socket.once('data', resolve);
      socket.once('error', reject);
      socket.once('close', () => {
        reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
      });
      socket.write(SSL_REQUEST);
    });
    const letter = first.toString('latin1');
    if (letter === 'S' || letter === 'N') return letter;
    throw wrongProtocol(first, address);
  } finally {
    socket.destroy();
  }
}

/** Connect and log in, for reading only. @throws ProbeFailure with what the server's refusal means */
export async function openPostgresql(
  config: PostgresqlCheckConfig,
  options: { readonly revealSecret: RevealSecret; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<PostgresqlConnection> {
  const { server, user, password, database, tls } = config;
  const { signal, timeoutMs } = options;
  const address = formatAddress(server);
  const secret = password === null ? null : await options.revealSecret(password);
  if (secret?.ok === false) throw new ProbeFailure('unknown', 'secret', secret.message);
  const ssl = (await strictOptions(tls, server.host, options.revealSecret)) ?? false;
  // Loaded when the first check needs it.
  const { default: pg } = await import('pg');
  signal.throwIfAborted();
  const socket = createDriverSocket(server, (first) =>
    // Authentication, error, notice, negotiation of the version; and, when asked for TLS, yes or no.
    'RENvS'.includes(first.toString('latin1', 0, 1)) ? null : wrongProtocol(first, address),
  );
  const client = new pg.Client({
    // Only what the certificate must be for: the socket knows its way.
    host: tls?.serverName ?? server.host,
    port: server.port,
    user: user ?? '',
    database,
    ...(secret === null ? {} : { password: secret.value }),
    ssl,
    stream: () => socket,
    application_name: 'vedette',
  });
  // Without a listener a connection that breaks between two runs would end the program.
  client.on('error', () => socket.destroy());
  const abort = (): void => void socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    // As statements and not as options of the start: a connection pooler refuses those.
    await client.query('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY');
    await client.query(`SET statement_timeout = ${String(Math.ceil(timeoutMs))}`);
    return { client, socket };
  } catch (error) {
    socket.destroy();
    throw socket.complaint ?? explainPostgresError(error, config);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function wrongProtocol(first: Buffer, address: string): ProbeFailure {
  return new ProbeFailure(
    'down',
    'protocol',
    `${address} does not speak PostgreSQL: it answered "${quoteBytes(first)}".`,
  );
}

/** Source: PostgreSQL manual, appendix "PostgreSQL Error Codes". */
export function explainPostgresError(error: unknown, config: PostgresqlCheckConfig): unknown {
  if (!(error instanceof Error) || error instanceof ProbeFailure) return error;
  const address = formatAddress(config.server);
  const user = config.user ?? '';
  const { message } = error;
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  // What the server itself says has a severity.
  if (typeof severity === 'string') {
    switch (code) {
      case '28P01':
        return new ProbeFailure('unknown', 'auth', `${address} refuses the password of "${user}".`);
      case '28000':
        return new ProbeFailure(
          'unknown',
          'auth',
          `${address} does not let "${user}" in: ${message}. See its pg_hba.conf.`,
        );
      case '3D000':
        return new ProbeFailure('unknown', 'database', `${address} has no database "${config.database}".`);
      case '53300':
        return new ProbeFailure('degraded', 'full', `${address} takes no more connections: ${message}.`);
      case '57P03':
        return new ProbeFailure('degraded', 'starting', `${address} takes no connections now: ${message}.`);
      case '57P01':
      case '57P02':
        return new ProbeFailure('down', 'shutdown', `${address} is shutting down: ${message}.`);
      case '57014':
        return new ProbeFailure('degraded', 'slow', `${address} did not finish a question in time and was stopped.`);
    }
    return new ProbeFailure('unknown', 'answer', `${address} answered with an error: ${message} (${String(code)}).`);
  }
  if (message.includes('password must be')) {
    return new ProbeFailure('unknown', 'auth', `${address} asks "${user}" for a password. Give the check one.`);
  }
  if (message.includes('does not support SSL')) {
    return new ProbeFailure(
      'unknown',
      'tls',
      `${address} offers no TLS. Remove tls from the check, or switch it on there.`,
    );
  }
  if (/terminated unexpectedly|Connection ended|connection error/i.test(message)) {
    return Object.assign(new Error(message, { cause: error }), { code: 'ECONNRESET' });
  }
  // What the driver itself complains about has no code; a TypeError and its like are bugs and stay what they are.
  if (error.constructor === Error && code === undefined) {
    return new ProbeFailure('unknown', 'driver', `Talking to ${address} failed: ${message.replace(/\.$/, '')}.`);
  }
  return error;
}
