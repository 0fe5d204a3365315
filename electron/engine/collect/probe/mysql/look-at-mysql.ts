import type { Connection } from 'mysql2/promise';
import { formatDuration } from '../../../config/index.ts';
import type { MysqlCheckConfig } from '../../../config/index.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { verdict, worstOf } from '../run-service.ts';
import { STATUS_QUERY, VARIABLES_QUERY, addMysqlSamples, statusFrom } from './mysql-status.ts';
import type { MysqlStatus } from './mysql-status.ts';

type Row = Readonly<Record<string, unknown>>;

/** Ask a server that let us in how it is, and judge. Samples have mysqld_exporter's names. */
export async function lookAtMysql(
  connection: Connection,
  config: MysqlCheckConfig,
  address: string,
  run: ProbeRun,
): Promise<Verdict> {
  const rows = async (sql: string): Promise<readonly Row[]> =>
    (await connection.query(sql))[0] as unknown as readonly Row[];
  const status = statusFrom(await rows(STATUS_QUERY));
  const variables = statusFrom(await rows(VARIABLES_QUERY));
  run.add('mysql_up', 1);
  addMysqlSamples(status, variables, (name, value, labels) => {
    run.add(name, value, labels);
  });
  const { version = '' } = variables;
  run.note('version', version);
  run.note('connections', `${status['threads_connected'] ?? '?'} / ${variables['max_connections'] ?? '?'}`);
  return worstOf([
    ...judgeConnections(status, variables, config, address),
    ...(await judgeTransactions(rows, config, address, run)),
    ...(await judgeReplication(rows, version, config, address, run)),
  ]);
}

type Rows = (sql: string) => Promise<readonly Row[]>;

function judgeConnections(
  status: MysqlStatus,
  variables: MysqlStatus,
  { limits }: MysqlCheckConfig,
  address: string,
): Verdict[] {
  const used = Number(status['threads_connected']);
  const most = Number(variables['max_connections']);
  if (!(used >= limits.connectionsRatio * most)) return [];
  const message = `${address} has ${String(used)} of ${String(most)} connections in use. Raise max_connections, or close idle ones.`;
  return [verdict('degraded', 'connections', message)];
}

const LONGEST_QUERY = `
SELECT t.trx_mysql_thread_id AS id, TIMESTAMPDIFF(SECOND, t.trx_started, NOW()) AS seconds, p.USER AS user,
       p.COMMAND AS command, LEFT(COALESCE(t.trx_query, ''), 200) AS query
FROM information_schema.INNODB_TRX t LEFT JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
ORDER BY t.trx_started LIMIT 1`;

const waitsQuery = (table: string, waiting: string, blocking: string): string => `
SELECT w.trx_mysql_thread_id AS id, TIMESTAMPDIFF(SECOND, w.trx_wait_started, NOW()) AS seconds,
       LEFT(COALESCE(w.trx_query, ''), 200) AS query, b.trx_mysql_thread_id AS blocker_id, p.USER AS blocker_user,
       p.COMMAND AS blocker_command, LEFT(COALESCE(b.trx_query, ''), 200) AS blocker_query,
       TIMESTAMPDIFF(SECOND, b.trx_started, NOW()) AS blocker_seconds
FROM ${table} l
JOIN information_schema.INNODB_TRX w ON w.trx_id = l.${waiting}
JOIN information_schema.INNODB_TRX b ON b.trx_id = l.${blocking}
LEFT JOIN information_schema.PROCESSLIST p ON p.ID = b.trx_mysql_thread_id
ORDER BY seconds DESC LIMIT 20`;

/** MariaDB and MySQL 5.7 have the first, MySQL 8 the second. */
const WAITS_QUERIES = [
  waitsQuery('information_schema.INNODB_LOCK_WAITS', 'requesting_trx_id', 'blocking_trx_id'),
  waitsQuery(
    'performance_schema.data_lock_waits',
    'REQUESTING_ENGINE_TRANSACTION_ID',
    'BLOCKING_ENGINE_TRANSACTION_ID',
  ),
] as const;

async function judgeTransactions(
  rows: Rows,
  { limits, user }: MysqlCheckConfig,
  address: string,
  run: ProbeRun,
): Promise<Verdict[]> {
  const longest = await allowed(rows(LONGEST_QUERY));
  if (longest === null) {
    run.note('missingRole', `PROCESS (GRANT PROCESS ON *.* TO '${user}'): transactions and locks are hidden`);
    return [];
  }
  const verdicts: Verdict[] = [];
  const [oldest] = longest;
  const seconds = Number(oldest?.['seconds'] ?? 0);
  run.add('vedette_check_longest_transaction_seconds', seconds);
  if (oldest !== undefined && seconds * 1000 > limits.transactionMs) {
    const who = `connection ${text(oldest['id'])} (${text(oldest['user'])}, ${text(oldest['command'])})`;
    const message = `${address}: ${who} has a transaction open for ${inWords(seconds)}${lastStatement(oldest['query'])}.`;
    verdicts.push(verdict('degraded', 'transaction', message));
  }
  const waits = (await allowed(rows(WAITS_QUERIES[0]))) ?? (await allowed(rows(WAITS_QUERIES[1])));
  if (waits === null) return verdicts;
  const [worst] = waits;
  const waited = Number(worst?.['seconds'] ?? 0);
  run.add('vedette_check_blocked_statements', new Set(waits.map(({ id }) => id)).size);
  run.add('vedette_check_blocked_seconds', waited);
  for (const wait of waits.slice(0, 5)) run.note('blocked', describeWait(wait));
  if (worst !== undefined && waited * 1000 > limits.blockedMs) {
    verdicts.push(verdict('degraded', 'blocked', `${address}: ${describeWait(worst)}.`));
  }
  return verdicts;
}

function describeWait(wait: Row): string {
  const blocker = `connection ${text(wait['blocker_id'])} (${text(wait['blocker_user'])}, ${text(wait['blocker_command'])})`;
  const waits = `connection ${text(wait['id'])} has waited ${inWords(Number(wait['seconds'] ?? 0))} for a lock of ${blocker}`;
  return `${waits}, whose transaction is ${inWords(Number(wait['blocker_seconds'] ?? 0))} old${lastStatement(wait['blocker_query'])}`;
}

async function judgeReplication(
  rows: Rows,
  version: string,
  { limits, user }: MysqlCheckConfig,
  address: string,
  run: ProbeRun,
): Promise<Verdict[]> {
  const isMariadb = /mariadb/i.test(version);
  const replication = await allowed(
    rows(isMariadb ? 'SHOW ALL SLAVES STATUS' : Number.parseFloat(version) >= 8 ? 'SHOW REPLICA STATUS' : 'SHOW SLAVE STATUS'), // prettier-ignore
  );
  if (replication === null) {
    const privilege = isMariadb ? 'SLAVE MONITOR' : 'REPLICATION CLIENT';
    run.note('missingRole', `${privilege} (GRANT ${privilege} ON *.* TO '${user}'): replication is hidden`);
    return [];
  }
  return replication.flatMap((row) => judgeReplica(row, limits.replicationLagMs, address, run));
}

/** One source of a replica. MySQL 8 says Source and Replica where others say Master and Slave. */
function judgeReplica(row: Row, mostMs: number, address: string, run: ProbeRun): Verdict[] {
  const source = text(row['Source_Host'] ?? row['Master_Host']);
  const io = text(row['Replica_IO_Running'] ?? row['Slave_IO_Running']);
  const sql = text(row['Replica_SQL_Running'] ?? row['Slave_SQL_Running']);
  const behind = row['Seconds_Behind_Source'] ?? row['Seconds_Behind_Master'] ?? null;
  const labels = { master_host: source };
  run.add('mysql_slave_status_slave_io_running', io === 'Yes' ? 1 : 0, labels);
  run.add('mysql_slave_status_slave_sql_running', sql === 'Yes' ? 1 : 0, labels);
  run.note('master', source);
  if (io !== 'Yes' || sql !== 'Yes') {
    const fault = text(row['Last_IO_Error']) || text(row['Last_SQL_Error']) || 'it was stopped';
    const message = `${address} does not replicate from ${source} (receiving ${io}, applying ${sql}): ${fault}.`;
    return [verdict('degraded', 'replication', message)];
  }
  if (behind === null) return [];
  run.add('mysql_slave_status_seconds_behind_master', Number(behind), labels);
  if (Number(behind) * 1000 <= mostMs) return [];
  return [verdict('degraded', 'replication', `${address} is ${inWords(Number(behind))} behind ${source}.`)];
}

/** The rows, or null where the user lacks a privilege or the server has no such table. */
async function allowed(asked: Promise<readonly Row[]>): Promise<readonly Row[] | null> {
  try {
    return await asked;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string' && NOT_ALLOWED.includes(code)) return null;
    throw error;
  }
}

const NOT_ALLOWED: readonly string[] = [
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_ERROR',
  'ER_NO_SUCH_TABLE',
  'ER_UNKNOWN_TABLE',
  'ER_BAD_DB_ERROR',
];

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function lastStatement(query: unknown): string {
  const sql = text(query).replaceAll(/\s+/g, ' ').trim();
  return sql === '' ? '' : `; its statement is: ${sql}`;
}

function inWords(seconds: number): string {
  return seconds < 1 ? 'less than a second' : formatDuration(Math.floor(seconds) * 1000);
}
