/** One row for the server as a whole. */
export const SERVER_QUERY = `
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int AS version_number,
       current_setting('max_connections')::float8 AS max_connections,
       current_setting('superuser_reserved_connections')::float8 AS reserved,
       extract(epoch FROM pg_postmaster_start_time())::float8 AS started_at,
       pg_is_in_recovery() AS is_replica,
       pg_has_role(current_user, 'pg_monitor', 'USAGE') AS is_monitor,
       (SELECT sum(numbackends)::float8 FROM pg_stat_database) AS backends,
       EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_stat_statements') AS has_statements,
       CASE WHEN NOT pg_is_in_recovery() THEN 0
            WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END::float8 AS lag_seconds,
       CASE WHEN pg_is_in_recovery() THEN EXISTS (SELECT FROM pg_stat_wal_receiver) END AS receives`;

/** Names of `pg_stat_database`, which postgres_exporter gives as they are. */
export const DATABASE_COLUMNS = [
  'numbackends',
  'xact_commit',
  'xact_rollback',
  'blks_read',
  'blks_hit',
  'tup_returned',
  'tup_fetched',
  'tup_inserted',
  'tup_updated',
  'tup_deleted',
  'conflicts',
  'temp_files',
  'temp_bytes',
  'deadlocks',
] as const;

export const DATABASES_QUERY = `
SELECT s.datname, age(d.datfrozenxid)::float8 AS frozen_age,
       ${DATABASE_COLUMNS.map((column) => `s.${column}::float8`).join(', ')}
FROM pg_stat_database s JOIN pg_database d ON d.oid = s.datid
WHERE NOT d.datistemplate`;

/** Backends by database and state. Only for a member of pg_monitor: to others the state of most is hidden. */
export const ACTIVITY_QUERY = `
SELECT coalesce(datname, '') AS datname, coalesce(state, 'unknown') AS state, count(*)::float8 AS count,
       coalesce(max(extract(epoch FROM now() - xact_start)), 0)::float8 AS longest_seconds
FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
GROUP BY 1, 2`;

/** The longest transaction of a client, whether it works or waits for its client. */
export const LONGEST_QUERY = `
SELECT pid, coalesce(datname, '') AS datname, coalesce(usename, '') AS usename,
       coalesce(application_name, '') AS application, state,
       extract(epoch FROM now() - xact_start)::float8 AS seconds, left(query, 200) AS query
FROM pg_stat_activity
WHERE backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
ORDER BY xact_start LIMIT 1`;

/** Who waits for the lock of whom, the longest first. */
export const BLOCKED_QUERY = `
SELECT w.pid, coalesce(w.usename, '') AS usename, left(coalesce(w.query, ''), 200) AS query,
       extract(epoch FROM now() - coalesce(w.state_change, w.query_start))::float8 AS seconds,
       b.pid AS blocker_pid, coalesce(b.usename, '') AS blocker_user, coalesce(b.application_name, '') AS blocker_application,
       coalesce(b.state, '') AS blocker_state, left(coalesce(b.query, ''), 200) AS blocker_query
FROM pg_stat_activity w
CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS blocking (pid)
LEFT JOIN pg_stat_activity b ON b.pid = blocking.pid
WHERE w.wait_event_type = 'Lock'
ORDER BY seconds DESC NULLS LAST LIMIT 20`;

export const LOCKS_QUERY = `
SELECT coalesce(d.datname, '') AS datname, lower(l.mode) AS mode, count(*)::float8 AS count
FROM pg_locks l LEFT JOIN pg_database d ON d.oid = l.database
WHERE l.pid <> pg_backend_pid()
GROUP BY 1, 2`;

/** Standby servers of this one. */
export const REPLICAS_QUERY = `
SELECT coalesce(application_name, '') AS application_name, coalesce(host(client_addr), '') AS client_addr,
       coalesce(state, '') AS state,
       pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END,
                       replay_lsn)::float8 AS lag_bytes,
       extract(epoch FROM replay_lag)::float8 AS lag_seconds
FROM pg_stat_replication`;

/** The statements that took the most time. The columns have other names before version 13. */
export function statementsQuery(versionNumber: number): string {
  const [total, mean] = versionNumber >= 130_000 ? ['total_exec_time', 'mean_exec_time'] : ['total_time', 'mean_time'];
  return `
SELECT s.queryid::text AS queryid, coalesce(d.datname, '') AS datname, coalesce(r.rolname, '') AS usename,
       s.calls::float8 AS calls, (s.${total} / 1000)::float8 AS seconds, (s.${mean} / 1000)::float8 AS mean_seconds,
       s.rows::float8 AS rows, left(s.query, 200) AS query
FROM pg_stat_statements s
LEFT JOIN pg_database d ON d.oid = s.dbid
LEFT JOIN pg_roles r ON r.oid = s.userid
WHERE s.queryid IS NOT NULL
ORDER BY s.${total} DESC LIMIT 10`;
}
