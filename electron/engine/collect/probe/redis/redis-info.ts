/** The answer of INFO: `key:value` lines; `# Server` headings are left out. */
export type RedisInfo = Readonly<Record<string, string>>;

export function parseRedisInfo(text: string): RedisInfo {
  const info: Record<string, string> = {};
  for (const line of text.split('\r\n')) {
    const at = line.indexOf(':');
    if (at > 0 && !line.startsWith('#')) info[line.slice(0, at)] = line.slice(at + 1);
  }
  return info;
}

/** Fields of INFO and the metric that redis_exporter makes of each. */
const METRICS: readonly (readonly [field: string, metric: string])[] = [
  ['uptime_in_seconds', 'redis_uptime_in_seconds'],
  ['connected_clients', 'redis_connected_clients'],
  ['blocked_clients', 'redis_blocked_clients'],
  ['maxclients', 'redis_max_clients'],
  ['used_memory', 'redis_memory_used_bytes'],
  ['used_memory_rss', 'redis_memory_used_rss_bytes'],
  ['maxmemory', 'redis_memory_max_bytes'],
  ['mem_fragmentation_ratio', 'redis_mem_fragmentation_ratio'],
  ['total_connections_received', 'redis_connections_received_total'],
  ['rejected_connections', 'redis_rejected_connections_total'],
  ['total_commands_processed', 'redis_commands_processed_total'],
  ['instantaneous_ops_per_sec', 'redis_instantaneous_ops_per_sec'],
  ['total_net_input_bytes', 'redis_net_input_bytes_total'],
  ['total_net_output_bytes', 'redis_net_output_bytes_total'],
  ['expired_keys', 'redis_expired_keys_total'],
  ['evicted_keys', 'redis_evicted_keys_total'],
  ['keyspace_hits', 'redis_keyspace_hits_total'],
  ['keyspace_misses', 'redis_keyspace_misses_total'],
  ['connected_slaves', 'redis_connected_slaves'],
  ['master_repl_offset', 'redis_master_repl_offset'],
  ['master_last_io_seconds_ago', 'redis_master_last_io_seconds_ago'],
  ['slave_repl_offset', 'redis_slave_repl_offset'],
  ['loading', 'redis_loading_dump_file'],
  ['rdb_changes_since_last_save', 'redis_rdb_changes_since_last_save'],
  ['rdb_last_save_time', 'redis_rdb_last_save_timestamp_seconds'],
  ['latest_fork_usec', 'redis_latest_fork_usec'],
];

/** Fields whose value is a word, and the word that makes the metric 1. */
const FLAGS: readonly (readonly [field: string, metric: string, good: string])[] = [
  ['master_link_status', 'redis_master_link_up', 'up'],
  ['rdb_last_bgsave_status', 'redis_rdb_last_bgsave_status', 'ok'],
  ['aof_last_write_status', 'redis_aof_last_write_status', 'ok'],
];

/** Write INFO as redis_exporter does. What the server does not tell is left out. */
export function addRedisSamples(
  info: RedisInfo,
  add: (name: string, value: number, labels?: Readonly<Record<string, string>>) => void,
): void {
  const { redis_version: version = '', role = '', redis_mode: mode = '', os = '' } = info;
  add('redis_instance_info', 1, { redis_version: version, role, redis_mode: mode, os });
  for (const [field, metric] of METRICS) {
    const value = info[field];
    if (value !== undefined && Number.isFinite(Number(value))) add(metric, Number(value));
  }
  for (const [field, metric, good] of FLAGS) {
    if (info[field] !== undefined) add(metric, info[field] === good ? 1 : 0);
  }
  for (const [field, value] of Object.entries(info)) {
    const [, keys, expiring] = /^keys=(\d+),expires=(\d+)/.exec(value) ?? [];
    if (!/^db\d+$/.test(field) || keys === undefined) continue;
    add('redis_db_keys', Number(keys), { db: field });
    add('redis_db_keys_expiring', Number(expiring), { db: field });
  }
}
