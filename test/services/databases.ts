import { chownSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, runServer, runToEnd } from './run-server.ts';
import type { RunningServer, ServerPlace } from './run-server.ts';

export const PASSWORD = 'correct horse';

/** Whether something listens and takes a connection. */
export function takesConnections({ port }: ServerPlace): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

/** Debian's redis-server. */
export function startRedis(...args: readonly string[]): Promise<RunningServer> {
  return runServer({
    program: '/usr/bin/redis-server',
    args: ({ port, folder }) => ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...args],
    isReady: takesConnections,
  });
}

const POSTGRES = '/usr/lib/postgresql';

/** Debian's PostgreSQL with the superuser `postgres` and {@link PASSWORD}. */
export function startPostgresql(...settings: readonly string[]): Promise<RunningServer> {
  const folder = join(POSTGRES, readdirSync(POSTGRES).sort().at(-1) ?? '', 'bin');
  return runServer({
    program: join(folder, 'postgres'),
    user: 'postgres',
    async prepare(place) {
      const passwordFile = join(place.folder, 'password');
      writeFileSync(passwordFile, PASSWORD);
      if (place.account.uid !== undefined) chownSync(passwordFile, place.account.uid, place.account.gid ?? 0);
      const data = join(place.folder, 'data');
      const args = [
        '-D',
        data,
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-N',
        '-E',
        'UTF8',
      ];
      await runToEnd(join(folder, 'initdb'), args, place);
    },
    args: (place) => [
      ...['-D', join(place.folder, 'data'), '-p', String(place.port), '-k', place.folder, '-h', '127.0.0.1'],
      ...['-c', 'fsync=off', '-c', 'shared_preload_libraries=pg_stat_statements'],
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    isReady: takesConnections,
  });
}

/** Debian's MariaDB; its superuser `root` has no password. */
export function startMariadb(...settings: readonly string[]): Promise<RunningServer> {
  return runServer({
    program: '/usr/sbin/mariadbd',
    user: 'mysql',
    async prepare(place) {
      const args = [
        '--no-defaults',
        `--datadir=${join(place.folder, 'data')}`,
        '--auth-root-authentication-method=normal',
      ];
      await runToEnd('/usr/bin/mariadb-install-db', [...args, '--skip-test-db'], place);
    },
    args: ({ port, folder }) => [
      ...['--no-defaults', `--datadir=${join(folder, 'data')}`, `--port=${String(port)}`, '--bind-address=127.0.0.1'],
      ...[
        `--socket=${join(folder, 'socket')}`,
        `--pid-file=${join(folder, 'pid')}`,
        '--innodb-flush-log-at-trx-commit=0',
      ],
      ...settings,
    ],
    isReady: takesConnections,
  });
}

export interface RabbitmqServer extends RunningServer {
  /** Of the management API; the user is `guest` with the password `guest`. */
  readonly managementUrl: string;
}

/** Debian's RabbitMQ with the management plugin. `port` is that of AMQP. */
export async function startRabbitmq(): Promise<RabbitmqServer> {
  const [management, distribution, mapper] = [await freePort(), await freePort(), await freePort()];
  const managementUrl = `http://127.0.0.1:${String(management)}`;
  const environment = ({ port, folder }: ServerPlace): Record<string, string> => ({
    HOME: folder,
    RABBITMQ_NODENAME: `vedette${String(port)}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(mapper),
  });
  const server = await runServer({
    program: '/usr/lib/rabbitmq/bin/rabbitmq-server',
    user: 'rabbitmq',
    prepare({ folder }) {
      writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management].');
      const lines = ['management.tcp.ip = 127.0.0.1', `management.tcp.port = ${String(management)}`];
      writeFileSync(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`);
      return Promise.resolve();
    },
    args: () => [],
    environment,
    async isReady() {
      const authorization = `Basic ${Buffer.from('guest:guest').toString('base64')}`;
      const answer = await fetch(`${managementUrl}/api/overview`, { headers: { authorization } }).catch(() => null);
      return answer?.status === 200;
    },
    // The daemon that maps names of nodes to ports outlives the server.
    cleanUp: async (place) => {
      await runToEnd('/usr/bin/epmd', ['-kill'], { account: place.account, environment: environment(place) });
    },
  });
  return { ...server, managementUrl };
}
