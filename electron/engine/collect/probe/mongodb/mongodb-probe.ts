import { formatAddress, formatDuration } from '../../../config/index.ts';
import type { MongodbCheckConfig } from '../../../config/index.ts';
import { connectSocket, strictOptions } from '../connect-socket.ts';
import type { CreateProbe } from '../probe.ts';
import { ProbeFailure } from '../run-probe.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { runService, verdict, worstOf } from '../run-service.ts';
import { logIn, speakMongodb } from './mongodb-connection.ts';
import type { MongoDocument, MongodbConnection } from './mongodb-connection.ts';

/** Asks `hello`, `ping`, `serverStatus` and, of a member of a set, how far it is behind. Names of mongodb_exporter. */
export const createMongodbProbe: CreateProbe<MongodbCheckConfig> = (config, timeoutMs, { clock, revealSecret }) => {
  const address = formatAddress(config.server);
  const setting = { clock, address, timeoutMs, thresholds: config.thresholds };
  return {
    run: (signal) =>
      runService(setting, signal, async (run) => {
        const { user, password, authSource } = config;
        const secret = password === null ? null : await revealSecret(password);
        if (secret?.ok === false) throw new ProbeFailure('unknown', 'secret', secret.message);
        const secure = await strictOptions(config.tls, config.server.host, revealSecret);
        run.awaited = 'took no connection';
        const socket = await connectSocket(config.server, secure, signal);
        run.remoteAddress = socket.remoteAddress ?? null;
        run.awaited = 'took the connection and did not answer';
        const connection = await speakMongodb(socket, address);
        try {
          const hello = await ask(connection, { hello: 1, client: { application: { name: 'vedette' } } }, address);
          if (user !== null) await logIn(connection, { user, password: secret?.value ?? '', authSource, address });
          await ask(connection, { ping: 1 }, address);
          run.add('mongodb_up', 1);
          return worstOf([
            ...judgeMember(hello, address, run),
            ...(await addStatus(connection, address, run)),
            ...(typeof hello['setName'] === 'string' ? await judgeLag(connection, config, address, run) : []),
          ]);
        } finally {
          connection.end();
        }
      }),
  };
};

/** Source: MongoDB manual, "Error Codes". */
const UNAUTHORIZED = 13;

async function ask(connection: MongodbConnection, command: MongoDocument, address: string): Promise<MongoDocument> {
  const answer = await connection.command('admin', command);
  if (answer['ok'] === 1) return answer;
  const { code, errmsg } = answer as { code?: unknown; errmsg?: unknown };
  const words = typeof errmsg === 'string' ? errmsg : 'no reason';
  if (code === UNAUTHORIZED) throw new ProbeFailure('unknown', 'auth', `${address} wants a login: ${words}.`);
  throw new ProbeFailure('degraded', 'answer', `${address} answered ${Object.keys(command)[0] ?? ''} with: ${words}.`);
}

/** The answer to a question that needs the role clusterMonitor; null without it. */
async function askAsMonitor(connection: MongodbConnection, command: MongoDocument): Promise<MongoDocument | null> {
  const answer = await connection.command('admin', command);
  return answer['ok'] === 1 ? answer : null;
}

function judgeMember(hello: MongoDocument, address: string, run: ProbeRun): Verdict[] {
  const set = hello['setName'];
  if (typeof set !== 'string') {
    run.note('role', hello['msg'] === 'isdbgrid' ? 'mongos' : 'standalone');
    return [];
  }
  const isPrimary = hello['isWritablePrimary'] === true;
  const role = isPrimary ? 'primary' : hello['secondary'] === true ? 'secondary' : hello['arbiterOnly'] === true ? 'arbiter' : null; // prettier-ignore
  run.note('role', role ?? 'not ready');
  run.note('replicaSet', set);
  if (role === null) {
    return [verdict('degraded', 'member', `${address} is a member of "${set}" and neither primary nor secondary now.`)];
  }
  if (typeof hello['primary'] === 'string') return [];
  return [
    verdict('degraded', 'primary', `${address}: the set "${set}" has no primary, so that nothing can be written.`),
  ];
}

async function addStatus(connection: MongodbConnection, address: string, run: ProbeRun): Promise<Verdict[]> {
  const status = await askAsMonitor(connection, { serverStatus: 1, repl: 0, metrics: 0, locks: 0 });
  if (status === null) {
    run.note('missingRole', 'clusterMonitor: connections, operations and replication are hidden');
    return [];
  }
  const { version, uptime, connections, opcounters, globalLock, mem } = status as Readonly<
    Record<string, MongoDocument>
  > & {
    readonly version?: unknown;
    readonly uptime?: unknown;
  };
  if (typeof version === 'string') {
    run.note('version', version);
    run.add('mongodb_version_info', 1, { mongodb: version });
  }
  if (typeof uptime === 'number') run.add('mongodb_ss_uptime', uptime);
  addNumbers(run, 'mongodb_ss_connections', 'conn_type', connections);
  addNumbers(run, 'mongodb_ss_opcounters', 'legacy_op_type', opcounters);
  addNumbers(run, 'mongodb_ss_globalLock_currentQueue', 'count_type', globalLock?.['currentQueue']);
  const residentMib = mem?.['resident'];
  if (typeof residentMib === 'number') run.add('mongodb_ss_mem_resident', residentMib);
  const { current, available } = connections ?? {};
  if (typeof current !== 'number' || typeof available !== 'number') return [];
  run.note('connections', `${String(current)} / ${String(current + available)}`);
  if (available > (current + available) * 0.1) return [];
  const message = `${address} has ${String(current)} of ${String(current + available)} connections in use.`;
  return [verdict('degraded', 'connections', message)];
}

function addNumbers(run: ProbeRun, name: string, label: string, values: unknown): void {
  for (const [key, value] of Object.entries((values ?? {}) as MongoDocument)) {
    if (typeof value === 'number') run.add(name, value, { [label]: key });
  }
}

interface Member {
  readonly name: string;
  readonly stateStr: string;
  readonly self?: boolean;
  readonly optimeDate?: Date;
}

async function judgeLag(
  connection: MongodbConnection,
  { maxReplicationLagMs }: MongodbCheckConfig,
  address: string,
  run: ProbeRun,
): Promise<Verdict[]> {
  const status = await askAsMonitor(connection, { replSetGetStatus: 1 });
  const members = (status?.['members'] ?? []) as readonly Member[];
  const own = members.find(({ self }) => self === true);
  const primary = members.find(({ stateStr }) => stateStr === 'PRIMARY');
  if (own?.stateStr !== 'SECONDARY' || !(own.optimeDate instanceof Date) || !(primary?.optimeDate instanceof Date)) {
    return [];
  }
  const lagMs = Math.max(0, primary.optimeDate.getTime() - own.optimeDate.getTime());
  run.add('mongodb_mongod_replset_member_replication_lag', lagMs / 1000, { name: own.name, state: own.stateStr });
  if (lagMs <= maxReplicationLagMs) return [];
  const message = `${address} is ${formatDuration(Math.floor(lagMs / 1000) * 1000)} behind its primary ${primary.name}.`;
  return [verdict('degraded', 'replication', message)];
}
