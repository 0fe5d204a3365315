import type { Connection } from 'mysql2/promise';
import { formatAddress } from '../../../config/index.ts';
import type { MysqlCheckConfig } from '../../../config/index.ts';
import { keepConnection } from '../kept-connection.ts';
import type { CreateProbe } from '../probe.ts';
import { ProbeFailure } from '../run-probe.ts';
import type { ProbeRun } from '../run-probe.ts';
import { runService } from '../run-service.ts';
import { lookAtMysql } from './look-at-mysql.ts';
import { explainMysqlError, openMysql } from './mysql-connection.ts';
import type { MysqlConnection } from './mysql-connection.ts';

/** Asks a MySQL or MariaDB server over one connection that is kept between runs. */
export const createMysqlProbe: CreateProbe<MysqlCheckConfig> = (config, timeoutMs, { clock, revealSecret }) => {
  const address = formatAddress(config.server);
  const setting = { clock, address, timeoutMs, thresholds: config.thresholds };
  const kept = keepConnection<MysqlConnection>({
    open: (signal) => openMysql(config, { revealSecret, timeoutMs, signal }),
    isAlive: ({ socket }) => !socket.destroyed && socket.writable,
    isFatal: (error) => (error as { fatal?: unknown }).fatal === true || KILLED.includes(errnoOf(error)),
    destroy({ connection, socket }) {
      // A client that says goodbye is not counted as aborted.
      if (socket.writable) void connection.end().catch(() => undefined);
      socket.destroySoon();
    },
  });

  return {
    run: (signal) =>
      runService(setting, signal, async (run) => {
        run.awaited = 'did not greet and let us in';
        try {
          return await kept.use(signal, async ({ connection, socket }) => {
            run.awaited = 'let us in and did not answer our questions';
            run.remoteAddress = socket.remoteAddress ?? null;
            const found = await lookAtMysql(connection, config, address, run);
            await askOwnQueries(connection, config, address, run);
            return found;
          });
        } catch (error) {
          throw explainMysqlError(error, config);
        }
      }),
    close: () => {
      kept.close();
    },
  };
};

/** What a connection that somebody ended is told before it is closed: shutdown, forced close, killed (MariaDB). */
const KILLED: readonly unknown[] = [1053, 1152, 1927];

function errnoOf(error: unknown): unknown {
  return (error as { errno?: unknown }).errno;
}

async function askOwnQueries(
  connection: Connection,
  { queries }: MysqlCheckConfig,
  address: string,
  run: ProbeRun,
): Promise<void> {
  for (const { name, sql } of queries) {
    run.awaited = `did not finish the query "${name}"`;
    const [rows] = await connection.query({ sql, rowsAsArray: true });
    const value = (rows as unknown as readonly (readonly unknown[])[])[0]?.[0];
    const number = Number.parseFloat(String(value));
    if (Number.isNaN(number)) {
      throw new ProbeFailure('unknown', 'query', `${address}: the query "${name}" gives no number.`);
    }
    run.add('vedette_check_query_value', number, { query: name });
    run.note(name, number);
  }
}
