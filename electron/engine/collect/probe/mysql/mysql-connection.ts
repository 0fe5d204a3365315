import type { Connection, SslOptions } from 'mysql2/promise';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { formatAddress } from '../../../config/index.ts';
import type { MysqlCheckConfig } from '../../../config/index.ts';
import type { RevealSecret } from '../../reveal-secret.ts';
import { strictOptions } from '../connect-socket.ts';
import { createDriverSocket, quoteBytes } from '../driver-socket.ts';
import { ProbeFailure } from '../run-probe.ts';

export interface MysqlConnection {
  readonly connection: Connection;
  readonly socket: Socket;
}

/**
 * Connect and log in, for reading only. What it needs is at hand before it connects, as a connection that is given up
 * before the login counts against this host.
 *
 * @throws ProbeFailure with what the server's refusal means
 */
export async function openMysql(
  config: MysqlCheckConfig,
  options: { readonly revealSecret: RevealSecret; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<MysqlConnection> {
  const { server, user, password, database, tls } = config;
  const { signal, timeoutMs } = options;
  const address = formatAddress(server);
  const secret = password === null ? null : await options.revealSecret(password);
  if (secret?.ok === false) throw new ProbeFailure('unknown', 'secret', secret.message);
  const secure = await strictOptions(tls, server.host, options.revealSecret);
  // Loaded when the first check needs it.
  const { createConnection } = await import('mysql2/promise');
  signal.throwIfAborted();
  const socket = createDriverSocket(server, (first) => (isGreeting(first) ? null : wrongProtocol(first, address)));
  const abort = (): void => void socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const connecting = createConnection({
      // Only what the certificate must be for: the socket knows its way.
      host: tls?.serverName ?? server.host,
      port: server.port,
      user,
      ...(secret === null ? {} : { password: secret.value }),
      ...(database === null ? {} : { database }),
      ...(secure === null ? {} : { ssl: driverTls(secure) }),
      // The signal bounds it.
      connectTimeout: 0,
      stream: () => socket.open(),
      rowsAsArray: false,
      dateStrings: true,
      supportBigNumbers: true,
    });
    const connection = await connecting;
    // Without a listener a connection that breaks between two runs would end the program.
    connection.on('error', () => socket.destroy());
    await connection.query('SET SESSION TRANSACTION READ ONLY');
    await limitStatements(connection, timeoutMs);
    return { connection, socket };
  } catch (error) {
    socket.destroy();
    throw socket.complaint ?? explainMysqlError(error, config);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The driver trusts the authorities alone and looks at the name of a certificate only where that is asked for. */
function driverTls({ ca, cert, key, minVersion, maxVersion, rejectUnauthorized }: ConnectionOptions): SslOptions {
  return {
    rejectUnauthorized: rejectUnauthorized ?? true,
    verifyIdentity: rejectUnauthorized ?? true,
    ...(typeof ca === 'string' ? { ca } : {}),
    ...(typeof cert === 'string' ? { cert } : {}),
    ...(typeof key === 'string' ? { key } : {}),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
  };
}

/** MariaDB counts in seconds, MySQL in milliseconds under another name. */
async function limitStatements(connection: Connection, timeoutMs: number): Promise<void> {
  const [rows] = await connection.query('SELECT VERSION() AS version');
  const version = (rows as unknown as readonly { readonly version: string }[])[0]?.version ?? '';
  const statement = /mariadb/i.test(version)
    ? `SET SESSION max_statement_time = ${String(timeoutMs / 1000)}`
    : `SET SESSION max_execution_time = ${String(Math.ceil(timeoutMs))}`;
  await connection.query(statement);
}

/** A greeting (protocol 10) or an error in its place. Source: MySQL internals manual, "Connection Phase". */
function isGreeting(first: Buffer): boolean {
  // What drips in is judged by the driver.
  if (first.length < 5) return true;
  return first[3] === 0 && (first[4] === 10 || first[4] === 255);
}

function wrongProtocol(first: Buffer, address: string): ProbeFailure {
  return new ProbeFailure('down', 'protocol', `${address} does not speak MySQL: it answered "${quoteBytes(first)}".`);
}

/** Source: MySQL manual, "Server Error Message Reference". */
export function explainMysqlError(error: unknown, { server, user, database }: MysqlCheckConfig): unknown {
  if (!(error instanceof Error) || error instanceof ProbeFailure) return error;
  const address = formatAddress(server);
  const { code, errno } = error as { code?: unknown; errno?: unknown };
  switch (code) {
    case 'ER_ACCESS_DENIED_ERROR':
    case 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR':
      return new ProbeFailure('unknown', 'auth', `${address} refuses the user "${user}" or its password.`);
    case 'ER_DBACCESS_DENIED_ERROR':
    case 'ER_BAD_DB_ERROR':
      return new ProbeFailure('unknown', 'database', `${address} has no database "${database ?? ''}" for "${user}".`);
    case 'ER_HOST_NOT_PRIVILEGED':
      return new ProbeFailure('unknown', 'auth', `${address} takes no connections from this machine.`);
    case 'ER_HOST_IS_BLOCKED':
      return new ProbeFailure('unknown', 'blocked', `${address} has locked this machine out after too many broken connections. Run FLUSH HOSTS there.`); // prettier-ignore
    case 'ER_CON_COUNT_ERROR':
    case 'ER_USER_LIMIT_REACHED':
    case 'ER_TOO_MANY_USER_CONNECTIONS':
      return new ProbeFailure('degraded', 'full', `${address} takes no more connections: ${error.message}.`);
    case 'ER_SERVER_SHUTDOWN':
      return new ProbeFailure('down', 'shutdown', `${address} is shutting down.`);
    case 'ER_STATEMENT_TIMEOUT':
    case 'ER_QUERY_TIMEOUT':
      return new ProbeFailure('degraded', 'slow', `${address} did not finish a question in time and was stopped.`);
    case 'AUTH_SWITCH_PLUGIN_ERROR':
      return new ProbeFailure('unknown', 'auth', `${address}: ${error.message}.`);
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return new ProbeFailure('unknown', 'tls', `${address} offers no TLS. Remove tls from the check, or switch it on there.`); // prettier-ignore
    case 'HANDSHAKE_SSL_ERROR': {
      // The driver puts its own code in the place of the one that says why; the words remain.
      const why = error.message.replace(/;.*/s, '').replace(/\.$/, '');
      return new ProbeFailure('down', 'tls', `The secure connection to ${address} is not trusted: ${why}. Renew or trust it, or switch verification off for this one.`); // prettier-ignore
    }
    case 'PROTOCOL_CONNECTION_LOST':
      return Object.assign(new Error(error.message, { cause: undefined }), { code: 'ECONNRESET' });
  }
  // What the server itself says has a state of SQL.
  if (typeof errno === 'number' && 'sqlState' in error) {
    return new ProbeFailure(
      'unknown',
      'answer',
      `${address} answered with an error: ${error.message} (${String(errno)}).`,
    );
  }
  if (
    error.constructor === Error &&
    (code === undefined || (typeof code === 'string' && code.startsWith('PROTOCOL_')))
  ) {
    return new ProbeFailure('down', 'protocol', `${address} does not speak MySQL as expected: ${error.message}.`);
  }
  return error;
}
