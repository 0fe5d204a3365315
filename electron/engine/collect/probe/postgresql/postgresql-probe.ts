import type { Client } from 'pg';
import { formatAddress } from '../../../config/index.ts';
import type { PostgresqlCheckConfig } from '../../../config/index.ts';
import { keepConnection } from '../kept-connection.ts';
import type { CreateProbe } from '../probe.ts';
import { ProbeFailure, UP } from '../run-probe.ts';
import type { ProbeRun } from '../run-probe.ts';
import { runService } from '../run-service.ts';
import { lookAtPostgresql } from './look-at-postgresql.ts';
import { askWhetherPostgresql, explainPostgresError, openPostgresql } from './postgresql-connection.ts';
import type { PostgresqlConnection } from './postgresql-connection.ts';

/** Asks a PostgreSQL server; over one connection that is kept between runs when there is a user to log in with. */
export const createPostgresqlProbe: CreateProbe<PostgresqlCheckConfig> = (config, timeoutMs, ports) => {
  const { clock, revealSecret } = ports;
  const address = formatAddress(config.server);
  const setting = { clock, address, timeoutMs, thresholds: config.thresholds };
  const kept = keepConnection<PostgresqlConnection>({
    open: (signal) => openPostgresql(config, { revealSecret, timeoutMs, signal }),
    isAlive: ({ socket }) => !socket.destroyed && socket.writable,
    // The server ends a connection with a message of this severity.
    isFatal: (error) => ['FATAL', 'PANIC'].includes(String((error as { severity?: unknown }).severity)),
    destroy({ client, socket }) {
      // The farewell spares the server a line in its log; the socket goes when it is sent.
      if (socket.writable) void client.end().catch(() => undefined);
      socket.destroySoon();
    },
  });

  return {
    run: (signal) =>
      runService(setting, signal, async (run) => {
        if (config.user === null) {
          const answer = await askWhetherPostgresql(config, signal);
          run.note('tls', answer === 'S' ? 'yes' : 'no');
          return UP;
        }
        run.awaited = 'took the connection and did not let us in';
        try {
          return await kept.use(signal, async ({ client, socket }) => {
            run.awaited = 'let us in and did not answer our questions';
            run.remoteAddress = socket.remoteAddress ?? null;
            const found = await lookAtPostgresql(client, config, address, run);
            await askOwnQueries(client, config, address, run);
            return found;
          });
        } catch (error) {
          throw explainPostgresError(error, config);
        }
      }),
    close: () => {
      kept.close();
    },
  };
};

async function askOwnQueries(
  client: Client,
  { queries }: PostgresqlCheckConfig,
  address: string,
  run: ProbeRun,
): Promise<void> {
  for (const { name, sql } of queries) {
    run.awaited = `did not finish the query "${name}"`;
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    const value = rows[0]?.[0];
    const number = typeof value === 'boolean' ? Number(value) : Number.parseFloat(String(value));
    if (Number.isNaN(number)) {
      throw new ProbeFailure('unknown', 'query', `${address}: the query "${name}" gives no number.`);
    }
    run.add('vedette_check_query_value', number, { query: name });
    run.note(name, number);
  }
}
