/** `SHOW GLOBAL STATUS` by lower-case name. */
export type MysqlStatus = Readonly<Record<string, string>>;

/** The part of the status that is read: the whole of it has some 500 lines. */
export const STATUS_NAMES = [
  'Aborted_clients',
  'Aborted_connects',
  'Bytes_received',
  'Bytes_sent',
  'Connections',
  'Created_tmp_disk_tables',
  'Handler_read_rnd_next',
  'Innodb_buffer_pool_bytes_data',
  'Innodb_buffer_pool_pages_free',
  'Innodb_buffer_pool_read_requests',
  'Innodb_buffer_pool_reads',
  'Innodb_deadlocks',
  'Innodb_row_lock_current_waits',
  'Innodb_row_lock_time',
  'Innodb_row_lock_waits',
  'Max_used_connections',
  'Open_files',
  'Open_tables',
  'Queries',
  'Questions',
  'Slow_queries',
  'Table_locks_waited',
  'Threads_connected',
  'Threads_created',
  'Threads_running',
  'Uptime',
] as const;

/** Statements that are counted under `mysql_global_status_commands_total`. */
const COMMANDS = ['select', 'insert', 'update', 'delete', 'replace', 'commit', 'rollback'] as const;

const quoted = [...STATUS_NAMES, ...COMMANDS.map((command) => `Com_${command}`)].map((name) => `'${name}'`);
export const STATUS_QUERY = `SHOW GLOBAL STATUS WHERE Variable_name IN (${quoted.join(', ')})`;
export const VARIABLES_QUERY = `SHOW GLOBAL VARIABLES WHERE Variable_name IN
  ('max_connections', 'read_only', 'super_read_only', 'innodb_buffer_pool_size', 'version', 'version_comment',
   'innodb_version')`;

export function statusFrom(rows: readonly Readonly<Record<string, unknown>>[]): MysqlStatus {
  return Object.fromEntries(rows.map((row) => [String(row['Variable_name']).toLowerCase(), String(row['Value'])]));
}

/** Write status and variables as mysqld_exporter does. */
export function addMysqlSamples(
  status: MysqlStatus,
  variables: MysqlStatus,
  add: (name: string, value: number, labels?: Readonly<Record<string, string>>) => void,
): void {
  const { version = '', version_comment = '', innodb_version = '' } = variables;
  add('mysql_version_info', 1, { version, version_comment, innodb_version });
  for (const [name, text] of Object.entries(status)) {
    const value = Number(text);
    if (!Number.isFinite(value)) continue;
    if (name.startsWith('com_')) add('mysql_global_status_commands_total', value, { command: name.slice(4) });
    else add(`mysql_global_status_${name}`, value);
  }
  for (const name of ['max_connections', 'read_only', 'super_read_only', 'innodb_buffer_pool_size']) {
    const text = variables[name];
    if (text !== undefined)
      add(`mysql_global_variables_${name}`, text === 'ON' ? 1 : text === 'OFF' ? 0 : Number(text));
  }
}
