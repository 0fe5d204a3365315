import { formatAddress } from '../../../config/index.ts';
import type { RedisCheckConfig } from '../../../config/index.ts';
import type { CreateProbe } from '../probe.ts';
import { UP } from '../run-probe.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { runService, verdict, worstOf } from '../run-service.ts';
import { acceptOnly, openRedis } from './open-redis.ts';
import { addRedisSamples, parseRedisInfo } from './redis-info.ts';
import type { RedisInfo } from './redis-info.ts';
import { RespError } from './resp-connection.ts';
import type { RespConnection } from './resp-connection.ts';

/** Asks PING and INFO of a Redis server, or of one that speaks its protocol (Valkey, KeyDB). */
export const createRedisProbe: CreateProbe<RedisCheckConfig> = (config, timeoutMs, { clock, revealSecret }) => {
  const address = formatAddress(config.server);
  const setting = { clock, address, timeoutMs, thresholds: config.thresholds };
  return {
    run: (signal) =>
      runService(setting, signal, async (run) => {
        const connection = await openRedis(config, address, run, revealSecret);
        try {
          return await ask(connection, address, run);
        } finally {
          connection.end();
        }
      }),
  };
};

async function ask(connection: RespConnection, address: string, run: ProbeRun): Promise<Verdict> {
  const pong = acceptOnly(await connection.command('PING'), address);
  if (pong !== 'PONG') return verdict('down', 'protocol', `${address} does not answer PING as Redis does.`);
  run.add('redis_up', 1);
  run.awaited = 'answered PING and did not finish the answer to INFO';
  const answer = await connection.command('INFO');
  if (answer instanceof RespError && answer.code === 'NOPERM') {
    run.note('notAllowed', 'INFO');
    return UP;
  }
  const text = acceptOnly(answer, address);
  const info = parseRedisInfo(typeof text === 'string' ? text : '');
  addRedisSamples(info, (name, value, labels) => {
    run.add(name, value, labels);
  });
  noteFacts(info, run);
  return judge(info, address);
}

function noteFacts(info: RedisInfo, run: ProbeRun): void {
  const facts: readonly (readonly [name: string, field: string])[] = [
    ['version', 'redis_version'],
    ['role', 'role'],
    ['clients', 'connected_clients'],
    ['memory', 'used_memory_human'],
    ['master', 'master_host'],
    ['replicas', 'connected_slaves'],
  ];
  for (const [name, field] of facts) {
    const value = info[field];
    if (value !== undefined) run.note(name, value);
  }
}

/** A server that answers and does not do all of its work is degraded. */
function judge(info: RedisInfo, address: string): Verdict {
  const verdicts: Verdict[] = [];
  const degraded = (code: string, message: string): void => void verdicts.push(verdict('degraded', code, message));
  if (info['loading'] === '1') degraded('loading', `${address} is loading its data into memory.`);
  if (info['master_link_status'] === 'down') {
    const master = `${info['master_host'] ?? 'its master'}:${info['master_port'] ?? ''}`;
    degraded('master', `${address} is a replica and has lost the connection to its master ${master}.`);
  }
  if (info['rdb_last_bgsave_status'] === 'err') {
    degraded('persistence', `${address} could not save its data at the last attempt. Look at its log and its disk.`);
  }
  if (info['aof_last_write_status'] === 'err') {
    degraded('persistence', `${address} could not write its append-only file. Look at its log and its disk.`);
  }
  return worstOf(verdicts);
}
