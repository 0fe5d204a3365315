import type { Client, QueryResultRow } from 'pg';
import { formatDuration } from '../../../config/index.ts';
import type { PostgresqlCheckConfig } from '../../../config/index.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { verdict, worstOf } from '../run-service.ts';
import {
  ACTIVITY_QUERY,
  BLOCKED_QUERY,
  DATABASES_QUERY,
  DATABASE_COLUMNS,
  LOCKS_QUERY,
  LONGEST_QUERY,
  REPLICAS_QUERY,
  SERVER_QUERY,
  statementsQuery,
} from './postgresql-queries.ts';

interface Server extends QueryResultRow {
  readonly version: string;
  readonly version_number: number;
  readonly max_connections: number;
  readonly reserved: number;
  readonly started_at: number;
  readonly is_replica: boolean;
  readonly is_monitor: boolean;
  readonly backends: number;
  readonly has_statements: boolean;
  readonly lag_seconds: number | null;
  readonly receives: boolean | null;
}

/** Ask a server that let us in how it is, and judge. Samples have postgres_exporter's names. */
export async function lookAtPostgresql(
  client: Client,
  config: PostgresqlCheckConfig,
  address: string,
  run: ProbeRun,
): Promise<Verdict> {
  const rows = async <Row extends QueryResultRow>(sql: string): Promise<Row[]> => (await client.query<Row>(sql)).rows;
  const [server] = await rows<Server>(SERVER_QUERY);
  if (server === undefined) return verdict('unknown', 'answer', `${address} gave no row about itself.`);
  const verdicts = [...judgeServer(server, config, address, run)];
  await addDatabases(rows, run);
  verdicts.push(...(await judgeBlocked(rows, config, address, run)));
  verdicts.push(...(await judgeReplicas(rows, config, address, run)));
  if (server.is_monitor) {
    await addActivity(rows, run);
    verdicts.push(...(await judgeLongest(rows, config, address, run)));
  } else {
    const user = config.user ?? '';
    run.note('missingRole', `pg_monitor (GRANT pg_monitor TO "${user}"): activity and long transactions are hidden`);
  }
  if (server.has_statements && server.is_monitor) await addStatements(rows, server.version_number, run);
  return worstOf(verdicts);
}

type Rows = <Row extends QueryResultRow>(sql: string) => Promise<Row[]>;

function judgeServer(server: Server, { limits }: PostgresqlCheckConfig, address: string, run: ProbeRun): Verdict[] {
  const { version, max_connections: most, reserved, backends } = server;
  run.add('pg_up', 1);
  run.add('pg_static', 1, { short_version: version.split(' ')[0] ?? version, version });
  run.add('pg_postmaster_start_time_seconds', server.started_at);
  run.add('pg_settings_max_connections', most);
  run.add('pg_replication_is_replica', server.is_replica ? 1 : 0);
  run.note('version', version);
  run.note('role', server.is_replica ? 'replica' : 'primary');
  run.note('connections', `${String(backends)} / ${String(most)}`);
  const verdicts: Verdict[] = [];
  const free = most - reserved;
  if (backends >= limits.connectionsRatio * free) {
    const message = `${address} has ${String(backends)} of ${String(free)} connections in use. Raise max_connections, or close idle ones.`;
    verdicts.push(verdict('degraded', 'connections', message));
  }
  if (!server.is_replica) return verdicts;
  if (server.receives === false) {
    const message = `${address} is a replica and receives nothing from its primary. Look at its log and primary_conninfo.`;
    verdicts.push(verdict('degraded', 'replication', message));
  }
  if (server.lag_seconds === null) return verdicts;
  run.add('pg_replication_lag_seconds', server.lag_seconds);
  if (server.lag_seconds * 1000 > limits.replicationLagMs) {
    const message = `${address} is a replica and ${inWords(server.lag_seconds)} behind its primary.`;
    verdicts.push(verdict('degraded', 'replication', message));
  }
  return verdicts;
}

async function addDatabases(rows: Rows, run: ProbeRun): Promise<void> {
  for (const row of await rows<{ datname: string; frozen_age: number }>(DATABASES_QUERY)) {
    const labels = { datname: row.datname };
    for (const column of DATABASE_COLUMNS) {
      const value: unknown = (row as Readonly<Record<string, unknown>>)[column];
      if (typeof value === 'number') run.add(`pg_stat_database_${column}`, value, labels);
    }
    run.add('pg_database_wraparound_age_datfrozenxid_seconds', row.frozen_age, labels);
  }
  for (const { datname, mode, count } of await rows<{ datname: string; mode: string; count: number }>(LOCKS_QUERY)) {
    run.add('pg_locks_count', count, { datname, mode });
  }
}

interface Blocked extends QueryResultRow {
  readonly pid: number;
  readonly usename: string;
  readonly query: string;
  readonly seconds: number | null;
  readonly blocker_pid: number;
  readonly blocker_user: string;
  readonly blocker_application: string;
  readonly blocker_state: string;
  readonly blocker_query: string;
}

async function judgeBlocked(
  rows: Rows,
  { limits }: PostgresqlCheckConfig,
  address: string,
  run: ProbeRun,
): Promise<Verdict[]> {
  const blocked = await rows<Blocked>(BLOCKED_QUERY);
  const longest = blocked[0];
  run.add('vedette_check_blocked_statements', new Set(blocked.map(({ pid }) => pid)).size);
  run.add('vedette_check_blocked_seconds', longest?.seconds ?? 0);
  for (const one of blocked.slice(0, 5)) run.note('blocked', describeBlocked(one));
  if (longest === undefined || (longest.seconds ?? 0) * 1000 <= limits.blockedMs) return [];
  return [verdict('degraded', 'blocked', `${address}: ${describeBlocked(longest)}.`)];
}

function describeBlocked(one: Blocked): string {
  const application = one.blocker_application === '' ? '' : `, ${one.blocker_application}`;
  const blocker = `process ${String(one.blocker_pid)} (${one.blocker_user}${application}, ${one.blocker_state})`;
  const waits = `process ${String(one.pid)} (${one.usename}) has waited ${inWords(one.seconds ?? 0)} for a lock of ${blocker}`;
  return one.blocker_query === '' ? waits : `${waits}, whose last statement is: ${oneLine(one.blocker_query)}`;
}

interface Replica extends QueryResultRow {
  readonly application_name: string;
  readonly client_addr: string;
  readonly state: string;
  readonly lag_bytes: number | null;
  readonly lag_seconds: number | null;
}

async function judgeReplicas(
  rows: Rows,
  { limits }: PostgresqlCheckConfig,
  address: string,
  run: ProbeRun,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { application_name, client_addr, state, ...lag } of await rows<Replica>(REPLICAS_QUERY)) {
    if (lag.lag_bytes === null) continue;
    run.add('pg_stat_replication_pg_wal_lsn_diff', lag.lag_bytes, { application_name, client_addr, state });
    const name = client_addr === '' ? application_name : `${application_name} at ${client_addr}`;
    run.note('replica', `${name}: ${state}, ${String(lag.lag_bytes)} bytes behind`);
    if ((lag.lag_seconds ?? 0) * 1000 <= limits.replicationLagMs) continue;
    const message = `${address}: its replica ${name} is ${inWords(lag.lag_seconds ?? 0)} behind.`;
    verdicts.push(verdict('degraded', 'replication', message));
  }
  return verdicts;
}

interface Activity extends QueryResultRow {
  readonly datname: string;
  readonly state: string;
  readonly count: number;
  readonly longest_seconds: number;
}

async function addActivity(rows: Rows, run: ProbeRun): Promise<void> {
  for (const { datname, state, count, longest_seconds } of await rows<Activity>(ACTIVITY_QUERY)) {
    run.add('pg_stat_activity_count', count, { datname, state });
    run.add('pg_stat_activity_max_tx_duration', longest_seconds, { datname, state });
  }
}

interface Longest extends QueryResultRow {
  readonly pid: number;
  readonly datname: string;
  readonly usename: string;
  readonly application: string;
  readonly state: string;
  readonly seconds: number;
  readonly query: string;
}

async function judgeLongest(
  rows: Rows,
  { limits }: PostgresqlCheckConfig,
  address: string,
  run: ProbeRun,
): Promise<Verdict[]> {
  const [longest] = await rows<Longest>(LONGEST_QUERY);
  run.add('pg_long_running_transactions_oldest_timestamp_seconds', longest?.seconds ?? 0);
  if (longest === undefined || longest.seconds * 1000 <= limits.transactionMs) return [];
  const { pid, datname, usename, state, seconds, query } = longest;
  const who = `process ${String(pid)} (${usename} in ${datname}, ${state})`;
  const message = `${address}: ${who} has a transaction open for ${inWords(seconds)}; its last statement is: ${oneLine(query)}.`;
  return [verdict('degraded', 'transaction', message)];
}

interface Statement extends QueryResultRow {
  readonly queryid: string;
  readonly datname: string;
  readonly usename: string;
  readonly calls: number;
  readonly seconds: number;
  readonly mean_seconds: number;
  readonly rows: number;
  readonly query: string;
}

async function addStatements(rows: Rows, versionNumber: number, run: ProbeRun): Promise<void> {
  const statements = await rows<Statement>(statementsQuery(versionNumber));
  for (const { queryid, datname, usename: user, calls, seconds, rows: rowCount } of statements) {
    const labels = { queryid, datname, user };
    run.add('pg_stat_statements_calls_total', calls, labels);
    run.add('pg_stat_statements_seconds_total', seconds, labels);
    run.add('pg_stat_statements_rows_total', rowCount, labels);
  }
  for (const { calls, mean_seconds: mean, query } of statements.slice(0, 3)) {
    run.note('slowStatement', `${(mean * 1000).toFixed(1)} ms × ${String(calls)}: ${oneLine(query)}`);
  }
}

function inWords(seconds: number): string {
  return seconds < 1 ? 'less than a second' : formatDuration(Math.floor(seconds) * 1000);
}

function oneLine(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim();
}
